/** Go's cover profiles: blocks of source as `file:line.column,line.column statements count`, files by the path of their package. */
import { countHits, type LineHits } from './lines.ts';

const BLOCK = /^(.+):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/;
/** A block that is longer is no source that a person wrote. */
const BLOCK_LINES_MAX = 5000;

/** Every line of a block counts as the block does; where two blocks share one, the more frequent decides. */
export function readGoProfile(text: string): LineHits {
  const hits = countHits();
  for (const row of text.split(/\r?\n/)) {
    const [, file, from, to, count] = BLOCK.exec(row) ?? [];
    if (file === undefined) continue;
    const last = Math.min(Number(to), Number(from) + BLOCK_LINES_MAX);
    for (let line = Number(from); line <= last; line++) hits.add(file, line, Number(count));
  }
  return hits.all;
}

/** The module that a `go.mod` names: what the paths of its packages begin with. */
export function moduleOf(goMod: string): string | undefined {
  return /^\s*module\s+"?([^\s"]+)"?/m.exec(goMod)?.[1];
}
