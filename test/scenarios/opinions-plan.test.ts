/** A question of the plan put to several agents and models, and a whole of sub-tasks that several review: weighed, judged, split, silent. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { AnsweredData, ConsensusSettings } from '../../src/protocol/consensus.ts';
import { createStory } from '../../src/terminal/story.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, call, edit, FILES, fix, plan, result, script, task } from './parts.ts';

const ENDPOINTS = ['one', 'two', 'three'];
const find = (summary: string) => call('submit_findings', { summary });
const review = (verdict: string) => call('submit_review', { verdict });

/** Which call each endpoint answers a question of that role with; undefined: it talks and hands nothing over. */
type Answers = Readonly<Record<string, ReturnType<typeof call> | undefined>>;

interface Question {
  readonly role: 'researcher' | 'reviewer';
  readonly answers: Answers;
  readonly consensus?: Partial<ConsensusSettings>;
  readonly candidates?: number;
  readonly budget?: object;
}

function asking(question: Question): Scenario & { readonly heard: ModelRequest[] } {
  const { role, answers, consensus = {}, candidates, budget = {} } = question;
  const heard: ModelRequest[] = [];
  return {
    heard,
    files: FILES,
    settings: {
      endpoints: ENDPOINTS.map((id) => ({ id, kind: 'scripted' as const, model: id })),
      routes: { default: ['one'], [role]: ENDPOINTS },
      consensus: { when: 'risky' as const, ...consensus },
      budget,
      limits: { attempts: 1, replans: 0 },
    },
    script: script(
      agent('planner', [
        [
          plan(
            task({
              id: 'ask',
              title: 'Keep it?',
              role,
              estimate_tokens: 40_000,
              ...(candidates && { candidates }),
            }),
            task({ depends_on: ['ask'], estimate_tokens: 10_000 }),
          ),
        ],
      ]),
      agent('coder', [[fix, result()]]),
      agent('reviewer', [[review('approve')]], { task: 'fix' }),
      agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') heard.push(request);
        if (request.task !== 'ask') return scripted.complete(request, context);
        const isJudge = request.messages.some(({ content }) =>
          content.includes('Several before you worked on'),
        );
        const who = isJudge ? 'judge' : (request.endpoints[0]?.id ?? '');
        if (!(who in answers)) throw new Error(`nobody should ask ${who}`);
        const given = answers[who];
        const calls = given
          ? [{ id: who, name: String(given['tool']), arguments: JSON.stringify(given['args']) }]
          : [];
        return Promise.resolve({
          content: given ? '' : 'I wonder.',
          toolCalls: calls,
          finish: given ? ('tool_calls' as const) : ('stop' as const),
          usage: { inputTokens: 10, outputTokens: 10, estimated: false },
          endpoint: request.endpoints[0]?.id ?? '',
          model: 'scripted',
          tries: [],
        });
      },
    }),
  };
}

const answered = ({ lines }: Played): readonly AnsweredData[] =>
  lines.flatMap((line) => (line.type === 'consensus.answered' ? [line.data] : []));

async function asked(question: Question): Promise<{ played: Played; data: AnsweredData; told: string }> {
  const scenario = asking(question);
  const played = await play(scenario);
  assert.equal(played.end.kind, 'finished', JSON.stringify(played.end));
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
  const [data, ...more] = answered(played);
  assert.ok(data && more.length === 0, `${String(more.length)} more`);
  const told = scenario.heard.flatMap(({ messages }) => messages.map(({ content }) => content)).join('\n');
  return { played, data, told };
}

const judged = (answer: string, choice: string) => call('submit_answer', { answer, choice });

test('words are judged by one more who reads all; the outcome goes to the team, and where they differ is shown', async () => {
  const { played, data, told } = await asked({
    role: 'researcher',
    candidates: 3,
    answers: {
      one: find('Keep it: tests name it.'),
      two: find('Drop it.'),
      three: find('Keep it.'),
      judge: judged('Keep it, as tests name it.', 'they differ'),
    },
  });
  assert.deepEqual(
    data.votes.map(({ endpoint, text }) => [endpoint, text]),
    [
      ['one', 'Keep it: tests name it.'],
      ['two', 'Drop it.'],
      ['three', 'Keep it.'],
    ],
  );
  assert.deepEqual([data.how, data.split, data.decided], ['judged', true, 'Keep it, as tests name it.']);
  assert.match(data.because, /the plan wants 3 opinions/u);
  assert.match(told, /Keep it, as tests name it/u, 'whoever works after it is told the outcome');
  assert.doesNotMatch(told, /Drop it\./u, 'and not each opinion');
  assert.ok(
    played.view.feed.some((item) => item.kind === 'consensus' && item.about === 'question' && item.split),
  );
  assert.match(played.lines.map(createStory()).join('\n'), /they disagree/u);
  assert.equal(played.view.tasks.find(({ spec }) => spec.id === 'ask')?.state, 'done');
});

test('verdicts are counted: more than half, or by weight', async () => {
  const answers = { one: review('approve'), two: review('request_changes'), three: review('approve') };
  const { data } = await asked({ role: 'reviewer', candidates: 3, answers });
  assert.deepEqual([data.how, data.split, data.decided], ['majority', true, 'approve']);
  const weighted = { how: 'weighted' as const, weights: { two: 5 } };
  const other = await asked({ role: 'reviewer', candidates: 3, answers, consensus: weighted });
  assert.deepEqual([other.data.how, other.data.decided], ['weighted', 'request_changes']);
});

