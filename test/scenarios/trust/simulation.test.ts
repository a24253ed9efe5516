/**
 * Random runs, each under one seed. `QUARTET_SIMULATIONS=n` plays more of them, `QUARTET_SEED=n` one alone, or the first of them
 * where both are given.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import manifest from '../../../package.json' with { type: 'json' };
import type { Work } from './simulation-worker.ts';
import type { Simulated } from './simulation.ts';

const { QUARTET_SEED: seed, QUARTET_SIMULATIONS: simulations } = process.env;
const FIRST = Number(seed ?? 1);
const COUNT = Number(simulations ?? (seed === undefined ? 1000 : 1));

/** How each run ended; told one by one. */
function simulateAll(work: Work, each: (simulated: Simulated) => void): Promise<void> {
  const worker = new Worker(new URL('simulation-worker.ts', import.meta.url), { workerData: work });
  return new Promise((resolve, reject) => {
    worker
      .on('message', each)
      .on('error', reject)
      .on('exit', () => {
        resolve();
      });
  });
}

function told({ seed, options, lives, faults }: Simulated): string {
  return [
    `seed ${seed}, version ${manifest.version}, Node ${process.version}, ${JSON.stringify(options)}`,
    `processes: ${lives.join(' > ')}`,
    ...faults.slice(0, 5),
    `again: QUARTET_SEED=${seed} node --import ./test/support/register.mjs --test test/scenarios/trust/simulation.test.ts`,
  ].join('\n');
}

test(`${COUNT} simulated runs keep their promises and end`, async (t) => {
  const failures: string[] = [];
  const outcomes = new Map<string, number>();
  let played = 0;
  let processes = 0;
  await simulateAll({ first: FIRST, count: COUNT }, (simulated) => {
    played += 1;
    processes += simulated.lives.length;
    outcomes.set(simulated.outcome, (outcomes.get(simulated.outcome) ?? 0) + 1);
    if (simulated.faults.length > 0) failures.push(told(simulated));
  });
  t.diagnostic(
    `${processes} processes; ${[...outcomes].map(([name, count]) => `${name} ${count}`).join(', ')}`,
  );
  assert.equal(failures.length, 0, `${failures.length} of ${COUNT}:\n\n${failures.slice(0, 5).join('\n\n')}`);
  assert.equal(played, COUNT);
});
