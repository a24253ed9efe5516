/** Three-way merge of one text. */
import { mergeRegions } from './merge-regions.ts';
import { shape, splitLines, unshape, withoutBom, type LineEnd, type Shaped } from './text-form.ts';

export interface MergeLabels {
  readonly ours: string;
  readonly theirs: string;
}

/** A place where both sides changed the same lines differently. Lines are without their ends. */
export interface MergeConflict {
  readonly oursLines: readonly string[];
  readonly theirsLines: readonly string[];
  readonly baseLines: readonly string[];
  /** Lines of the marked text from the opening to the closing marker, from 1. */
  readonly startLine: number;
  readonly endLine: number;
}

/** The merged text, or the text with both sides marked at each conflict. */
export type Merge3 =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly text: string; readonly conflicts: readonly MergeConflict[] };

/**
 * Combines two texts made from one base, line by line. Line ends, byte order mark and final newline are merged as one
 * property each, so that a side that only changed them does not conflict; where a text mixes line ends, they belong to its lines.
 */
export function merge3(
  base: string,
  ours: string,
  theirs: string,
  labels: MergeLabels = { ours: 'ours', theirs: 'theirs' },
): Merge3 {
  if (ours === theirs || base === theirs) return { ok: true, text: ours };
  if (base === ours) return { ok: true, text: theirs };
  const [b, o, t] = [shape(base), shape(ours), shape(theirs)];
  const bom = pick(b.bom, o.bom, t.bom);
  if ([b, o, t].some((text) => Array.isArray(text.ends))) {
    const merged = mergeLines([base, ours, theirs].map(withoutBom), labels);
    return { ...merged, text: (bom ? '\uFEFF' : '') + merged.text };
  }
  const merged = mergeLines([b, o, t].map(closed), labels);
  const final = pick(endsWithNewline(b), endsWithNewline(o), endsWithNewline(t)) ?? true;
  const lf = merged.ok && !final ? merged.text.replace(/\n$/u, '') : merged.text;
  return { ...merged, text: unshape({ bom, lf, ends: mergedEnds(b, o, t) }) };
}

/** Of a property, the value on the side that changed it; ours where both did. */
const pick = <T>(base: T, ours: T, theirs: T): T => (ours === base ? theirs : ours);

function mergedEnds(base: Shaped, ours: Shaped, theirs: Shaped): LineEnd | undefined {
  const [b, o, t] = [base.ends, ours.ends, theirs.ends] as [LineEnd?, LineEnd?, LineEnd?];
  if (o === undefined || t === undefined) return o ?? t ?? b;
  return pick(b, o, t);
}

/** `undefined` for an empty text, which says nothing about it. */
const endsWithNewline = ({ lf }: Shaped): boolean | undefined => (lf === '' ? undefined : lf.endsWith('\n'));

const closed = ({ lf }: Shaped): string => (lf === '' || lf.endsWith('\n') ? lf : `${lf}\n`);

function mergeLines(texts: readonly string[], labels: MergeLabels): Merge3 {
  const [base = [], ours = [], theirs = []] = texts.map(splitLines);
  const end: LineEnd = ours[0]?.endsWith('\r\n') ? '\r\n' : '\n';
  const out: string[] = [];
  const conflicts: MergeConflict[] = [];
  for (const region of mergeRegions(base, ours, theirs)) {
    const { head, a, b, tail } = region.stable ? settled(region.lines) : narrowed(region.ours, region.theirs);
    for (const line of head) out.push(line);
    if (!region.stable && a.length + b.length > 0) {
      const startLine = out.length + 1;
      const marked = [
        `<<<<<<< ${labels.ours}${end}`,
        ...a,
        `=======${end}`,
        ...b,
        `>>>>>>> ${labels.theirs}${end}`,
      ];
      for (const line of marked) out.push(line);
      conflicts.push({
        oursLines: a.map(bare),
        theirsLines: b.map(bare),
        baseLines: region.base.map(bare),
        startLine,
        endLine: out.length,
      });
    }
    for (const line of tail) out.push(line);
  }
  const text = out
    .map((line, at) => (line.endsWith('\n') || at === out.length - 1 ? line : line + end))
    .join('');
  return conflicts.length === 0 ? { ok: true, text } : { ok: false, text, conflicts };
}

/** A contested stretch: what both sides share at its beginning and its end is no conflict. */
interface Stretch {
  readonly head: readonly string[];
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly tail: readonly string[];
}

const settled = (lines: readonly string[]): Stretch => ({ head: lines, a: [], b: [], tail: [] });

function narrowed(a: readonly string[], b: readonly string[]): Stretch {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return {
    head: a.slice(0, head),
    a: a.slice(head, a.length - tail),
    b: b.slice(head, b.length - tail),
    tail: a.slice(a.length - tail),
  };
}

const bare = (line: string): string => line.replace(/\r?\n$/u, '');
