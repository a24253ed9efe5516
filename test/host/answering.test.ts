/** What waits is answered by a command: a plan is sent back with words, a command allowed or denied, a question answered. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { NeedView } from '../../src/protocol/view.ts';
import { call, plan, script, task } from '../scenarios/parts.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { soon } from '../support/soon.ts';
import { asks, execute, reach, RUN_MS } from './driving.ts';

const set = (key: string, value: unknown) =>
  vscode.workspace.getConfiguration('quartet').update(key, value, vscode.ConfigurationTarget.Global);

const says = (...calls: readonly object[]) => ({ content: '', calls });
const ANSWERS = script(
  {
    role: 'planner',
    replies: [
      says(plan(task({ id: 'one', title: 'Greet', role: 'coder' }))),
      says(plan(task({ id: 'one', title: 'Greet loudly', role: 'coder' }))),
    ],
  },
  {
    role: 'coder',
    replies: [
      says(call('run_command', { command: 'node first.js' })),
      says(call('run_command', { command: 'node second.js' })),
      says(call('ask_user', { question: 'Greet whom?', options: ['Nobody', 'Everybody'] })),
      says(call('ask_user', { question: 'Sure?' })),
    ],
  },
);

suite('answers by a command', () => {
  let server: ModelServer;
  let run = '';
  suiteSetup(async () => {
    server = await startModelServer({ answers: ANSWERS });
    await set('endpoints', [{ id: 'one', baseUrl: server.url, model: 'first', contextTokens: 100_000 }]);
    await set('autonomy', 'ask');
    run = await execute<string>('startRun', 'Greet');
  });
  suiteTeardown(async () => {
    await execute('stop', run);
    await execute('newGoal');
    for (const key of ['autonomy', 'endpoints']) await set(key, undefined);
    await server.close();
  });

  /** The question of that kind that is asked after `last`. */
  async function next(kind: NeedView['ask']['kind'], last?: NeedView): Promise<NeedView> {
    const isNext = (need: NeedView) => need.ask.kind === kind && need.signal !== last?.signal;
    const { needs } = await reach(run, `a ${kind} is asked`, (view) => view.needs.some(isNext));
    const need = needs.find(isNext);
    assert.ok(need);
    return need;
  }
  const answer = async ({ signal }: NeedView, value: unknown) =>
    await execute<string | undefined>('answerNeed', { run, signal, value });
  const heard = () => server.requests.map(({ body }) => JSON.stringify(body)).join('\n');

  test('a plan is sent back with words; what is no answer is refused', async function () {
    this.timeout(RUN_MS);
    const first = await next('plan');
    assert.equal(await answer(first, { decision: 'perhaps' }), undefined);
    assert.equal(await answer(first, { decision: 'revise', reason: 'Louder, please' }), first.signal);
    await next('plan', first);
    assert.match(heard(), /Louder, please/u);
  });

  test('the next plan is approved from the list of its answers', async function () {
    this.timeout(RUN_MS);
    const { signal } = await next('plan');
    const asked = execute<string | undefined>('answerNeed');
    let answered: string | undefined;
    void asked.then((value) => (answered = value));
    await soon.equal(async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return answered;
    }, signal);
    const { plan: now } = await reach(run, 'the plan holds', (view) => view.plan?.decided === 'approved');
    assert.equal(now?.spec.tasks[0]?.title, 'Greet loudly');
  });

  test('one command is allowed and runs, the next is denied with a reason that the agent hears', async function () {
    this.timeout(RUN_MS);
    const first = await next('permission');
    assert.match(first.ask.detail ?? '', /node first\.js/u);
    assert.equal(await answer(first, { allow: true }), first.signal);
    const second = await next('permission', first);
    assert.match(second.ask.detail ?? '', /node second\.js/u);
    assert.equal(await answer(second, { allow: false, reason: 'Not that one' }), second.signal);
    await reach(run, 'it goes on', asks('question'));
    assert.match(heard(), /first\.js.*Cannot find module|Cannot find module.*first\.js/su);
    assert.match(heard(), /The person did not allow this: Not that one/u);
  });

  test('a question is answered', async function () {
    this.timeout(RUN_MS);
    const first = await next('question');
    assert.equal(await answer(first, { text: 'Everybody' }), first.signal);
    const second = await next('question', first);
    assert.equal(second.ask.title, 'Sure?');
    assert.match(heard(), /The person answers: Everybody/u);
  });
});
