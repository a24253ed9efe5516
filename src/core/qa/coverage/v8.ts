/** Coverage as V8 writes it for every process of Node that is asked by `NODE_V8_COVERAGE`. Nothing is installed for it. */
import * as z from 'zod';
import { jsonOf, saysNothing, type LinesRan } from './lines.ts';

/** Runners whose sources Node runs as they are written, so that V8's places are places in them. */
export const V8_RUNNERS: readonly string[] = ['node', 'mocha', 'ava', 'tap', 'tape'];

const Range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() });
const Script = z.object({
  url: z.string(),
  functions: z.array(z.object({ ranges: z.array(Range) })),
});
const Written = z.object({
  result: z.array(z.unknown()),
  'source-map-cache': z.record(z.string(), z.object({ data: z.unknown() })).optional(),
});

/** A part of a script and how often it ran. Offsets are in characters of its source. */
export type Ran = z.infer<typeof Range>;

/** What one process ran of the files below `root`, by path; none where the text cannot be read. What was translated before it ran is left out. */
export function readV8(text: string, root: string): ReadonlyMap<string, readonly Ran[]> {
  const found = new Map<string, readonly Ran[]>();
  const written = Written.safeParse(jsonOf(text));
  if (!written.success) return found;
  const maps = written.data['source-map-cache'] ?? {};
  for (const each of written.data.result) {
    const script = Script.safeParse(each);
    const path = script.success ? pathOf(script.data.url, root) : undefined;
    if (!script.success || path === undefined) continue;
    if (maps[script.data.url]?.data !== undefined && maps[script.data.url]?.data !== null) continue;
    found.set(path, outerFirst(script.data.functions.flatMap(({ ranges }) => ranges)));
  }
  return found;
}

function pathOf(url: string, root: string): string | undefined {
  if (!url.startsWith('file://')) return undefined;
  const path = decoded(url.slice('file://'.length).replace(/[?#].*$/, ''));
  if (path === undefined) return undefined;
  const folder = `${root.replaceAll('\\', '/').replace(/\/$/, '')}/`;
  const plain = /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
  return plain.startsWith(folder) ? plain.slice(folder.length) : undefined;
}

/** Whatever the tests run may have written the file. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

const outerFirst = (ranges: readonly Ran[]): readonly Ran[] =>
  ranges.toSorted((one, other) => one.startOffset - other.startOffset || other.endOffset - one.endOffset);

/** What ran of a source, in any of these processes. */
export function linesRan(source: string, processes: readonly (readonly Ran[])[]): LinesRan {
  const lines: (boolean | undefined)[] = [undefined];
  let at = 0;
  for (const text of source.split('\n')) {
    const code = text.trim();
    const start = at + text.indexOf(code);
    const end = start + code.length;
    at += text.length + 1;
    lines.push(saysNothing(code) ? undefined : processes.some((ran) => didRun(ran, start, end)));
  }
  return lines;
}

/** The innermost part that holds the whole line decides. */
function didRun(ran: readonly Ran[], start: number, end: number): boolean {
  const around = ran.filter(({ startOffset, endOffset }) => startOffset <= start && endOffset >= end);
  return (around.at(-1)?.count ?? 0) > 0;
}
