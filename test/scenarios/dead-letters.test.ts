/** Messages that one of several never got: the others have them, the person sees who has not and can send it to them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEAM_LIMITS } from '../../src/core/limits.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { messagesIn } from '../../src/core/run/views/audit-messages.ts';
import { isDead } from '../../src/protocol/team-view.ts';
import { messagesText } from '../../src/terminal/team-text.ts';
import { play, worldWith, type Scenario } from './check.ts';
import { agent, approve, call, FILES, plan, result, script, task } from './parts.ts';

const post = (to: string, text: string) => call('post_message', { to, text });
const look = (max: number) => [call('list_files', { max })];
const of = (id: string) => task({ id, title: `Do ${id}`, files: [`src/${id}.txt`] });
const write = (id: string) => [
  call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }),
  result(`Did ${id}.`),
];
const notes = Array.from({ length: TEAM_LIMITS.queue }, (_, n) => post('two', `note ${String(n)}`));

/** `one` fills the queue of `two`, which does not get to read meanwhile, then tells all coders; `three` reads that. */
function crowded(asks: boolean): Scenario {
  let told = (): void => undefined;
  const isTold = new Promise<void>((resolve) => (told = resolve));
  return {
    files: FILES,
    settings: {
      limits: { concurrency: 3 },
      ...(asks && { interactive: true, approvals: { plan: false, commands: false, changes: false } }),
    },
    script: script(
      agent('planner', [[plan(of('one'), of('two'), of('three'))]]),
      agent(
        'coder',
        [
          notes,
          [post('coder', 'The port is 80.')],
          ...(asks ? [[call('ask_user', { question: 'Right?' })]] : []),
          write('one'),
        ],
        { task: 'one' },
      ),
      agent('coder', [look(1), look(2), write('two')], { task: 'two' }),
      agent('coder', [look(1), look(2), write('three')], { task: 'three' }),
      agent('reviewer', [[approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      async complete(request, context) {
        const { role, task: id = '', turn } = request;
        const reply = await scripted.complete(request, context);
        if (role === 'coder' && id === 'one' && turn === 3) told();
        // Their calls are under way while the first posts: what it says waits.
        if (role === 'coder' && id !== 'one' && turn === 1) await isTold;
        return reply;
      },
    }),
  };
}

test('one of several whose queue is full: the others read it, and it is a dead letter for that one', async () => {
  const played = await play(crowded(false));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const message = played.view.team?.messages.find(({ text }) => text === 'The port is 80.');
  const why = 'The coder of "two" had too much to read already.';
  assert.equal(message?.state, 'read');
  assert.deepEqual(message.readBy, ['task/three/attempt/1/coder']);
  assert.deepEqual(message.missed, [{ agent: 'task/two/attempt/1/coder', why }]);
  assert.ok(isDead(message));
  assert.match(
    messagesText(played.view, 'port'),
    /read by task\/three\S+; not read: The coder of "two" had/u,
  );
  const audited = messagesIn(played.lines).messages.find(({ text }) => text === 'The port is 80.');
  assert.deepEqual([audited?.state, audited?.missed], ['delivered', message.missed]);
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
});

const QUESTION = 'question/task/one/attempt/1/coder/round/0/turn/3/tool/0';

test('sent again it goes to whom it did not reach, as long as one name means them', async () => {
  const paused = await play(crowded(true));
  assert.equal(paused.end.kind, 'paused', paused.end.message);
  const missed = paused.view.team?.messages.find(isDead);
  const engine = createEngine(paused.enginePorts, { whenWaiting: 'pause' });
  await engine.resend(paused.id, missed?.id ?? 0);
  await engine.answer(paused.id, QUESTION, { text: 'Yes.' }, 'person');
  const played = await play(crowded(true), worldWith(paused.ports, crowded(true)), paused.id);
  assert.equal(played.end.kind, 'finished', played.end.message);
  const told = played.view.team?.messages.filter(({ text }) => text === 'The port is 80.') ?? [];
  assert.deepEqual(
    told.map(({ from, to, state }) => [from, to, state]),
    [
      ['coder', 'coder', 'resent'],
      ['coder', 'two', 'dead'],
    ],
  );
});
