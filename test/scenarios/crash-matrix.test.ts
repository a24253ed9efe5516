/** Cut off at every line of a rich run, in every way, the run goes on where it was. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { goOn, recordRun, type Cut, type Recording } from './crash.ts';
import { RICH } from './rich.ts';

let recording: Recording;
before(async () => {
  recording = await recordRun(RICH);
});

for (const cut of ['before', 'inside', 'after'] satisfies Cut[]) {
  test(`a crash ${cut} each line`, async () => {
    const failures: string[] = [];
    for (let line = 2; line <= recording.count; line++) {
      const crashed = recording.crashAt(line, cut);
      assert.ok(crashed, `line ${line} was not recorded`);
      await goOn(RICH, crashed, recording.whole).catch((error: unknown) => {
        failures.push(`line ${line}: ${String(error)}`);
      });
    }
    assert.deepEqual(failures, []);
    assert.ok(recording.count > 150, `${recording.count} lines`);
  });
}
