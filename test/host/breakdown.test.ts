/** A task that is broken down while the run works: its sub-tasks are approved by the rule of the plan, stand in their task and are written. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { RunView } from '../../src/protocol/view.ts';
import { agent, approve, call, plan, result, script, task } from '../scenarios/parts.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { asks, execute, onDisk, reach, root, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

const FOLDER = 'notes';
const fileOf = (name: string): string => `${FOLDER}/${name}.md`;
const one = (id: string, more: object = {}) =>
  task({ id, title: `Write ${id}`, files: [fileOf(id)], ...more });
const coder = (id: string, name: string) =>
  agent('coder', [[call('write_file', { path: fileOf(name), content: `${name}\n` }), result(`${id}.`)]], {
    task: id,
  });

/** A whole whose first half must be there before its second, and a task beside it. */
const ANSWERS = script(
  agent('planner', [
    [
      plan(
        one('whole', { files: [`${FOLDER}/*.md`], expand: true, acceptance: ['Both are there.'] }),
        one('beside', { files: ['README.md'], role: 'researcher' }),
      ),
    ],
  ]),
  agent('planner', [[plan(one('left'), one('right', { depends_on: ['left'] }))]], { task: 'whole' }),
  agent('researcher', [[call('submit_findings', { summary: 'It is a sample.' })]], { task: 'beside' }),
  coder('whole.left', 'left'),
  coder('whole.right', 'right'),
  agent('reviewer', [[approve]]),
  agent('synthesizer', [[call('submit_summary', { title: 'Notes', body: 'They are there.' })]]),
);

const statesOf = ({ tasks }: RunView) => Object.fromEntries(tasks.map(({ spec, state }) => [spec.id, state]));
const isWhole = ({ tasks }: RunView): boolean => tasks.some(({ spec }) => spec.id === 'whole.right');
const SIGNAL = 'plan/task/whole/attempt/1/1';

suite('a task that is broken down', () => {
  let server: ModelServer | undefined;
  let run = '';
  setup(async () => {
    server = await startModelServer({ answers: ANSWERS });
    await set('endpoints', [{ id: 'team', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 }]);
  });
  teardown(async () => {
    if (run !== '') await execute('stop', run);
    await execute('newGoal');
    await set('approve.plan', undefined);
    await set('endpoints', undefined);
    await server?.close();
    await rm(join(root(), FOLDER), { recursive: true, force: true });
  });

  const handedIn = async (): Promise<RunView> => {
    const offered = await reach(run, 'changes are offered', asks('review'));
    assert.deepEqual(statesOf(offered), {
      whole: 'done',
      'whole.left': 'done',
      'whole.right': 'done',
      beside: 'done',
    });
    assert.deepEqual(offered.changes?.files.map(({ path }) => path).sort(), [
      fileOf('left'),
      fileOf('right'),
    ]);
    assert.equal(await execute('acceptAll'), true);
    return await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
  };

  test('is asked about as the plan was, and no other task waits for the answer', async function () {
    this.timeout(2 * RUN_MS);
    run = await execute<string>('startRun', 'Write the notes');
    await reach(run, 'a plan is offered', asks('plan'));
    assert.equal(await execute('approvePlan'), true);
    const asked = await reach(
      run,
      'sub-tasks are offered while the task beside goes on to its end',
      (view) => asks('plan')(view) && statesOf(view)['beside'] === 'done',
    );
    assert.deepEqual(
      asked.needs.map(({ signal }) => signal),
      [SIGNAL],
    );
    assert.deepEqual(
      asked.suggestions?.map(({ task: of, plan: { tasks } }) => [of, tasks.map(({ id }) => id)]),
      [['whole', ['whole.left', 'whole.right']]],
    );
    assert.equal(isWhole(asked), false, 'nothing of it is in the plan before it is approved');
    assert.equal(await execute('approvePlan'), true);
    await reach(run, 'the sub-tasks are in the plan', isWhole);
    await handedIn();
    assert.equal(await onDisk(fileOf('right')), 'right\n');
  });

  test('comes to its end without an answer where plans are approved by the settings', async function () {
    this.timeout(2 * RUN_MS);
    await set('approve.plan', false);
    run = await execute<string>('startRun', 'Write the notes');
    const { feed } = await handedIn();
    assert.ok(feed.some((item) => item.kind === 'note' && item.text === 'whole is broken down.'));
    assert.equal(await onDisk(fileOf('left')), 'left\n');
  });
});
