/** A question of the plan put to several in the editor: each asks another model, one more judges, and what they differ on is shown. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { call, plan, script, task } from '../scenarios/parts.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { asks, execute, reach, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

const says = (...calls: readonly object[]) => ({ content: '', calls });
const ANSWERS = script(
  {
    role: 'planner',
    replies: [says(plan(task({ id: 'ask', title: 'Which way?', role: 'researcher', candidates: 2 })))],
  },
  {
    role: 'researcher',
    replies: [
      {
        turn: 'any',
        when: 'Several before you worked on',
        ...says(call('submit_answer', { answer: 'The left one.', choice: 'they agree' })),
      },
      { turn: 1, ...says(call('submit_findings', { summary: 'Left.' })) },
    ],
  },
);

suite('a question of the plan', () => {
  let server: ModelServer | undefined;
  let run = '';
  teardown(async () => {
    if (run !== '') await execute('stop', run);
    await execute('newGoal');
    for (const key of ['routes', 'endpoints', 'consensus.when']) await set(key, undefined);
    await server?.close();
  });

  test('is put to as many models as the plan wants, and its outcome stands in the run', async function () {
    this.timeout(2 * RUN_MS);
    server = await startModelServer({ answers: ANSWERS });
    const endpoint = (id: string, model: string) => ({
      id,
      baseUrl: server?.url,
      model,
      contextTokens: 100_000,
    });
    await set('endpoints', [endpoint('one', 'first'), endpoint('two', 'second')]);
    await set('routes', { researcher: ['one', 'two'] });
    await set('consensus.when', 'risky');
    run = await execute<string>('startRun', 'Find the way');
    await reach(run, 'a plan is offered', asks('plan'));
    assert.equal(await execute('approvePlan'), true);
    const view = await reach(run, 'several answered', ({ team }) => (team?.answered ?? []).length > 0);
    const [answered] = view.team?.answered ?? [];
    assert.deepEqual(
      answered?.votes.map(({ endpoint, text }) => [endpoint, text]),
      [
        ['one', 'Left.'],
        ['two', 'Left.'],
      ],
    );
    assert.deepEqual([answered.how, answered.split, answered.decided], ['judged', false, 'The left one.']);
    assert.deepEqual(
      [
        ...new Set(server.requests.filter(({ role }) => role === 'researcher').map(({ model }) => model)),
      ].sort(),
      ['first', 'second'],
    );
    await reach(run, 'it is over', ({ finished }) => finished !== undefined);
  });
});
