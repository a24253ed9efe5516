/** Addresses of the two sides of a review: `quartet-base:/src/a.js?run=…&revision=…&tree=…`, likewise `quartet-proposed`. */
import * as vscode from 'vscode';
import type { RunView } from '../../protocol/view.ts';

export const BASE_SCHEME = 'quartet-base';
export const PROPOSED_SCHEME = 'quartet-proposed';

/** One side of one file of a change set. */
export interface ReviewAddress {
  readonly run: string;
  readonly revision: number;
  readonly tree: string;
  readonly path: string;
  /** True where this side has no such file: it was added or deleted. It reads as empty. */
  readonly isAbsent: boolean;
  /** The question about a conflict that this is a side of; absent in a review. */
  readonly signal?: string | undefined;
}

function address(scheme: string, { run, revision, tree, path, isAbsent, signal }: ReviewAddress): vscode.Uri {
  const query = new URLSearchParams({
    run,
    revision: String(revision),
    tree,
    ...(isAbsent && { absent: '1' }),
    ...(signal !== undefined && { signal }),
  });
  return vscode.Uri.from({ scheme, path: `/${path}`, query: query.toString() });
}

/** A file as a tree of the run holds it; nobody edits it. */
export function recordedFile(run: string, tree: string, path: string): vscode.Uri {
  return address(BASE_SCHEME, { run, revision: 0, tree, path, isAbsent: false });
}

export interface ReviewSides {
  readonly base: vscode.Uri;
  readonly proposed: vscode.Uri;
}

/** Left and right side of a file of the run's change set; `undefined` where it is not in there. */
export function reviewSides({ id: run, changes }: RunView, path: string): ReviewSides | undefined {
  const file = changes?.files.find((candidate) => candidate.path === path);
  if (changes === undefined || file === undefined) return undefined;
  const { revision, base, tree } = changes;
  return {
    base: address(BASE_SCHEME, { run, revision, tree: base, path, isAbsent: file.kind === 'added' }),
    proposed: address(PROPOSED_SCHEME, { run, revision, tree, path, isAbsent: file.kind === 'deleted' }),
  };
}

/** The same for a file in conflict: the person's own version, and the one with both versions marked. */
export function conflictSides(
  of: {
    readonly run: string;
    readonly revision: number;
    readonly signal: string;
    readonly conflict: { readonly ours: string; readonly marked: string };
  },
  path: string,
  absent: { readonly ours: boolean; readonly marked: boolean },
): ReviewSides {
  const { run, revision, signal, conflict } = of;
  const side = { run, revision, signal, path };
  return {
    base: address(BASE_SCHEME, { ...side, tree: conflict.ours, isAbsent: absent.ours }),
    proposed: address(PROPOSED_SCHEME, { ...side, tree: conflict.marked, isAbsent: absent.marked }),
  };
}

/** Errors: `FileNotFound` for an address that is not ours. */
export function parseAddress(uri: vscode.Uri): ReviewAddress {
  const query = new URLSearchParams(uri.query);
  const run = query.get('run');
  const tree = query.get('tree');
  const revision = Number(query.get('revision') ?? Number.NaN);
  if (run === null || tree === null || !Number.isInteger(revision))
    throw vscode.FileSystemError.FileNotFound(uri);
  const signal = query.get('signal') ?? undefined;
  return { run, tree, revision, path: uri.path.slice(1), isAbsent: query.has('absent'), signal };
}
