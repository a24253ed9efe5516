/** The demo as a person sees it: the engine plays its script on the sample, and commands and tests really run. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseScript } from '../../src/core/models/script.ts';
import { ScriptedShell } from '../support/in-memory/shell.ts';
import { play, worldOf, type Played, type Scenario } from './check.ts';
import { readFolder, realCommands } from './real-commands.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

/** The sample and its script; the test command is found, not given. */
async function scenarioOf(name: string): Promise<Scenario> {
  const project = await readFolder(join(fixtures, name, 'project'));
  const files = Object.fromEntries([...project].map(([path, bytes]) => [path, bytes.toString('utf8')]));
  const script = parseScript(await readFile(join(fixtures, name, 'script.json'), 'utf8'));
  return { files, script, settings: { testCommand: '' } };
}

async function playFixture(name: string, more: Partial<Scenario> = {}): Promise<Played> {
  const base = await scenarioOf(name);
  const scenario = { ...base, ...more, settings: { ...base.settings, ...more.settings } };
  const world = worldOf(scenario);
  const shell = new ScriptedShell(realCommands(world.ports.disk));
  return play(scenario, { ...world, enginePorts: { ...world.enginePorts, shell } });
}

const gatesOf = ({ lines }: Played, task: string): readonly string[] =>
  lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.task === task && line.data.scope === 'task'
      ? [line.data.report.verdict]
      : [],
  );
const reviewsOf = ({ lines }: Played, task: string): readonly string[] =>
  lines.flatMap((line) =>
    line.type === 'review.finished' && line.data.task === task ? [line.data.verdict] : [],
  );

test('demo: two tasks side by side, a red gate sent back, a remark addressed, all green', async () => {
  const played = await playFixture('demo');
  const { view, lines, requests } = played;
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(gatesOf(played, 'vouchers'), ['red', 'green']);
  assert.deepEqual(gatesOf(played, 'instalments'), ['green', 'green']);
  assert.deepEqual(reviewsOf(played, 'instalments'), ['request_changes', 'approve']);
  assert.deepEqual(reviewsOf(played, 'vouchers'), ['approve']);
  assert.deepEqual(
    view.tasks.map((task) => task.state),
    ['done', 'done', 'done'],
  );
  assert.equal(new Set(requests).size, requests.length, 'nothing is asked twice');

  const { evidence, spent, summary, feed } = view;
  assert.deepEqual(evidence.baseline?.totals, { passed: 8, failed: 2, skipped: 0 });
  assert.deepEqual(evidence.integrated?.totals, { passed: 11, failed: 0, skipped: 0 });
  assert.equal(evidence.integrated.newlyPassing.length, 2);
  assert.equal(spent.costUsd, 0);
  assert.match(summary?.body ?? '', /2 failed\. Now all 11 pass/);
  assert.ok(feed.some((item) => item.kind === 'message' && item.from === 'qa' && item.to === 'coder'));
  assert.ok(feed.some((item) => item.kind === 'message' && item.to === 'readme'));
  const failed = feed.flatMap((item) => (item.kind === 'tool' && item.state !== 'ok' ? [item.tool] : []));
  assert.deepEqual(failed, ['run_tests'], 'one test run sees the bug that the other task mends');
  assert.match(played.file('README.md') ?? '', /## Instalments/);
  assert.match(played.file('src/money.js') ?? '', /not a number of instalments/);

  const working = lines.filter((line) => line.type === 'task.changed' && line.data.state === 'working');
  assert.deepEqual(
    working
      .slice(0, 2)
      .map((line) => (line.data as { task: string }).task)
      .sort(),
    ['instalments', 'vouchers'],
  );
  const done = lines.findIndex((line) => line.type === 'task.changed' && line.data.state === 'done');
  assert.ok(lines.indexOf(working[1]!) < done, 'the second begins before the first is done');
});

test('small goal: four model calls, proved', async () => {
  const { view, requests, end } = await playFixture('small');
  assert.equal(end.kind === 'finished' && end.outcome, 'done', JSON.stringify(end));
  assert.equal(requests.length, 4);
  assert.equal(view.evidence.integrated?.verdict, 'green');
});

test('demo: a person who wants another plan and sends a file back gets an honest answer, and the run goes on', async () => {
  const revise = {
    decision: 'revise',
    accepted: [],
    rejected: [{ path: 'README.md', reason: 'Shorter.' }],
    edited: {},
  };
  const apply = {
    decision: 'apply',
    accepted: ['src/money.js', 'test/money.test.js', 'src/discounts.js'],
    rejected: [{ path: 'README.md' }],
    edited: {},
  };
  const { end, view, file } = await playFixture('demo', {
    settings: { interactive: true },
    answers: {
      'plan/1': { decision: 'revise', reason: 'One task, please.' },
      'plan/2': { decision: 'approve' },
      'review/1': revise,
      'review/2': apply,
    },
  });
  assert.equal(end.kind === 'finished' && end.outcome, 'done', JSON.stringify(end));
  const said = view.feed.flatMap((item) => (item.kind === 'said' ? [item.text] : []));
  assert.ok(said.some((text) => text.includes('its script holds one plan')));
  assert.ok(said.some((text) => text.includes('has no lines for this task')));
  assert.match(file('src/money.js') ?? '', /not a number of instalments/);
  assert.doesNotMatch(file('README.md') ?? '', /## Instalments/);
});
