/** The objects of an output that may be JSON, JSON lines, or either among other words; what is cut off is left out. */

const OBJECTS_MAX = 20_000;

/** Outermost objects, in order. One array around them all is looked into; what cannot be parsed is skipped. */
export function objectsIn(text: string): readonly unknown[] {
  const found: unknown[] = [];
  const starts = /^[ \t]{0,200}(?:\[\s{0,200})?\{/gm;
  let from = 0;
  while (found.length < OBJECTS_MAX) {
    starts.lastIndex = from;
    const start = starts.exec(text);
    if (start === null) break;
    from = elementsFrom(text, start.index + start[0].length - 1, found);
  }
  return found;
}

/** Takes objects that follow one another, as in an array; returns where it came to. */
function elementsFrom(text: string, at: number, found: unknown[]): number {
  let next = at;
  while (found.length < OBJECTS_MAX) {
    const end = endOf(text, next);
    if (end === undefined) return text.length;
    try {
      found.push(JSON.parse(text.slice(next, end)));
    } catch {
      return next + 1;
    }
    const more = /^\s*,\s*(?=\{)/.exec(text.slice(end, end + GAP_MAX));
    if (more === null) return end;
    next = end + more[0].length;
  }
  return next;
}

/** White space between two elements that is looked over. */
const GAP_MAX = 200;

/** Behind the brace that closes the one at `at`; `undefined` where the text ends before. */
function endOf(text: string, at: number): number | undefined {
  let depth = 0;
  let isQuoted = false;
  for (let index = at; index < text.length; index++) {
    const char = text[index];
    if (isQuoted) {
      if (char === '\\') index += 1;
      else if (char === '"') isQuoted = false;
      continue;
    }
    if (char === '"') isQuoted = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return index + 1;
    }
  }
  return undefined;
}
