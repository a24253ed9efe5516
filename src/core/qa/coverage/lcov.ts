/** lcov's tracefiles, as Bun and many others write them: `SF` begins a file, `DA` is a line of it and how often it ran. */
import { countHits, type LineHits } from './lines.ts';

/** What cannot be read is passed over. */
export function readLcov(text: string): LineHits {
  const hits = countHits();
  let file: string | undefined;
  for (const row of text.split(/\r?\n/)) {
    if (row.startsWith('SF:')) file = row.slice('SF:'.length).trim();
    if (row === 'end_of_record') file = undefined;
    const [, line, count] = /^DA:(\d+),(-?\d+)/.exec(row) ?? [];
    if (file !== undefined && line !== undefined) hits.add(file, Number(line), Number(count));
  }
  return hits.all;
}
