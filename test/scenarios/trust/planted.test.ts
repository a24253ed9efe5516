/** The tester is tested: each planted bug is noticed, and nothing is noticed without one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEDIUM, MEDIUM_DONE } from './medium.ts';
import { PLANTS, type Plant } from './plants.ts';
import { simulate } from './simulation.ts';
import { Trial } from './trial.ts';

const CALLS = 168;
/** Calls from one kill to the next; the ones between have their turn after those. */
const STRIDE = 8;
const SEEDS = 60;

/** Calls at which a run is killed, from all over it. */
const POINTS = Array.from({ length: STRIDE }, (_, offset) => offset).flatMap((offset) =>
  Array.from({ length: Math.floor(CALLS / STRIDE) }, (_, index) => 4 + offset + index * STRIDE),
);

/** What is wrong with a run that is killed at a call and goes on. */
async function faultsAt(at: number, when: 'before' | 'after', plant: Plant['ports']): Promise<string[]> {
  const trial = new Trial({ ...MEDIUM, plant });
  const kill = ({ n }: { n: number }): void => {
    if (n === at) trial.kill();
  };
  await trial.live({ [when]: kill });
  const left = await trial.live();
  const faults = [...trial.verdict()];
  if (left.kind === 'refused') faults.push(`refused: ${String(left.error)}`);
  if (left.kind !== 'ended' || left.end.kind !== 'finished')
    faults.push(`it does not end: ${JSON.stringify(left)}`);
  if (JSON.stringify(Object.fromEntries(trial.files())) !== JSON.stringify(MEDIUM_DONE))
    faults.push('the files are not those of a run without a bug');
  return faults;
}

/** What was found instead of what should be noticed; undefined where it was noticed. */
async function missed(
  { ports, noticed, simulated }: Omit<Plant, 'name'>,
  points: readonly number[] = POINTS,
): Promise<readonly string[] | undefined> {
  const other: string[] = [];
  const look = (faults: readonly string[]): boolean => {
    other.push(...faults);
    return faults.some((fault) => noticed.test(fault));
  };
  for (let seed = 1; simulated && seed <= SEEDS; seed++)
    if (look((await simulate(seed, ports)).faults)) return undefined;
  for (const at of simulated ? [] : points)
    for (const when of ['before', 'after'] as const)
      if (look(await faultsAt(at, when, ports))) return undefined;
  return other;
}

test('without a bug nothing is noticed', async () => {
  assert.deepEqual(
    await missed({ ports: (ports) => ports, noticed: /^$/ }, POINTS.slice(0, CALLS / STRIDE)),
    [],
  );
});

for (const plant of PLANTS) {
  test(`noticed: ${plant.name}`, async () => {
    const instead = await missed(plant);
    assert.equal(instead, undefined, instead?.slice(0, 5).join('\n') ?? '');
  });
}
