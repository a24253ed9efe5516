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
}

function address(scheme: string, { run, revision, tree, path }: ReviewAddress): vscode.Uri {
  const query = new URLSearchParams({ run, revision: String(revision), tree }).toString();
  return vscode.Uri.from({ scheme, path: `/${path}`, query });
}

/** Left and right side of a file of the run's change set; `undefined` where there is no such set. */
export function reviewSides(
  view: RunView,
  path: string,
): { base: vscode.Uri; proposed: vscode.Uri } | undefined {
  if (view.changes === undefined) return undefined;
  const { revision, base, tree } = view.changes;
  return {
    base: address(BASE_SCHEME, { run: view.id, revision, tree: base, path }),
    proposed: address(PROPOSED_SCHEME, { run: view.id, revision, tree, path }),
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
  return { run, tree, revision, path: uri.path.slice(1) };
}
