/** Runs whose tests are read and played from the files of the working copy. */
import assert from 'node:assert/strict';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import { play, worldWith, type Played, type Scenario } from './check.ts';
import { playTests } from './tap-runner.ts';

/** Ports of one machine: whoever plays in them again finds what was kept. */
export const worldFor = (files: Scenario['files']) =>
  createInMemoryPorts({
    files,
    shell: (disk) => playTests(disk),
    clock: new ManualClock(undefined, { auto: true }),
  });

/** Plays it to its end, and once more from its record. */
export async function played(its: Scenario, ports = worldFor(its.files)): Promise<Played> {
  const done = await play(its, worldWith(ports, its));
  const replayed = await replayRun(done.ports, done.id);
  assert.equal(replayed.divergence, undefined);
  return done;
}
