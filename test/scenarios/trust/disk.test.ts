/** What may happen to a run beside calls that fail: kills between calls, disks that lie or change, clocks that jump, other owners. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../../src/core/ports.ts';
import type { Meddler } from '../../support/in-memory/life.ts';
import { MEDIUM, MEDIUM_DONE } from './medium.ts';
import { randomFrom } from './random.ts';
import { Trial, type Left } from './trial.ts';

const HOUR_MS = 3_600_000;

/** Calls of an undisturbed run. */
async function callsOf(): Promise<number> {
  let calls = 0;
  await new Trial(MEDIUM).live({ before: ({ n }) => void (calls = n) });
  return calls;
}

/** What is wrong after the last process. */
function faultsAtTheEnd(trial: Trial, left: Left): string[] {
  const faults = [...trial.verdict()];
  if (left.kind !== 'ended' || left.end.kind !== 'finished' || left.end.outcome !== 'done')
    faults.push(`it does not end: ${left.kind === 'refused' ? String(left.error) : JSON.stringify(left)}`);
  if (JSON.stringify(Object.fromEntries(trial.files())) !== JSON.stringify(MEDIUM_DONE))
    faults.push('the files are not those of an undisturbed run');
  return faults;
}

/** Kills at a call, before or after it was done. */
function killAt(trial: Trial, at: number, when: 'before' | 'after'): Meddler {
  return {
    [when]: ({ n }: { n: number }) => {
      if (n === at) trial.kill();
    },
  };
}

