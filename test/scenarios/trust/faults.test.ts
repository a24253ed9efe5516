/** Whatever call of a run fails, in whatever way: it recovers or refuses clearly, and goes on once the fault is gone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import { ERRNOS, faulty, MODES, type Fault } from './faults.ts';
import { MEDIUM, MEDIUM_DONE } from './medium.ts';
import { Trial, type Left } from './trial.ts';

/** What is wrong with how a faulty process was left. It may have finished, paused, or refused with words that help. */
function faultsOfLeaving(left: Left): string[] {
  if (left.kind === 'ended') return [];
  if (left.kind !== 'refused') return [`it was left ${left.kind}`];
  const { error } = left;
  if (!(error instanceof PortError)) return [`it refused without a code: ${String(error)}`];
  return error.advice === undefined ? [`${error.code} comes without advice: ${error.message}`] : [];
}

/** Plays with the fault, then without it; what is wrong. */
async function trialOf(fault: Fault): Promise<string[]> {
  const trial = new Trial(MEDIUM);
  const first = await trial.live(faulty(trial, fault));
  const faults = faultsOfLeaving(first);
  trial.kill();
  const last = first.kind === 'ended' && first.end.kind === 'finished' ? first : await trial.live();
  if (last.kind !== 'ended' || last.end.kind !== 'finished' || last.end.outcome !== 'done')
    faults.push(`it does not go on: ${shown(first)} then ${shown(last)}`);
  if (JSON.stringify(Object.fromEntries(trial.files())) !== JSON.stringify(MEDIUM_DONE))
    faults.push('the files are not those of a run without faults');
  return [...faults, ...trial.verdict()];
}

function shown(left: Left): string {
  if (left.kind === 'refused') return `refused: ${String(left.error)}`;
  return left.kind === 'ended' ? JSON.stringify(left.end) : left.kind;
}

test('a clean run is clean', async () => {
  const trial = new Trial(MEDIUM);
  const left = await trial.live();
  assert.equal(left.kind === 'ended' && left.end.kind === 'finished' && left.end.outcome, 'done');
  assert.deepEqual(Object.fromEntries(trial.files()), MEDIUM_DONE);
  assert.deepEqual(trial.verdict(), []);
});

for (const mode of MODES) {
  test(`each call fails, ${mode}`, async () => {
    const clean = new Trial(MEDIUM);
    let calls: readonly string[] = [];
    await clean.live({ before: ({ site }) => void (calls = [...calls, site]) });
    const failures: string[] = [];
    for (const [index, site] of calls.entries()) {
      const errno = ERRNOS[index % ERRNOS.length] ?? 'EIO';
      const faults = await trialOf({ at: index + 1, errno, mode });
      if (faults.length > 0) failures.push(`call ${index + 1} (${site}, ${errno}): ${faults.join('; ')}`);
    }
    assert.deepEqual(failures, []);
    assert.ok(calls.length > 100, `${calls.length} calls`);
  });
}
