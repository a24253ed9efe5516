/** A command line as simple commands: what the readers of command lines agree on. */

export interface Word {
  readonly text: string;
  /** Holds an unquoted wildcard. */
  readonly glob: boolean;
  /**
   * Absent: the shell makes just this text of it. `number`: digits stand where it reads 0. `tame`: names or numbers of the working
   * copy, or nothing at all. `unknown`: anything.
   */
  readonly certain?: 'number' | 'tame' | 'unknown';
}
export interface Redirect {
  readonly operator: string;
  readonly target: Word;
}
export interface SimpleCommand {
  readonly assigned: readonly (readonly [name: string, value: string])[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  /** Reads the output of the command before it; `names`: which prints names of the working copy only. */
  readonly piped: boolean | 'names';
  /** Folders of the working copy that it may run in; `undefined`: it cannot be told. */
  readonly folders: readonly string[] | undefined;
  /** What is written into it by a here-document or string; `null`: something, it cannot be told what. */
  readonly input?: string | null;
}
export type Reading =
  | { readonly ok: true; readonly commands: readonly SimpleCommand[] }
  | { readonly ok: false; readonly why: string };
