/** A process that is killed in the middle of a run on real files and git; another goes on where it was. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { bundleDriver, killAndResume, killInTests, playWhole, type Left } from './kill.ts';
import { randomFrom } from './random.ts';

/** Points at which a run is killed; all of its lines with `npm run test:crash`. */
const POINTS = process.env['QUARTET_CRASH'] === 'all' ? Infinity : 24;
const AT_ONCE = 2;
const LINES_AT_THE_END = 3;

let folder = '';
let whole: Left;
before(async () => {
  folder = await bundleDriver();
  whole = await playWhole(folder);
});
after(() => fs.rm(folder, { recursive: true, force: true }));

test('killed at seeded points, a run on real files and git goes on where it was', async (t) => {
  const seed = Number(process.env['QUARTET_SEED'] ?? Date.now() % 100_000);
  const lines = Array.from({ length: whole.lines.length - LINES_AT_THE_END }, (_, index) => index + 1);
  const waiting = randomFrom(seed).shuffle(lines).slice(0, POINTS);
  const failures: string[] = [];
  const said: string[] = [];
  const work = async (): Promise<void> => {
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      const at = line;
      await killAndResume(folder, whole, at).then(
        (killed) => said.push(`${at}>${killed}`),
        (error: unknown) => failures.push(`QUARTET_SEED=${seed}, line ${at}: ${String(error)}`),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  t.diagnostic(`QUARTET_SEED=${seed}, ${whole.lines.length} lines, killed at ${said.join(' ')}`);
  assert.deepEqual(failures, []);
});

for (const sandbox of ['auto', 'off'] as const)
  test(`killed while its tests run (sandbox ${sandbox}), a run leaves no process of theirs`, () =>
    killInTests(folder, whole, sandbox));
