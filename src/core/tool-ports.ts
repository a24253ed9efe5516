/** Needs of the outside that only tools have. A door that lacks one leaves it out; its tools then say so. */
import type { Enforced } from '../protocol/enforced.ts';
import type { Confinement } from './shell-port.ts';

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
  /** Paths that differ from the last commit in the index or by size or time, and those it does not hold and does not ignore. */
  changed(signal: AbortSignal): Promise<readonly string[]>;
}

/**
 * Commits in the person's repository, only where they asked for one. Their hooks and signing run as they have them; what else they have
 * staged stays staged. Errors: `commit.none`, `commit.busy`, `commit.branch`, `commit.nothing`, `commit.failed`, `git.missing`.
 */
export interface Commits {
  /** The branch that is checked out; undefined where there is none. */
  branch(): Promise<string | undefined>;
  /** Which of these files, as they read at some time, differ from the last commit; none where there is no repository. */
  differing(files: ReadonlyMap<string, Uint8Array | undefined>): Promise<readonly string[]>;
  commit(request: {
    /** Files as they are in the workspace, or that are no more; relative with "/". */
    readonly paths: readonly string[];
    readonly message: string;
    /** A branch to make first. */
    readonly branch?: string;
  }): Promise<{ readonly commit: string; readonly branch?: string | undefined }>;
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

/** A place in the person's workspace, as the editor's language servers see it. Line and character count from 1. */
export interface CodePlace {
  /** Relative to the workspace; `undefined` where the place lies outside of it, such as in a library. */
  readonly path: string | undefined;
  /** Name of the file, without its folders. */
  readonly file: string;
  readonly line: number;
  readonly character: number;
}

/**
 * The language servers of the editor. They see the person's files, unsaved text included, and not a working copy.
 * Errors: `languages.missing` (no such file in the workspace).
 */
export interface Languages {
  symbols(
    name: string,
    signal: AbortSignal,
  ): Promise<readonly (CodePlace & { readonly name: string; readonly kind: string })[]>;
  references(
    at: { readonly path: string; readonly line: number; readonly character: number },
    signal: AbortSignal,
  ): Promise<readonly CodePlace[]>;
  /** Of one file, or of all that the editor knows problems of. */
  diagnostics(
    path: string | undefined,
    signal: AbortSignal,
  ): Promise<
    readonly (CodePlace & { readonly severity: string; readonly message: string; readonly source: string })[]
  >;
  /** What they see of a file; `undefined` where there is none. */
  text(path: string): Promise<string | undefined>;
}

/** A tool of another program that the editor offers. */
export interface HostToolInfo {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its input. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Tools of MCP servers and extensions that run in the editor. Errors: `host.missing`, `host.failed`. */
export interface HostTools {
  find(name: string): HostToolInfo | undefined;
  /** The text that it gives; the editor checks the input and may ask the person by itself. */
  invoke(name: string, input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<string>;
}

/** A page to look at. Whoever asks has judged its address by `policy/local-urls.ts`. */
export interface PageRequest {
  readonly url: string;
  /** Text that must show before the page is read. */
  readonly waitFor?: string;
  /** Of the page's text; the rest is left out, and that is said. */
  readonly textCharsMax: number;
  /** From start to end, the browser's own start included. */
  readonly timeoutMs: number;
}

/** How the browser is started for one look. */
export interface BrowserStart {
  /** The person's choice; absent: the first one found. */
  readonly program?: string;
  /** Absolute path of an empty folder for its profile. */
  readonly profile: string;
  readonly confined: Confinement;
  /** The working copy whose background commands it reaches over the loopback. */
  readonly beside: string;
  readonly label: string;
}

/** What was seen of a page. Lists are bounded; each entry is one line. */
export interface PageSeen {
  /** Where it led in the end; "" where there is no page. */
  readonly url: string;
  readonly title: string;
  /** Of the page itself. */
  readonly status?: number;
  /** As a reader sees it. */
  readonly text: string;
  readonly console: readonly string[];
  /** Uncaught errors. */
  readonly errors: readonly string[];
  readonly failed: readonly string[];
  /** Requests that lead away from this machine: none of them was made. */
  readonly blocked: readonly string[];
  /** JPEG, as base64; absent where none could be taken. */
  readonly screenshot?: string;
  /** Why the page is not, or not all, there. */
  readonly problem?: string;
  readonly enforced: Enforced;
}

/**
 * A browser of this machine, headless, with a fresh profile, that reaches servers of this machine and nothing else. It is gone when the
 * call ends. Errors: `browser.missing`, `browser.failed` (says why), `sandbox.missing`; abort rejects with the signal's reason.
 */
export interface Browser {
  look(request: PageRequest, start: BrowserStart, signal: AbortSignal): Promise<PageSeen>;
}
