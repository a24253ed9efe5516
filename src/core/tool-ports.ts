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

/** One request. Whoever asks has judged its address. */
export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Of the reply's body, unpacked; the rest is not read. */
  readonly bytesMax: number;
  readonly timeoutMs: number;
  /** The person named this very server: it may be one of their own network. */
  readonly own?: boolean;
}
export interface HttpReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** True where the body is longer than was read. */
  readonly cut: boolean;
}

export interface Http {
  /**
   * One exchange; redirects are not followed, nothing is kept or sent beside what the request says. The name is resolved once, and only
   * a public address is connected to. Errors: `http.private`, `http.failed` (says why).
   */
  exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpReply>;
}
