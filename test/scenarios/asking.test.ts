/** Agents that ask each other: who answers, and that nobody waits for ever, whatever the other does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TEAM_LIMITS } from '../../src/core/limits.ts';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

type Calls = readonly (readonly ReturnType<typeof call>[])[];

const ask = (to: string, question = 'Which greeting?') => call('ask_teammate', { to, question });
const say = (to: string, text: string) => call('post_message', { to, text });
const look = (n: number) => call('list_files', { max: n });
const summary = agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]);
const answer = (text: string) => call('submit_answer', { answer: text });

const TWO = plan(
  task({ id: 'one', files: ['src/greet.txt'] }),
  task({ id: 'two', title: 'Change the other', files: ['src/other.txt'] }),
);

/** What each agent was told, by role and task. */
function listening(scenario: Scenario): Scenario & { readonly heard: (who: string) => string } {
  const heard = new Map<string, string>();
  return {
    ...scenario,
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        const who = `${request.role} ${request.task ?? ''}`;
        heard.set(who, `${heard.get(who) ?? ''}${request.messages.map(({ content }) => content).join('\n')}`);
        return scripted.complete(request, context);
      },
    }),
    heard: (who) => heard.get(who) ?? '',
  };
}

async function done(scenario: Scenario): Promise<Played> {
  const played = await play(scenario);
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
  assert.equal(report.divergence, undefined);
  return played;
}

