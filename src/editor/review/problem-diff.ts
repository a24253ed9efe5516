/** Problems of a file after a change, held against those before it. */

/** One problem as a language server tells it. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Who tells it, such as `ts`. */
  readonly source: string;
  readonly code: string;
  /** Zero-based. */
  readonly line: number;
}

/** Lines move; who tells what stays. */
const keyOf = ({ severity, message, source, code }: Problem): string =>
  JSON.stringify([severity, message, source, code]);

/** Those that were not there before; of several alike the last ones. */
export function freshProblems(before: readonly Problem[], now: readonly Problem[]): readonly Problem[] {
  const left = new Map<string, number>();
  for (const each of before) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  return [...now]
    .sort((a, b) => a.line - b.line)
    .filter((each) => {
      const count = left.get(keyOf(each)) ?? 0;
      left.set(keyOf(each), count - 1);
      return count <= 0;
    });
}
