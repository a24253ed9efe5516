/** Where the values of a JSON text stand, so that one can be replaced and the rest stays byte for byte. The text has to be valid JSON. */

/** [start, end) of a value in its text. */
export interface JsonSpan {
  readonly start: number;
  readonly end: number;
}

/** The values of the object that begins at `at`, by name. Of a repeated name the last one, as `JSON.parse` has it. */
export function membersAt(json: string, at: number): ReadonlyMap<string, JsonSpan> {
  const members = new Map<string, JsonSpan>();
  for (let next = afterBlank(json, at + 1); json[next] === '"';) {
    const nameEnd = endOfString(json, next);
    const name = JSON.parse(json.slice(next, nameEnd)) as string;
    const value = spanAt(json, afterBlank(json, nameEnd) + 1);
    members.set(name, value);
    next = afterComma(json, value.end);
  }
  return members;
}

/** The items of the list that begins at `at`. */
export function itemsAt(json: string, at: number): readonly JsonSpan[] {
  const items: JsonSpan[] = [];
  for (let next = afterBlank(json, at + 1); next < json.length && json[next] !== ']';) {
    const item = spanAt(json, next);
    items.push(item);
    next = afterComma(json, item.end);
  }
  return items;
}

/** The value that follows the blanks at `at`. */
export function spanAt(json: string, at: number): JsonSpan {
  const start = afterBlank(json, at);
  return { start, end: endOfValue(json, start) };
}

const afterBlank = (json: string, at: number): number => {
  let next = at;
  while (' \t\r\n'.includes(json[next] ?? 'x')) next++;
  return next;
};

function afterComma(json: string, at: number): number {
  const next = afterBlank(json, at);
  return json[next] === ',' ? afterBlank(json, next + 1) : next;
}

function endOfValue(json: string, start: number): number {
  const first = json[start] ?? '';
  if (first === '"') return endOfString(json, start);
  return '{['.includes(first) ? endOfNest(json, start) : endOfWord(json, start);
}

/** Of a number, `true`, `false` or `null`. */
function endOfWord(json: string, start: number): number {
  let at = start;
  while (at < json.length && !' \t\r\n,}]'.includes(json[at] ?? '')) at++;
  return at;
}

function endOfNest(json: string, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; at++) {
    const sign = json[at] ?? '';
    if (sign === '"') at = endOfString(json, at) - 1;
    else if ('{['.includes(sign)) depth++;
    else if ('}]'.includes(sign)) depth--;
    if (depth === 0) return at + 1;
  }
  return json.length;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
