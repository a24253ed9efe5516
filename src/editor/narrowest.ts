/** The smallest single replacement that turns one text into the other: cursors and folds elsewhere stay. */
export function narrowest(from: string, to: string): { start: number; end: number; text: string } {
  const shorter = Math.min(from.length, to.length);
  let start = 0;
  while (start < shorter && from[start] === to[start]) start++;
  let tail = 0;
  while (tail < shorter - start && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  // Never between the two characters of a line end.
  if (from[start - 1] === '\r') start--;
  if (from[from.length - tail] === '\n' && tail > 0) tail--;
  return { start, end: from.length - tail, text: to.slice(start, to.length - tail) };
}
