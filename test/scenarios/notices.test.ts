/** What the host tells agents of what happens beside them, over the bus: read between turns, found again by what it is about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { isAbout } from '../../src/protocol/team-view.ts';
import { messagesText } from '../../src/terminal/team-text.ts';
import { play, type Scenario } from './check.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';

const of = (id: string, files: readonly string[], more = {}) =>
  task({ id, title: `Make ${id}`, description: `Make ${id}.`, files, ...more });
const coder = (id: string, ...replies: Parameters<typeof agent>[1]) => agent('coder', replies, { task: id });

/** Red and blue are green alone and red together; the third looks on until blue was sent back; the last builds on the third. */
function scenario(): Scenario & { readonly told: Map<string, string> } {
  const told = new Map<string, string>();
  let sentBack = (): void => undefined;
  const back = new Promise<void>((resolve) => (sentBack = resolve));
  return {
    told,
    files: {
      ...{ 'a.txt': 'one\n', 'b.txt': 'two\n', 'c.txt': 'three\n', 'd.txt': 'four\n' },
      'apart.test.js':
        "test('red and blue do not meet', () => assert.ok(!read('a.txt').includes('red') || !read('b.txt').includes('blue')));",
    },
    settings: { limits: { concurrency: 3 } },
    script: script(
      agent('planner', [
        [
          plan(
            of('red', ['a.txt'], { priority: 5 }),
            of('blue', ['b.txt'], { priority: 4 }),
            of('third', ['c.txt'], { priority: 3 }),
            of('last', ['d.txt'], { depends_on: ['third'] }),
          ),
        ],
      ]),
      coder('red', [edit('a.txt', 'one', 'red'), result('Red.')]),
      coder(
        'blue',
        [edit('b.txt', 'two', 'blue'), result('Blue.')],
        [edit('b.txt', 'blue', 'green'), result()],
      ),
      coder('third', [call('list_files', {})], [edit('c.txt', 'three', '3'), result('Counted to 3.')]),
      coder('last', [edit('d.txt', 'four', '4'), result()]),
      agent(
        'reviewer',
        Array.from({ length: 6 }, () => [approve]),
      ),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      async complete(request, context) {
        const who = `${request.role}/${request.task ?? ''}/${String(request.turn)}`;
        told.set(who, JSON.stringify(request.messages));
        if (who === 'coder/blue/2') sentBack();
        if (who === 'coder/third/1') await back;
        return scripted.complete(request, context);
      },
    }),
  };
}

test('who works beside a red merge and who builds on what is done are told, and nobody else', async () => {
  const given = scenario();
  const played = await play(given);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  const { messages = [] } = played.view.team ?? {};
  assert.deepEqual(
    messages.map(({ from, to, task: of, state, headers }) => [from, to, of, state, headers?.['event']]),
    [
      ['host', 'task/third/attempt/1/coder', 'blue', 'read', 'gate red'],
      ['host', 'last', 'third', 'read', 'task done'],
    ],
  );
  assert.match(given.told.get('coder/third/2') ?? '', /With the change of blue merged the gate is red/u);
  assert.match(given.told.get('coder/last/1') ?? '', /third is done and merged: Counted to 3\./u);
  assert.deepEqual(
    messages.filter((message) => isAbout(message, 'gate red')).map(({ task: of }) => of),
    ['blue'],
  );
  assert.ok(messages.every((message) => isAbout(message, 'attempt:1') && !isAbout(message, 'attempt:2')));
  assert.match(messagesText(played.view, 'third done'), /host to last \(third, task done, attempt 1\)/u);
  const { divergence } = await replayRun(played.ports, played.id);
  assert.equal(divergence, undefined);
});