/** Plays once for each of some calls and gathers what went wrong. */
async function atCalls(step: number, play: (at: number) => Promise<readonly string[]>): Promise<void> {
  const failures: string[] = [];
  const calls = await callsOf();
  for (let at = 1; at <= calls; at += step)
    for (const fault of await play(at)) failures.push(`call ${at}: ${fault}`);
  assert.deepEqual(failures, []);
}

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} each call, a run goes on`, () =>
    atCalls(1, async (at) => {
      const trial = new Trial(MEDIUM);
      await trial.live(killAt(trial, at, when));
      return faultsAtTheEnd(trial, await trial.live());
    }));
}

test('killed again and again, each time a little later, a run goes on', async () => {
  const trial = new Trial(MEDIUM);
  let left: Left = { kind: 'killed' };
  for (let at = 2; left.kind === 'killed'; at += 3) left = await trial.live(killAt(trial, at, 'after'));
  assert.deepEqual(faultsAtTheEnd(trial, left), []);
});

test('a disk that lies about syncing loses lines at a crash; what they told is done again', () =>
  atCalls(3, async (at) => {
    const trial = new Trial(MEDIUM);
    await trial.live(killAt(trial, at, 'after'));
    const lost = 1 + (at % 4);
    trial.damage((journal) => {
      const lines = journal.split(/(?<=\n)/);
      return lines.slice(0, Math.max(1, lines.length - lost)).join('');
    });
    return faultsAtTheEnd(trial, await trial.live());
  }));

test('garbage behind the last line is dropped, and said', () =>
  atCalls(7, async (at) => {
    const trial = new Trial(MEDIUM);
    const first = await trial.live(killAt(trial, at, 'after'));
    if (first.kind !== 'killed' || trial.run === undefined) return [];
    const garbage = ['\u0000'.repeat(700), '{"v":1,"seq":', '\ufffd', 'x'][at % 4] ?? '';
    trial.damage((journal) => journal + garbage);
    const faults = faultsAtTheEnd(trial, await trial.live());
    const finished = trial.lines().findIndex((line) => line.type === 'run.finished');
    const said = trial
      .lines()
      .some((line) => line.type === 'alert.raised' && line.data['code'] === 'journal.torn');
    const wasOver = !trial.lines().some((line) => line.type === 'run.resumed') && finished >= 0;
    return said || wasOver ? faults : [...faults, 'nothing is said of what was dropped'];
  }));

test('a bit that flips anywhere in the journal is refused, and nothing is written', async () => {
  const random = randomFrom(3);
  const whole = new Trial(MEDIUM);
  await whole.live(killAt(whole, 120, 'after'));
  const text = Buffer.from(whole.journal(), 'utf8');
  for (let n = 0; n < 150; n++) {
    const trial = new Trial(MEDIUM);
    await trial.live(killAt(trial, 120, 'after'));
    const bytes = Buffer.from(text);
    const place = random.int(bytes.length - 1);
    bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << random.int(8)), place);
    const damaged = bytes.toString('utf8');
    trial.damage(() => damaged);
    const left = await trial.live();
    const code = left.kind === 'refused' && left.error instanceof PortError ? left.error.code : left.kind;
    assert.match(code, /^journal\.(damaged|newer)$/, `byte ${place}`);
    assert.ok(left.kind === 'refused' && left.error instanceof PortError && left.error.advice !== undefined);
    assert.equal(trial.journal(), damaged);
  }
});

for (const how of ['altered', 'missing'] as const) {
  test(`a blob that is ${how} is refused, and the rest stays readable`, async () => {
    const trial = new Trial(MEDIUM);
    await trial.live(killAt(trial, 120, 'after'));
    const blobs = trial.ports.store.blobs(trial.run ?? '');
    assert.ok(blobs.size > 0);
    for (const name of [...blobs.keys()]) {
      if (how === 'missing') blobs.delete(name);
      else blobs.set(name, `${blobs.get(name) ?? ''} `);
    }
    const before = trial.lines().length;
    const left = await trial.live();
    assert.ok(left.kind === 'refused' && left.error instanceof PortError, JSON.stringify(left));
    assert.match(left.error.code, /^blob\.(damaged|missing)$/);
    assert.ok(left.error.advice !== undefined);
    assert.deepEqual(trial.verdict(), []);
    assert.deepEqual(
      trial
        .lines()
        .slice(before)
        .map((line) => line.type),
      ['run.resumed'],
    );
  });
}

test('a clock that jumps a day forwards or an hour backwards changes nothing', () =>
  atCalls(5, async (at) => {
    const trial = new Trial(MEDIUM);
    const { clock } = trial.ports;
    const jump = at % 2 === 0 ? 24 * HOUR_MS : -HOUR_MS;
    const left = await trial.live({
      before: ({ n }) => {
        if (n === at) clock.set(clock.now() + jump);
      },
    });
    return faultsAtTheEnd(trial, left);
  }));

test('a slow disk, where each call takes its own time, changes nothing', async () => {
  const random = randomFrom(5);
  for (let n = 0; n < 10; n++) {
    const trial = new Trial(MEDIUM);
    const wait = async (): Promise<void> => {
      for (let turns = random.int(6); turns > 0; turns--)
        await new Promise((resolve) => setImmediate(resolve));
    };
    assert.deepEqual(faultsAtTheEnd(trial, await trial.live({ before: wait, after: wait })), []);
  }
});

test('a run whose lock is lost stops at once, and the new owner goes on', () =>
  atCalls(4, async (at) => {
    const trial = new Trial(MEDIUM);
    const left = await trial.live({
      before: ({ n }) => {
        if (n === at && trial.run !== undefined) trial.ports.store.takeOver(trial.run);
      },
    });
    const faults: string[] = [];
    if (left.kind === 'refused' && !(left.error instanceof PortError && left.error.code === 'run.locked'))
      faults.push(`refused with ${String(left.error)}`);
    trial.kill();
    return [...faults, ...faultsAtTheEnd(trial, await trial.live())];
  }));

test('working copies that somebody deleted are made again', () =>
  atCalls(4, async (at) => {
    const trial = new Trial(MEDIUM);
    const { roots } = trial.ports.disk;
    let left = await trial.live({
      before: ({ n }) => {
        if (n === at)
          for (const root of [...roots.keys()]) if (root.startsWith('/copies/')) roots.delete(root);
      },
    });
    if (left.kind === 'ended' && left.end.kind === 'paused' && left.end.reason === 'environment')
      left = await trial.live();
    return faultsAtTheEnd(trial, left);
  }));