const guards = ({ view }: Played): readonly string[] =>
  (view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`);

const kinds = ({ view }: Played): readonly string[] =>
  (view.team?.messages ?? []).map(({ kind = 'notification', from, to }) => `${kind} ${from} > ${to}`);

test('nobody of that role is at work: one is made with the asker’s diff, reads, answers and is gone', async () => {
  const scenario = listening({
    files: FILES,
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [[fix, ask('researcher', 'Is hello right?')], [result()]]),
      agent('researcher', [
        [call('read_file', { path: 'src/greet.txt' })],
        [answer('Yes: the tests want hello.')],
      ]),
      agent('reviewer', [[approve]]),
    ),
  });
  const played = await done(scenario);
  assert.match(scenario.heard('researcher fix'), /a question of coder[\s\S]*Is hello right\?[\s\S]*\+hello/u);
  assert.match(scenario.heard('coder fix'), /the answer of researcher[\s\S]*the tests want hello/u);
  assert.deepEqual(kinds(played), [
    'request coder > researcher',
    'response researcher > task/fix/attempt/1/coder',
  ]);
  const made = played.lines.flatMap((line) =>
    line.type === 'agent.created' && line.data.agent.endsWith('/answer') ? [line.data.tools] : [],
  );
  assert.ok(made[0]?.includes('submit_answer'));
  for (const tool of ['run_code', 'ask_teammate', 'post_message', 'edit_file'])
    assert.ok(!made[0]?.includes(tool), tool);
  assert.deepEqual(played.view.team?.waits, []);
});

test('whoever works on the task answers at its next turn, by a message to who asks; the host tells that it is the answer', async () => {
  const scenario = listening({
    files: FILES,
    script: script(
      agent('planner', [[TWO]]),
      agent('coder', [[ask('two')], [fix, result()]], { task: 'one' }),
      agent('coder', [[look(1)], [look(2)], [say('one', 'Use hello.')], [result()]], { task: 'two' }),
      agent('reviewer', [[approve]]),
      summary,
    ),
  });
  const played = await done(scenario);
  assert.match(scenario.heard('coder two'), /waits for your answer: post_message to "one"/u);
  assert.match(scenario.heard('coder one'), /the answer of coder[\s\S]*Use hello/u);
  const coders = ['task/two/attempt/1/coder', 'task/one/attempt/1/coder'];
  assert.deepEqual(kinds(played), [`request coder > ${coders[0]}`, `response coder > ${coders[1]}`]);
  assert.deepEqual(guards(played), []);
});

const CIRCLES: readonly { readonly name: string; readonly scenario: Scenario; readonly why: RegExp }[] = [
  {
    name: 'two who ask each other: the second is told that the first waits for it',
    scenario: {
      files: FILES,
      script: script(
        agent('planner', [[TWO]]),
        agent('coder', [[ask('two')], [fix, result()]], { task: 'one' }),
        agent('coder', [[look(1)], [ask('one')], [say('one', 'Use hello.')], [result()]], { task: 'two' }),
        agent('reviewer', [[approve]]),
        summary,
      ),
    },
    why: /one\/attempt\/1\/coder waits for task\/two/u,
  },
  {
    name: 'a task that comes after the asker’s',
    scenario: {
      files: FILES,
      script: script(
        agent('planner', [
          [
            plan(
              task({ id: 'one', files: ['src/greet.txt'] }),
              task({ id: 'two', files: ['src/other.txt'], depends_on: ['one'] }),
            ),
          ],
        ]),
        agent('coder', [[ask('two')], [fix, result()]], { task: 'one' }),
        agent('coder', [[result()]], { task: 'two' }),
        agent('reviewer', [[approve]]),
        summary,
      ),
    },
    why: /two waits for one: it comes after that task/u,
  },
  {
    name: 'a task that waits for files that the asker’s task holds',
    scenario: {
      files: FILES,
      script: script(
        agent('planner', [
          [
            plan(
              task({ id: 'one', files: ['src/**'], priority: 5 }),
              task({ id: 'two', files: ['src/other.txt'] }),
            ),
          ],
        ]),
        agent('coder', [[ask('two')], [fix, result()]], { task: 'one' }),
        agent('coder', [[result()]], { task: 'two' }),
        agent('reviewer', [[approve]]),
        summary,
      ),
    },
    why: /two waits for one: that task may write the same files/u,
  },
];

for (const { name, scenario, why } of CIRCLES)
  test(`deadlock: ${name}`, async () => {
    const played = await done(scenario);
    assert.deepEqual(guards(played), ['deadlock answered']);
    assert.match(played.view.team?.guards[0]?.why ?? '', why);
  });

test('whoever is asked says nothing for too long, or ends: somebody else answers', async () => {
  for (const [silent, why] of [
    [Array.from({ length: 9 }, (_, n) => [look(n + 1)]), /took 4 turns without answering/u],
    [[[look(1)]], /ended without answering/u],
  ] as const) {
    const played = await done({
      files: FILES,
      script: script(
        agent('planner', [[TWO]]),
        {
          role: 'coder',
          task: 'one',
          replies: [
            { turn: 'any', when: 'coder asks you', calls: [answer('Use hello.')] },
            { turn: 1, calls: [ask('two')] },
            { turn: 2, when: 'Use hello', calls: [fix, result()] },
          ],
        },
        agent('coder', [...silent, [result()]], { task: 'two' }),
        agent('reviewer', [[approve]]),
        summary,
      ),
    });
    assert.match(played.view.team?.guards[0]?.why ?? '', why);
  }
});

function many(asks: number, between: readonly ReturnType<typeof call>[] = []): Scenario {
  const turns: Calls = Array.from({ length: asks }, (_, n) => [
    ...between.slice(n, n + 1),
    ask('researcher', `Question ${String(n)}?`),
  ]);
  return {
    files: { ...FILES, 'src/count.txt': '0\n' },
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [...turns, [fix, result()]]),
      agent('researcher', [[answer('I do not know.')]]),
      agent('reviewer', [[approve]]),
    ),
  };
}

test('two who only ask each other are told to decide, then refused; the run goes on', async () => {
  const played = await done(many(11));
  const fired = guards(played).filter((each) => each.startsWith('exchange'));
  assert.equal(fired[0], 'exchange told');
  assert.equal(fired.at(-1), 'exchange refused');
  const asked = kinds(played).filter((kind) => kind.startsWith('request'));
  assert.ok(asked.length < 11, String(asked.length));
});

test('as many questions while the files change are no loop', async () => {
  const edits = Array.from({ length: 11 }, (_, n) =>
    call('edit_file', { path: 'src/count.txt', edits: [{ old_text: String(n), new_text: String(n + 1) }] }),
  );
  const played = await done(many(11, edits));
  assert.deepEqual(guards(played), []);
});

test('one question each to several teammates of one role is no loop', async () => {
  const ids = ['two', 'three', 'four', 'five', 'six', 'seven'];
  const later = ids.map((id) => task({ id, title: id, files: [`src/${id}.txt`], depends_on: ['one'] }));
  const played = await done({
    files: FILES,
    script: script(
      agent('planner', [[plan(task({ id: 'one', files: ['src/greet.txt'] }), ...later)]]),
      {
        role: 'coder',
        task: 'one',
        replies: [
          { turn: 'any', when: 'coder asks you', calls: [answer('Nothing.')] },
          ...ids.map((id, at) => ({ turn: at + 1, calls: [ask(id, `What does ${id} need?`)] })),
          { turn: ids.length + 1, calls: [fix, result()] },
        ],
      },
      ...ids.map((id) =>
        agent('coder', [[call('write_file', { path: `src/${id}.txt`, content: 'x\n' }), result()]], {
          task: id,
        }),
      ),
      agent(
        'reviewer',
        Array.from({ length: 7 }, () => [approve]),
      ),
      summary,
    ),
  });
  assert.deepEqual(
    guards(played).filter((each) => each.startsWith('exchange')),
    [],
  );
});

test('what was said before the question was read answers nothing; what is said to all is told to all', async () => {
  const played = await done({
    files: { ...FILES, 'src/third.txt': 'x\n' },
    settings: { limits: { concurrency: 3 }, processors: 8 },
    script: script(
      agent('planner', [
        [
          plan(
            task({ id: 'one', files: ['src/greet.txt'] }),
            task({ id: 'two', title: 'Two', files: ['src/other.txt'] }),
            task({ id: 'three', title: 'Three', files: ['src/third.txt'] }),
          ),
        ],
      ]),
      agent('coder', [[look(9)], [ask('two', 'May I drop it?')], [fix, result()]], { task: 'one' }),
      agent(
        'coder',
        [
          [look(1)],
          [say('one', 'I begin with the other file.')],
          [look(2)],
          [say('team', 'The schema has changed.')],
          [say('one', 'Never drop it.')],
          [result()],
        ],
        { task: 'two' },
      ),
      agent('coder', [...Array.from({ length: 8 }, (_, n) => [look(n + 1)]), [result()]], { task: 'three' }),
      agent('reviewer', [[approve], [approve], [approve]]),
      summary,
    ),
  });
  const messages = played.view.team?.messages ?? [];
  assert.deepEqual(
    messages.filter(({ kind }) => kind === 'response').map(({ text }) => text),
    ['Never drop it.'],
  );
  const told = messages.find(({ text }) => text === 'The schema has changed.');
  assert.ok(told?.to === 'team', JSON.stringify(told));
  assert.ok(told.readBy.includes('task/three/attempt/1/coder'), told.readBy.join(', '));
});

test('asking somebody who does not exist is an error with the names there are', async () => {
  const scenario = listening({
    files: FILES,
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [[ask('wizard')], [fix, result()]]),
      agent('reviewer', [[approve]]),
    ),
  });
  await done(scenario);
  assert.match(scenario.heard('coder fix'), /Nobody is called "wizard"\. Ask a role \(coder/u);
});

test('facts: noted, changed by compare-and-set, told to whoever comes later, and shown', async () => {
  const fact = (args: object) => call('facts', { ...args });
  const scenario = listening({
    files: FILES,
    script: script(
      agent('planner', [
        [
          plan(
            task({ id: 'one', files: ['src/greet.txt'] }),
            task({ id: 'two', files: ['src/other.txt'], depends_on: ['one'] }),
          ),
        ],
      ]),
      agent(
        'coder',
        [
          [fact({ key: 'greeting', text: 'It is hello.' })],
          [fact({ key: 'greeting', text: 'It is hallo.' })],
          [fact({ key: 'greeting', text: 'It is hello, in lower case.', version: 1 })],
          [fact({ about: 'greeting' })],
          [fix, result()],
        ],
        { task: 'one' },
      ),
      agent('coder', [[result()]], { task: 'two' }),
      agent('reviewer', [[approve]]),
      summary,
    ),
  });
  const played = await done(scenario);
  assert.match(scenario.heard('coder one'), /stands at version 1[\s\S]*It is hello\./u);
  assert.match(
    scenario.heard('coder two'),
    /The team has established:[\s\S]*greeting \(v2, coder of one\): It is hello, in lower case\./u,
  );
  assert.deepEqual(
    played.view.team?.facts.map(({ key, version, by, former }) => [key, version, by, former]),
    [['greeting', 2, 'coder', { text: 'It is hello.', by: 'coder' }]],
  );
  const noted = played.lines.findLast(({ type }) => type === 'fact.noted');
  assert.equal(played.view.team.facts[0]?.id, noted?.seq);
});

test('more facts than the team keeps: the oldest gives way, it is an event, and a version stands for one text', async () => {
  const notes = Array.from({ length: TEAM_LIMITS.facts + 1 }, (_, n) =>
    call('facts', { key: `k${n}`, text: `fact ${n}` }),
  );
  const played = await done({
    files: FILES,
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [notes, [call('facts', { key: 'k0', text: 'anew' })], [fix, result()]]),
      agent('reviewer', [[approve]]),
    ),
  });
  const noted = played.lines.flatMap((line) =>
    line.type === 'fact.noted' && line.data.key === 'k0' ? [`${line.data.text} v${line.data.version}`] : [],
  );
  assert.deepEqual(noted, ['fact 0 v1', 'anew v2']);
  const limits = played.lines.flatMap((line) => (line.type === 'limit.reached' ? [line.data.limit] : []));
  assert.deepEqual(limits, ['facts']);
  const shown = (played.view.team?.facts ?? []).map(({ key }) => key);
  assert.equal(shown.length, TEAM_LIMITS.facts);
  assert.deepEqual([shown.includes('k0'), shown.includes('k1')], [true, false]);
});