test('a tie of verdicts is judged', async () => {
  const answers = {
    one: review('approve'),
    two: review('request_changes'),
    judge: judged('It is wrong.', 'they differ'),
  };
  const { data } = await asked({ role: 'reviewer', candidates: 2, answers });
  assert.deepEqual([data.how, data.split, data.decided], ['judged', true, 'It is wrong.']);
});

test('one who says nothing is told; none who says anything fails the task and blocks what waits for it', async () => {
  const some = await asked({
    role: 'researcher',
    candidates: 2,
    answers: { one: undefined, two: find('Keep it.'), judge: judged('Keep it.', 'they agree') },
  });
  assert.deepEqual(
    some.data.votes.map(({ silent = false }) => silent),
    [true, false],
  );
  assert.deepEqual([some.data.split, some.data.decided], [false, 'Keep it.']);
  const none = await asked({
    role: 'researcher',
    candidates: 2,
    answers: { one: undefined, two: undefined },
  });
  assert.equal(none.data.decided, undefined);
  assert.deepEqual(
    none.played.view.tasks.map(({ state }) => state),
    ['failed', 'blocked'],
  );
});

test('asked by the settings alone, with every question; never where they say so, whatever the plan wants', async () => {
  const answers = { one: find('Keep it.'), two: find('Keep it.'), judge: judged('Keep it.', 'they agree') };
  const { data } = await asked({ role: 'researcher', answers, consensus: { when: 'always', voters: 2 } });
  assert.equal(data.because, 'the settings ask for it with every question');
  const one = { role: 'researcher' as const, candidates: 3, answers, consensus: { when: 'never' as const } };
  const played = await play(asking(one));
  assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', JSON.stringify(played.end));
  assert.deepEqual(answered(played), []);
});

test('no more are asked than there is budget for, and it says so', async () => {
  const { data } = await asked({
    role: 'researcher',
    candidates: 3,
    answers: { one: find('Keep it.'), two: find('Keep it.'), judge: judged('Keep it.', 'they agree') },
    budget: { tokensMax: 130_000 },
  });
  assert.equal(data.votes.length, 2);
  assert.match(data.because, /wants 3 opinions, and the budget has room for 2/u);
});

/** Two sub-tasks, of which one deletes a file: what they come to is risky. */
const WHOLE: Scenario = {
  files: { 'src/a.txt': 'a\n', 'src/b.txt': 'b\n', 'test/all.spec': 'a stays: src/a.txt has a\n' },
  settings: { consensus: { when: 'risky' }, limits: { replans: 0 } },
  script: script(
    agent('planner', [
      [
        plan(
          task({
            id: 'whole',
            files: ['src/*.txt'],
            acceptance: ['b is gone.'],
            tasks: [
              task({ id: 'a', title: 'A', files: ['src/a.txt'] }),
              task({ id: 'b', title: 'B', files: ['src/b.txt'] }),
            ],
          }),
        ),
      ],
    ]),
    agent('coder', [[edit('src/a.txt', 'a', 'aa'), result()]], { task: 'whole.a' }),
    agent('coder', [[call('delete_file', { path: 'src/b.txt' }), result()]], { task: 'whole.b' }),
    agent('coder', [[edit('src/a.txt', 'aa', 'aaa'), result()]], { task: 'whole' }),
    agent('reviewer', [[review('approve')]]),
    agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
  ),
};

test('what sub-tasks come to is reviewed by several where that is risky, and more than half must approve', async () => {
  let at = 0;
  const votes = ['approve', 'request_changes', 'request_changes'];
  const played = await play({
    ...WHOLE,
    models: (scripted) => ({
      complete(request, context) {
        const isClosing = request.messages.some(({ content }) =>
          content.includes('look whether they come to the whole'),
        );
        if (!isClosing) return scripted.complete(request, context);
        const verdict = votes[at++] ?? 'approve';
        return Promise.resolve({
          content: '',
          toolCalls: [{ id: 'v', name: 'submit_review', arguments: JSON.stringify({ verdict }) }],
          finish: 'tool_calls' as const,
          usage: { inputTokens: 10, outputTokens: 10, estimated: false },
          endpoint: 'script',
          model: 'scripted',
          tries: [],
        });
      },
    }),
  });
  const reached = played.lines.flatMap((line) =>
    line.type === 'consensus.reached' && line.data.task === 'whole' ? [line.data] : [],
  );
  assert.equal(reached[0]?.because, 'it deletes src/b.txt');
  assert.deepEqual(
    reached[0].votes.map(({ verdict }) => verdict),
    votes,
  );
  assert.deepEqual([reached[0].verdict, reached[0].split], ['request_changes', true]);
  const states = played.lines.flatMap((line) =>
    line.type === 'task.changed' && line.data.task === 'whole'
      ? [`${String(line.data.attempt)} ${line.data.state}`]
      : [],
  );
  assert.ok(states.includes('1 failed') && states.includes('2 working'), states.join());
  assert.equal((await replayRun(played.ports, played.id)).divergence, undefined);
});
