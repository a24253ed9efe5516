/** Needs of the outside that only tools have. A door that lacks one leaves it out; its tools then say so. */

/** What part of the history is told. Paths are confined and relative to the workspace; none means all of it. */
export interface HistoryQuery {
  readonly paths: readonly string[];
  /** Longest text, in characters; what is left out is named at its end. */
  readonly charsMax: number;
}

/**
 * The history of the person's repository, read only: nothing of theirs is written, locked or run. Revisions are judged by
 * `policy/revisions.ts` before they come here. Files where keys are kept are left out of patches.
 * Errors: `history.none` (no repository, or none with a commit), `history.unknown` (no such revision), `git.missing`.
 */
export interface History {
  /** One commit after the other, newest first, with its message. */
  log(
    query: HistoryQuery & { readonly from: string; readonly max: number },
    signal: AbortSignal,
  ): Promise<string>;
  /** A commit's message and what it changed; without `patch`, how much in which file. */
  show(
    query: HistoryQuery & { readonly commit: string; readonly patch: boolean },
    signal: AbortSignal,
  ): Promise<string>;
  /** What differs between two commits. */
  diff(
    query: HistoryQuery & { readonly from: string; readonly to: string },
    signal: AbortSignal,
  ): Promise<string>;
}
