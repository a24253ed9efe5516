/** What else a project asks of a change, and how its answer is read. */
import type { CheckKind } from '../../../protocol/qa-settings.ts';

/** A machine format that was asked for. `github`: lines such as `::error file=a.ts,line=1::message`. */
export type CheckFormat = 'eslint' | 'ruff' | 'pyright' | 'cargo' | 'staticcheck' | 'github';

export interface Check {
  readonly kind: CheckKind;
  /** A command for a shell, as a person would type it. */
  readonly command: string;
  /** One sentence for people: where it was found. */
  readonly why: string;
  /** Tells it from others of its kind: `lint`, `mypy@services/api`. Absent in records of when there was one of each kind. */
  readonly id?: string;
  /** Where it runs, below the root; absent: the root. */
  readonly folder?: string;
  /** What is run so that it answers in `format`; absent: the command, which answers in words. */
  readonly run?: string;
  readonly format?: CheckFormat;
  /** How the files end that it may find fault with; absent: any. */
  readonly endings?: readonly string[];
  /** Folders of packages that its own depends on: what changes there may break it. */
  readonly leansOn?: readonly string[];
}

/** One fault in one place. */
export interface Finding {
  /** Relative to the folder of the run, with "/". */
  readonly path: string;
  /** One-based. */
  readonly line: number;
  /** What the program calls it, such as TS2322 or no-unused-vars. */
  readonly rule?: string;
  readonly message: string;
  /** The program itself says that it is no error; absent where it does not tell. */
  readonly warning?: boolean;
}

/** Its place among the checks of one tree; part of keys in the journal. */
export function checkKey({ kind, id }: Pick<Check, 'kind' | 'id'>): string {
  return id === undefined ? kind : `${kind}/${id}`;
}

/** The id of a program, or of a package's script. */
export function idOf(name: string, folder: string): string {
  return folder === '' ? name : `${name}@${folder}`;
}

/** For where people read it. */
export function commandIn({ command, folder }: Placed): string {
  return folder === undefined ? command : `${folder}: ${command}`;
}

interface Placed {
  readonly command: string;
  readonly folder?: string | undefined;
}
