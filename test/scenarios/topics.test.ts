/** Topics: who follows one hears what is said on it, by the plan or once it has written to it; what nobody follows is a dead letter. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/core/run/engine.ts';
import { readSaid } from '../../src/protocol/people.ts';
import { planChange } from '../../src/protocol/plan-change.ts';
import { play, type Scenario } from './check.ts';
import { worldSaying } from './saying.ts';
import { agent, approve, call, FILES, plan, result, script, task } from './parts.ts';

const post = (to: string, text: string) => call('post_message', { to, text });
const write = (id: string) => [
  call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }),
  result(`Did ${id}.`),
];
const of = (id: string, more: object = {}) =>
  task({ id, title: `Do ${id}`, files: [`src/${id}.txt`], ...more });
const coder = (id: string, ...replies: Parameters<typeof agent>[1]) => agent('coder', replies, { task: id });

/** Two coders meet at `#api` by the plan, one after the other; a third comes to it by itself, and a fourth never does. */
function meeting(): Scenario & { readonly told: (id: string) => string } {
  const told = new Map<string, string>();
  return {
    files: FILES,
    settings: { limits: { concurrency: 1 } },
    told: (id) => told.get(id) ?? '',
    script: script(
      agent('planner', [
        [
          plan(
            of('server', { topics: ['#api'] }),
            of('client', { topics: ['api'], depends_on: ['server'] }),
            of('docs', { depends_on: ['client'] }),
            of('other', { depends_on: ['docs'] }),
          ),
        ],
      ]),
      coder(
        'server',
        [post('#API', 'The field is called id.'), post('#lost', 'Is anybody here?')],
        write('server'),
      ),
      coder('client', write('client')),
      coder('docs', [post('#api', 'I describe it.')], write('docs')),
      coder('other', write('other')),
      agent('reviewer', [[approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      complete(request, context) {
        const { role, task: id = '', messages } = request;
        if (role === 'coder') told.set(id, messages.map(({ content }) => content).join('\n'));
        return scripted.complete(request, context);
      },
    }),
  };
}

test('two coders meet at a topic: who comes later hears what was said before; what nobody follows is dead', async () => {
  const scenario = meeting();
  const played = await play(scenario);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  assert.deepEqual(
    played.view.team?.messages
      .filter(({ from }) => from !== 'host')
      .map(({ to, text, state, readBy }) => [to, text, state, readBy]),
    [
      [
        '#api',
        'The field is called id.',
        'read',
        ['task/client/attempt/1/coder', 'task/docs/attempt/1/coder'],
      ],
      ['#lost', 'Is anybody here?', 'dead', []],
      ['#api', 'I describe it.', 'dead', []],
    ],
  );
  assert.match(scenario.told('server'), /You follow #api: say there/u);
  assert.match(
    scenario.told('server'),
    /Sent to #lost\. Nobody else follows it now; whoever does later reads it\./u,
  );
  assert.match(scenario.told('client'), /The field is called id\./u);
  assert.doesNotMatch(scenario.told('other'), /The field is called id\./u);
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
});

test('the person speaks to a topic: who follows it reads that, and nobody else', async () => {
  const scenario = meeting();
  const world = worldSaying(scenario, {
    'coder/server/1/1': async (run, { ports }) => {
      const value = readSaid('@#api Call it key.');
      await ports.store.putSignal(run, { name: 'steer', value, from: 'person' });
    },
  });
  const played = await play(scenario, world);
  assert.equal(played.end.kind, 'finished', played.end.message);
  const said = played.view.team?.messages.find(({ from }) => from === 'person');
  assert.deepEqual(
    said?.readBy.map((each) => each.split('/')[1]),
    ['server', 'client', 'docs'],
  );
});

test('a task that follows other topics is another one, and begins anew', () => {
  const before = { summary: 'Plan', tasks: [{ ...SPEC, topics: ['#api'] }] };
  assert.deepEqual(planChange(before, { ...before, tasks: [{ ...SPEC, topics: ['#db'] }] }).changed, ['a']);
  assert.deepEqual(planChange(before, before).changed, []);
});

const SPEC = {
  id: 'a',
  title: 'A',
  description: 'A.',
  role: 'coder',
  depends_on: [],
  acceptance: [],
  priority: 0,
  gate: 'own' as const,
};
