/** What test runs told is found again in the record of a run, each gate with the results that it judged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOBODY } from '../../src/core/models/nobody.ts';
import { toldGates, type ToldGate } from '../../src/core/run/views/told-tests.ts';
import { play } from './check.ts';
import { agent, approve, edit, FILES, fix, plan, PLANNER, result, REVIEWER, script, task } from './parts.ts';

const toldIn = (played: Awaited<ReturnType<typeof play>>, since?: number) =>
  toldGates(played.ports, played.id, since);
const inShort = ({ gate: { scope, report }, run }: ToldGate) => {
  const results = (run?.report.tests ?? []).map(({ name, status }) => `${name}: ${status}`);
  return `${scope} ${report.verdict}: ${results.join(', ')}`;
};

test('each gate tells the tests of its own tree, red and green', async () => {
  const worse = edit('src/greet.txt', 'helo', 'damn hello');
  const played = await play({
    files: FILES,
    script: script(
      PLANNER,
      agent('coder', [
        [worse, result()],
        [edit('src/greet.txt', 'damn ', ''), result()],
      ]),
      agent('qa', [[{ tool: 'submit_diagnosis', args: { summary: 'Rude.', causes: [] } }]]),
      REVIEWER,
    ),
  });
  const told = await toldIn(played);
  assert.deepEqual(told.map(inShort), [
    'baseline green: greets rightly: failed, is polite: passed',
    'task red: greets rightly: passed, is polite: failed',
    'task green: greets rightly: passed, is polite: passed',
    'integrated green: greets rightly: passed, is polite: passed',
  ]);
  const since = await toldIn(played, told[2]?.seq);
  assert.deepEqual(since.map(inShort), told.slice(3).map(inShort));
});

test('a second run of what failed by chance is not what a gate tells', async () => {
  const chance = `test('by chance', () => assert.ok(runs() !== 2));`;
  const played = await play({
    files: { ...FILES, 'chance.test.js': chance },
    settings: { qa: {} },
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [[fix, result()]]),
      agent('reviewer', [[approve]]),
    ),
  });
  const [, first] = await toldIn(played);
  assert.match(first === undefined ? '' : inShort(first), /^task \w+: .*by chance: failed/);
});

test('tests alone tell every test, and need no model', async () => {
  const alone = { qa: { diagnose: false }, ...NOBODY };
  const played = await play({ files: FILES, mode: 'qa', settings: alone, script: script(REVIEWER) });
  assert.deepEqual(played.requests, []);
  const [, all] = await toldIn(played);
  assert.equal(all && inShort(all), 'integrated red: greets rightly: failed, is polite: passed');
});
