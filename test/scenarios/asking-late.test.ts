/** An answer that comes when nobody waits for it any more. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { play, type Played } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const ask = (to: string, question: string) => call('ask_teammate', { to, question });
const say = (to: string, text: string) => call('post_message', { to, text });
const look = (max: number) => call('list_files', { max });

const PLAN = plan(
  task({ id: 'one', files: ['src/greet.txt'] }),
  task({ id: 'two', title: 'Change the other', files: ['src/other.txt'] }),
);
const END = [
  agent('reviewer', [[approve]]),
  agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]),
];

async function done(...agents: readonly Readonly<Record<string, unknown>>[]): Promise<Played> {
  const played = await play({ files: FILES, script: script(agent('planner', [[PLAN]]), ...agents, ...END) });
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  return played;
}

const guards = ({ view }: Played): readonly string[] =>
  (view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`);

test('an answer that comes after somebody else has answered is a message like any other', async () => {
  const played = await done(
    {
      role: 'coder',
      task: 'one',
      replies: [
        { turn: 'any', when: 'coder asks you', calls: [call('submit_answer', { answer: 'Use hello.' })] },
        { turn: 1, calls: [ask('two', 'Which greeting?')] },
        { turn: 2, calls: [look(1)] },
        { turn: 3, calls: [look(2)] },
        { turn: 4, calls: [look(3)] },
        { turn: 5, calls: [look(4)] },
        { turn: 6, calls: [look(5)] },
        { turn: 7, calls: [look(6)] },
        { turn: 8, calls: [fix, result()] },
      ],
    },
    agent(
      'coder',
      [...[1, 2, 3, 4, 5, 6, 7].map((n) => [look(n)]), [say('one', 'Sorry: hello.')], [result()]],
      {
        task: 'two',
      },
    ),
  );
  assert.deepEqual(guards(played), ['silence restarted']);
  const said = (played.view.team?.messages ?? []).map(({ kind = 'notification', text, state }) => [
    kind,
    text,
    state,
  ]);
  assert.deepEqual(
    said.map(([kind, , state]) => `${String(kind)} ${String(state)}`),
    ['request read', 'error read', 'response read', 'notification read'],
  );
  assert.deepEqual(said.at(-1), ['notification', 'Sorry: hello.', 'read']);
});
