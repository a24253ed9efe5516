/** `coverage-final.json` of Istanbul, as Jest and Vitest write it: statements by file. */
import * as z from 'zod';
import { countHits, jsonOf, type LineHits } from './lines.ts';

const Place = z.object({ line: z.number().int() });
const File = z.object({
  path: z.string(),
  statementMap: z.record(z.string(), z.object({ start: Place })),
  s: z.record(z.string(), z.number()),
});

/** Of each statement its first line. Empty where the text cannot be read; a file that cannot is left out. */
export function readIstanbul(text: string): LineHits {
  const hits = countHits();
  const all = z.record(z.string(), z.unknown()).safeParse(jsonOf(text));
  for (const each of Object.values(all.data ?? {})) {
    const { data: file } = File.safeParse(each);
    for (const [id, { start }] of Object.entries(file?.statementMap ?? {})) {
      const count = file?.s[id];
      if (file !== undefined && count !== undefined) hits.add(file.path, start.line, count);
    }
  }
  return hits.all;
}
