/** A question put to several: how their answers are weighed or judged, that a split and a silence are shown, and that a replay goes the same way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { transcriptOf } from '../../src/core/run/views/transcript.ts';
import { weigh } from '../../src/core/team/consensus.ts';
import { createStory } from '../../src/terminal/story.ts';
import { teamText } from '../../src/terminal/team-text.ts';
import type { ConsensusSettings } from '../../src/protocol/consensus.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const ENDPOINTS = ['one', 'two', 'three'];
const OPTIONS = ['Keep it', 'Drop it'];

interface Answer {
  readonly answer: string;
  readonly choice?: string;
}

/** What each endpoint's model answers; undefined: it talks and hands nothing over. `judge`: what the judge answers. */
function asking(
  answers: Readonly<Record<string, Answer | undefined>>,
  consensus: Partial<ConsensusSettings> | undefined,
  ask: object = { options: OPTIONS, several: true },
  before: readonly ReturnType<typeof call>[] = [],
): Scenario & { readonly heard: ModelRequest[] } {
  const heard: ModelRequest[] = [];
  const question = call('ask_teammate', { to: 'researcher', question: 'Keep the old greeting?', ...ask });
  return {
    heard,
    files: FILES,
    settings: {
      endpoints: ENDPOINTS.map((id) => ({ id, kind: 'scripted' as const, model: id })),
      routes: { default: ['one'], researcher: ENDPOINTS },
      ...(consensus && { consensus: { when: 'risky' as const, ...consensus } }),
    },
    script: script(
      agent('planner', [[plan(task())]]),
      agent('coder', [
        [...before, question],
        [fix, result()],
      ]),
      // A change that deletes a file is reviewed by several as well.
      agent('reviewer', [[approve], [approve], [approve]]),
    ),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role === 'coder') heard.push(request);
        if (request.role !== 'researcher') return scripted.complete(request, context);
        const isJudge = request.messages.some(({ content }) =>
          content.includes('Several before you answered'),
        );
        const who = isJudge ? 'judge' : (request.endpoints[0]?.id ?? '');
        if (!(who in answers)) throw new Error(`nobody should ask ${who}`);
        const given = answers[who];
        return Promise.resolve({
          content: given ? '' : 'I wonder.',
          toolCalls: given ? [{ id: who, name: 'submit_answer', arguments: JSON.stringify(given) }] : [],
          finish: given ? ('tool_calls' as const) : ('stop' as const),
          usage: { inputTokens: 1, outputTokens: 1, estimated: false },
          endpoint: request.endpoints[0]?.id ?? '',
          model: who,
          tries: [],
        });
      },
    }),
  };
}

