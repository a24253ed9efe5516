/** A finished run replays from its record alone; a record that was changed does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { play } from './check.ts';
import { rewrite } from './rewrite.ts';
import { RICH } from './rich.ts';

test('the whole run replays with no world', async () => {
  const played = await play(RICH);
  const report = await replayRun(played.ports, played.id);
  assert.equal(report.divergence, undefined);
  assert.ok(report.finished && report.ends > 30 && report.records > 20, JSON.stringify(report));
});

test('a replay that is stopped ends, and says nothing of the run', async () => {
  const played = await play(RICH);
  const stop = new AbortController();
  let steps = 0;
  const given = (): void => {
    steps += 1;
    if (steps === 5) stop.abort(new Error('The person stopped it.'));
  };
  await assert.rejects(
    replayRun(played.ports, played.id, { given, signal: stop.signal }),
    /The person stopped/,
  );
  assert.ok(steps < 12, `${steps} steps were replayed after all`);
});

const CHANGES: readonly {
  name: string;
  change: (line: JournalLine) => JournalLine | undefined;
  at: RegExp;
}[] = [
  {
    name: 'a red gate made green',
    change: (line) =>
      line.type === 'gate.finished' && line.data.report.verdict === 'red'
        ? { ...line, data: { ...line.data, report: { ...line.data.report, verdict: 'green' } } }
        : line,
    at: /gate\.finished/,
  },
  {
    name: 'a step taken out',
    change: (line) => (line.key === 'integrate/alpha/1.1/gate' ? undefined : line),
    at: /integrate\/alpha/,
  },
  {
    name: 'another plan approved',
    change: (line) =>
      line.type === 'signal.received' && line.key === 'plan/1'
        ? { ...line, data: { ...line.data, value: { decision: 'end' } } }
        : line,
    at: /plan/,
  },
  {
    name: 'another outcome',
    change: (line) =>
      line.type === 'run.finished' ? { ...line, data: { ...line.data, message: 'All is well.' } } : line,
    at: /run\.finished/,
  },
];

for (const { name, change, at } of CHANGES) {
  test(`noticed: ${name}`, async () => {
    const played = await play(RICH);
    await rewrite(played.ports, played.id, change);
    const { divergence } = await replayRun(played.ports, played.id);
    assert.match(divergence?.at ?? 'no divergence', at);
    assert.notEqual(divergence?.recorded, divergence?.replayed);
  });
}
