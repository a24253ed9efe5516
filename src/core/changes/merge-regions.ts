/** Where two descendants of a list of lines part and agree. Only what changed near each other is given to diff3. */
import { diff3MergeRegions } from 'node-diff3';
import { lineChanges, type LineChange } from './line-diff.ts';

/** A stretch of the merged lines: settled, or claimed by both sides. */
export type MergeRegion =
  | { readonly stable: true; readonly lines: readonly string[] }
  | {
      readonly stable: false;
      readonly base: readonly string[];
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

/** Changes that overlap or touch in the base, as [start, end) of the base. */
interface Cluster {
  readonly start: number;
  readonly end: number;
  readonly ours: readonly LineChange[];
  readonly theirs: readonly LineChange[];
}

/**
 * The regions of a three-way merge in order. Lines that neither side changed separate independent changes, so the library's
 * comparison, whose work grows with the square of repeated lines, sees only what is between them.
 */
export function mergeRegions(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly MergeRegion[] {
  const regions: MergeRegion[] = [];
  let [at, oursShift, theirsShift] = [0, 0, 0];
  for (const cluster of clusters(lineChanges(base, ours), lineChanges(base, theirs))) {
    regions.push({ stable: true, lines: base.slice(at, cluster.start) });
    at = cluster.end;
    const oursAfter = oursShift + growth(cluster.ours);
    const theirsAfter = theirsShift + growth(cluster.theirs);
    const a = ours.slice(cluster.start + oursShift, cluster.end + oursAfter);
    const b = theirs.slice(cluster.start + theirsShift, cluster.end + theirsAfter);
    [oursShift, theirsShift] = [oursAfter, theirsAfter];
    if (cluster.theirs.length === 0) regions.push({ stable: true, lines: a });
    else if (cluster.ours.length === 0) regions.push({ stable: true, lines: b });
    else regions.push(...contested(base.slice(cluster.start, cluster.end), a, b));
  }
  regions.push({ stable: true, lines: base.slice(at) });
  return regions;
}

function contested(base: string[], ours: string[], theirs: string[]): MergeRegion[] {
  return diff3MergeRegions(ours, base, theirs).map((region) =>
    region.stable
      ? { stable: true, lines: region.bufferContent }
      : { stable: false, base: region.oContent, ours: region.aContent, theirs: region.bContent },
  );
}

function clusters(ours: readonly LineChange[], theirs: readonly LineChange[]): Cluster[] {
  const tagged = [
    ...ours.map((change) => ({ change, side: 'ours' as const })),
    ...theirs.map((change) => ({ change, side: 'theirs' as const })),
  ].sort((one, other) => one.change.oldStart - other.change.oldStart);
  const out: (Cluster & Record<'ours' | 'theirs', LineChange[]>)[] = [];
  for (const { change, side } of tagged) {
    let last = out.at(-1);
    if (!last || change.oldStart > last.end) {
      last = { start: change.oldStart, end: change.oldEnd, ours: [], theirs: [] };
      out.push(last);
    } else {
      last = { ...last, end: Math.max(last.end, change.oldEnd) };
      out[out.length - 1] = last;
    }
    last[side].push(change);
  }
  return out;
}

const growth = (changes: readonly LineChange[]): number =>
  changes.reduce(
    (sum, { oldStart, oldEnd, newStart, newEnd }) => sum + newEnd - newStart - (oldEnd - oldStart),
    0,
  );
