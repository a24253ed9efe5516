/** The name that somebody most likely meant who typed another. */

/** Letters to type before a name is recognised by its beginning. */
const BEGINNING_CHARS_MIN = 3;

/** At most a third of the letters may be wrong, one in any case; undefined where none comes near. Of equals the first. */
export function nearestName(typed: string, names: readonly string[]): string | undefined {
  const far = Math.max(1, Math.floor(typed.length / 3));
  const near = names
    .map((name) => ({ name, wrong: lettersWrong(typed, name) }))
    .filter(({ wrong }) => wrong <= far)
    .sort((a, b) => a.wrong - b.wrong);
  const begun = typed.length < BEGINNING_CHARS_MIN ? undefined : names.find((name) => name.startsWith(typed));
  return near[0]?.name ?? begun;
}

/** Letters left out, too many, wrong, or swapped with their neighbour. */
function lettersWrong(a: string, b: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
      const ways = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + wrong];
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) ways.push((before[j - 2] ?? 0) + 1);
      row.push(Math.min(...ways));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
