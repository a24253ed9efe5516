// node:test reporter: a line per file, failures in full, and the counts and failed files as JSON in the file named by QUARTET_COUNTS.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { inspect } from 'node:util';

function failure({ name, file, line, details }) {
  const error = details.error?.cause ?? details.error;
  const where = file === undefined ? '' : ` (${relative(process.cwd(), file)}:${line})`;
  return `  ✖ ${name}${where}\n${inspect(error, { depth: 6 }).replace(/^/gm, '      ')}\n`;
}

/** Said only of what takes long enough to matter. */
const slow = (ms) => (ms > 5000 ? ` (${(ms / 1000).toFixed(0)} s)` : '');

/** A failed suite only repeats that its tests failed. */
const isEcho = ({ details }) => details.error?.failureType === 'subtestsFailed';

/** `, 3 skipped: no sandbox`. */
function skippedText(count, reasons) {
  if (count === 0) return '';
  return `, ${count} skipped${reasons.size > 0 ? `: ${[...reasons].join(', ')}` : ''}`;
}

async function* reporter(source) {
  let reasons = new Set();
  const failedFiles = [];
  for await (const { type, data } of source) {
    if (typeof data?.skip === 'string' && data.skip !== '') reasons.add(data.skip);
    if (type === 'test:fail' && !isEcho(data)) yield failure(data);
    else if (type === 'test:stdout' && process.env.QUARTET_VERBOSE) yield data.message;
    else if (type === 'test:stderr') yield data.message;
    else if (type === 'test:summary' && data.file !== undefined) {
      const { passed, failed, cancelled, skipped } = data.counts;
      const bad = failed + cancelled;
      if (bad > 0) failedFiles.push({ file: relative(process.cwd(), data.file), failed: bad });
      const extra = skippedText(skipped, reasons) + slow(data.duration_ms);
      reasons = new Set();
      yield `  ${bad > 0 ? '✖' : '✔'} ${relative(process.cwd(), data.file)}: ${passed} passed${bad > 0 ? `, ${bad} failed` : ''}${extra}\n`;
    } else if (type === 'test:summary' && process.env.QUARTET_COUNTS) {
      writeFileSync(process.env.QUARTET_COUNTS, JSON.stringify({ ...data.counts, failedFiles }));
    }
  }
}

export { reporter as default };