async function played(scenario: Scenario): Promise<Played> {
  const run = await play(scenario);
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  const report = await createEngine(run.enginePorts, { whenWaiting: 'pause' }).replay(run.id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
  return run;
}

const answered = ({ lines }: Played) =>
  lines.flatMap((line) => (line.type === 'consensus.answered' ? [line.data] : []));
/** What the coder was told of the answers. */
const told = ({ heard }: { readonly heard: readonly ModelRequest[] }): string =>
  heard.at(-1)?.messages.findLast(({ role }) => role === 'tool')?.content ?? '';
const keep = (answer = 'Tests need it.'): Answer => ({ answer, choice: 'Keep it' });
const drop = (answer = 'Nobody reads it.'): Answer => ({ answer, choice: 'drop it ' });

test('they agree: the answer is theirs, and each one’s words are heard', async () => {
  const scenario = asking({ one: keep(), two: keep('I agree.'), three: keep() }, {});
  const run = await played(scenario);
  const [data] = answered(run);
  assert.deepEqual(
    [data?.decided, data?.split, data?.how, data?.because],
    ['Keep it', false, 'majority', 'whoever asks wants more than one opinion'],
  );
  assert.deepEqual(
    data?.votes.map(({ endpoint }) => endpoint),
    ENDPOINTS,
  );
  assert.match(told(scenario), /they agree\. Decided \(majority\): Keep it[\s\S]*2\. Keep it: I agree\./u);
  const responses = run.lines.filter(
    (line) => line.type === 'message.posted' && line.data.kind === 'response',
  );
  assert.equal(responses.length, 3);
});

test('they differ: more than half decides, and the difference is shown in the talk, the transcript and at the terminal', async () => {
  const scenario = asking({ one: keep(), two: drop(), three: keep() }, {});
  const run = await played(scenario);
  assert.deepEqual(
    answered(run).map(({ decided, split }) => [decided, split]),
    [['Keep it', true]],
  );
  assert.match(told(scenario), /they disagree[\s\S]*2\. Drop it: Nobody reads it\./u);
  const card = run.view.feed.find((item) => item.kind === 'consensus' && item.about === 'question');
  assert.ok(card?.kind === 'consensus');
  assert.deepEqual(
    card.votes.map(({ choice }) => choice),
    ['Keep it', 'Drop it', 'Keep it'],
  );
  const line = /two: Drop it, Nobody reads it\./u;
  assert.match(transcriptOf(run.view), line);
  const story = createStory();
  assert.match(run.lines.map(story).join('\n'), line);
  assert.match(teamText(run.view).join('\n'), /they disagree, majority: Keep it\./u);
});

test('one says nothing: who is silent is for nothing, and it is said', async () => {
  const scenario = asking({ one: keep(), two: undefined, three: drop() }, {});
  const run = await played(scenario);
  const [data] = answered(run);
  assert.equal(data?.decided, undefined, 'one of three is not more than half');
  assert.deepEqual(
    data?.votes.map(({ silent }) => silent ?? false),
    [false, true, false],
  );
  assert.match(told(scenario), /they disagree, 1 of 3 gave no answer\. Nothing has more than half/u);
  const agreed = asking({ one: keep(), two: undefined, three: keep() }, {});
  assert.deepEqual(
    answered(await played(agreed)).map(({ decided, split }) => [decided, split]),
    [['Keep it', false]],
  );
  const none = asking({ one: undefined, two: undefined, three: undefined }, {});
  await played(none);
  assert.match(told(none), /None of 3 answered/u);
});

test('a choice that is none of the options is no answer', async () => {
  const run = await played(
    asking({ one: keep(), two: { answer: 'Burn it.', choice: 'Burn it' }, three: keep() }, {}),
  );
  const [data] = answered(run);
  assert.deepEqual([data?.votes[1]?.silent, data?.decided], [true, 'Keep it']);
});

test('weights decide where the settings say so', async () => {
  const run = await played(
    asking({ one: keep(), two: drop(), three: drop() }, { how: 'weighted', weights: { one: 3 } }),
  );
  assert.deepEqual(
    answered(run).map(({ decided, how }) => [decided, how]),
    [['Keep it', 'weighted']],
  );
});

test('a judge decides against the number, and judges free words, where nothing can be counted', async () => {
  const judged = asking(
    { one: keep(), two: drop('It is dead code.'), three: keep(), judge: drop('Two is right.') },
    { how: 'judged' },
  );
  const [data] = answered(await played(judged));
  assert.deepEqual([data?.decided, data?.said, data?.split], ['Drop it', 'Two is right.', true]);
  const free = asking(
    {
      one: { answer: 'Keep.' },
      two: { answer: 'Keep.' },
      three: { answer: 'Drop.' },
      judge: { answer: 'Keep it, for the tests.', choice: 'they differ' },
    },
    {},
    { several: true },
  );
  const [other] = answered(await played(free));
  assert.deepEqual([other?.how, other?.decided, other?.split], ['judged', 'Keep it, for the tests.', true]);
  assert.match(told(free), /Decided \(judged\): Keep it, for the tests\.[\s\S]*3\. Drop\./u);
});

test('by the setting: a risky change asks several, a harmless one does not, and without the setting one answers', async () => {
  const ask = { options: OPTIONS };
  const all = { one: keep(), two: keep(), three: keep() };
  const harmless = await played(asking(all, { when: 'risky' }, ask));
  assert.deepEqual(answered(harmless), []);
  const risky = await played(
    asking(all, { when: 'risky' }, ask, [call('delete_file', { path: 'src/other.txt' })]),
  );
  assert.deepEqual(
    answered(risky).map(({ because }) => because),
    ['the change that it is about is risky: it deletes src/other.txt'],
  );
  const off = asking(all, undefined, { ...ask, several: true });
  assert.deepEqual(answered(await played(off)), []);
  assert.match(told(off), /Tests need it[\s\S]*One was asked: in this run a question never goes to several/u);
  const question = off.heard.length > 0 && harmless.lines.find((line) => line.type === 'message.posted');
  assert.ok(question);
  assert.equal(
    question.data.text,
    'Keep the old greeting?\n- Keep it\n- Drop it',
    'one hears the options as well',
  );
});

test('more than half of all that were asked, whatever the weights', () => {
  const one = (choice: string | undefined, weight = 1) => ({ choice, weight });
  const cases = [
    { votes: [], winner: undefined, split: false },
    { votes: [one('a'), one('b')], winner: undefined, split: true },
    { votes: [one('a'), one(undefined)], winner: undefined, split: false },
    { votes: [one('a'), one('b', 0.5)], winner: 'a', split: true },
    { votes: [one('a'), one('b'), one('c')], winner: undefined, split: true },
    { votes: [one(undefined), one(undefined)], winner: undefined, split: false },
  ] as const;
  for (const { votes, winner, split } of cases) assert.deepEqual(weigh(votes), { winner, split });
});
