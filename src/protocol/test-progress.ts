/** How far tests have come while they run. Told to whoever watches, not journaled: the report of the whole is. */

export interface TestProgress {
  /** What the runner counts while it runs: tests, or only the files that hold them. */
  readonly unit: 'tests' | 'files';
  readonly done: number;
  readonly failed: number;
  /** How many there are, where the runner says so. */
  readonly total?: number;
}
