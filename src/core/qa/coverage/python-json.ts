/** The JSON report of Python's coverage.py, which pytest-cov writes too. */
import * as z from 'zod';
import { countHits, jsonOf, type LineHits } from './lines.ts';

const Lines = z.array(z.number().int());
const File = z.object({ executed_lines: Lines, missing_lines: Lines });
const Report = z.object({ files: z.record(z.string(), z.unknown()) });

/** Empty where the text cannot be read; a file that cannot is left out. */
export function readPythonJson(text: string): LineHits {
  const hits = countHits();
  for (const [name, each] of Object.entries(Report.safeParse(jsonOf(text)).data?.files ?? {})) {
    const { data: file } = File.safeParse(each);
    for (const line of file?.missing_lines ?? []) hits.add(name, line, 0);
    for (const line of file?.executed_lines ?? []) hits.add(name, line, 1);
  }
  return hits.all;
}
