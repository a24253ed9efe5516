/** The words of the `*** Begin Patch` format. */
import type { LineOp } from './line-ops.ts';

/** One hunk of an update. */
export interface PatchHunk {
  /** `@@` markers: lines to be found one after the other before the hunk. */
  readonly anchors: readonly string[];
  /** Line of the old file, from 1, if the hunk says one; a hint. */
  readonly oldLine?: number;
  /** How many lines of the old file the hunk says it covers; not trusted where it shows them. */
  readonly oldCount?: number;
  readonly ops: readonly LineOp[];
  /** Empty lines at the edges that may only separate this hunk from its neighbours. */
  readonly looseHead: number;
  readonly looseTail: number;
  /** The hunk reaches to the end of the file. */
  readonly endOfFile: boolean;
  /** Line of the patch, from 1. */
  readonly line: number;
}

/** What a patch asks for one file. `line` is a line of the patch, from 1. */
export type PatchSection =
  | { readonly action: 'add'; readonly path: string; readonly text: string; readonly line: number }
  | {
      readonly action: 'delete';
      readonly path: string;
      /** Lines that the file has to consist of, if the patch says so. */
      readonly expects?: readonly string[];
      readonly line: number;
    }
  | {
      readonly action: 'update';
      readonly path: string;
      readonly moveTo?: string;
      readonly hunks: readonly PatchHunk[];
      readonly line: number;
    };

export type PatchSyntaxCode =
  | 'no_begin'
  | 'no_end'
  | 'empty_patch'
  | 'bad_path'
  | 'bad_line'
  | 'bad_header'
  | 'empty_update'
  | 'empty_hunk';

/** Why a patch cannot be read. */
export interface PatchSyntaxError {
  readonly code: PatchSyntaxCode;
  readonly message: string;
  /** Line of the patch, from 1. */
  readonly line: number;
}

export type ParsedPatch =
  | { readonly ok: true; readonly sections: readonly PatchSection[] }
  | { readonly ok: false; readonly error: PatchSyntaxError };

/** The lines of the format that are not content. */
export const MARKS = {
  begin: /^\*{3}\s*begin\s+patch\s*(\*{3})?\s*$/iu,
  end: /^\*{3}\s*end\s+patch\s*(\*{3})?\s*$/iu,
  endOfFile: /^\*{3}\s*end\s+of\s+file\s*(\*{3})?\s*$/iu,
  header: /^\*{3}\s*(add|update|delete)\s+file\s*:(.*)$/iu,
  move: /^\*{3}\s*move\s+to\s*:(.*)$/iu,
  noNewline: /^\\ ?no newline/iu,
  range: /^@@\s*-(\d+)(?:,(\d+))?\s+\+\d+(?:,\d+)?\s*@@/u,
} as const;

/** A path as it is used everywhere: without blanks or quotes around it, "." and doubled slashes. It is not judged here. */
export function cleanPath(named: string): string {
  const trimmed = named.trim();
  const bare = /^(["'`])(.+)\1$/u.exec(trimmed)?.[2] ?? trimmed;
  const root = bare.startsWith('/') ? '/' : '';
  return (
    root +
    bare
      .split('/')
      .filter((name) => name !== '' && name !== '.')
      .join('/')
  );
}
