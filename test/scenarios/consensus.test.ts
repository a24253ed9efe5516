/** Several review a risky change: how their votes decide, that a split is shown, and that a replay goes the same way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRequest } from '../../src/core/models/contract.ts';
import { tally } from '../../src/core/team/consensus.ts';
import type { ConsensusSettings } from '../../src/protocol/consensus.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const against = (body: string) =>
  call('submit_review', {
    verdict: 'request_changes',
    comments: [{ path: 'src/greet.txt', line: 1, severity: 'blocking', body }],
  });

const ENDPOINTS = ['one', 'two', 'three'];

/** What the model of each endpoint says of a change, round by round; `judge`: what the judge says. */
function team(
  votes: Readonly<Record<string, readonly ReturnType<typeof call>[]>>,
  consensus: Partial<ConsensusSettings>,
  work = [
    [fix, result()],
    [
      call('edit_file', { path: 'src/greet.txt', edits: [{ old_text: 'hello', new_text: 'hello, you' }] }),
      result(),
    ],
  ],
): Scenario {
  const said = new Map<string, number>();
  return {
    files: FILES,
    settings: {
      endpoints: ENDPOINTS.map((id) => ({ id, kind: 'scripted' as const, model: id })),
      routes: { default: ['one'], reviewer: ENDPOINTS },
      consensus: { when: 'always', ...consensus },
    },
    script: script(agent('planner', [[plan(task())]]), agent('coder', work), agent('reviewer', [[approve]])),
    models: (scripted) => ({
      complete(request: ModelRequest, context) {
        if (request.role !== 'reviewer') return scripted.complete(request, context);
        const isJudge = request.messages.some(({ content }) => content.includes('Reviewers before you said'));
        const who = isJudge ? 'judge' : (request.endpoints[0]?.id ?? '');
        const round = said.get(who) ?? 0;
        said.set(who, round + 1);
        const reply = votes[who]?.[round];
        if (!reply) throw new Error(`${who} has no vote for round ${String(round)}`);
        const { tool, args } = reply as { tool: string; args: object };
        return Promise.resolve({
          content: '',
          toolCalls: [{ id: `${who}${String(round)}`, name: tool, arguments: JSON.stringify(args) }],
          finish: 'tool_calls' as const,
          usage: { inputTokens: 1, outputTokens: 1 },
          endpoint: request.endpoints[0]?.id ?? '',
          model: who,
          tries: [],
        } as never);
      },
    }),
  };
}

async function played(scenario: Scenario): Promise<Played> {
  const run = await play(scenario);
  const report = await createEngine(run.enginePorts, { whenWaiting: 'pause' }).replay(run.id);
  assert.equal(report.divergence, undefined);
  return run;
}

const reached = ({ lines }: Played) =>
  lines.flatMap((line) => (line.type === 'consensus.reached' ? [line.data] : []));

test('a majority approves; who did not is heard by the person', async () => {
  const run = await played(team({ one: [approve], two: [against('Say you.')], three: [approve] }, {}));
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  const [consensus] = reached(run);
  assert.deepEqual([consensus?.verdict, consensus?.split], ['approve', true]);
  assert.deepEqual(
    consensus?.votes.map(({ endpoint, verdict }) => [endpoint, verdict]),
    [
      ['one', 'approve'],
      ['two', 'request_changes'],
      ['three', 'approve'],
    ],
  );
  assert.match(
    run.view.tasks[0]?.review?.comments[0]?.body ?? '',
    /^\[a reviewer who asks for changes\] Say you\./u,
  );
  const card = run.view.feed.find((item) => item.kind === 'consensus');
  assert.ok(card?.kind === 'consensus' && card.about === 'review' && card.split);
  assert.deepEqual(
    card.votes.map(({ endpoint, choice }) => [endpoint, choice]),
    [
      ['one', 'approve'],
      ['two', 'request_changes'],
      ['three', 'approve'],
    ],
  );
  assert.match(card.text, /they disagree[\s\S]*two: changes requested/u);
});

test('a majority asks for changes: the author mends, and the same reviewers look again', async () => {
  const run = await played(
    team(
      { one: [approve, approve], two: [against('Say you.'), approve], three: [against('No.'), approve] },
      {},
    ),
  );
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  assert.deepEqual(
    reached(run).map(({ verdict, split }) => [verdict, split]),
    [
      ['request_changes', true],
      ['approve', false],
    ],
  );
  assert.equal(run.file('src/greet.txt'), 'hello, you\n');
});

test('weights decide where the settings say so', async () => {
  const votes = { one: [approve], two: [against('No.')], three: [against('No.')] };
  const run = await played(team(votes, { how: 'weighted', weights: { one: 3 } }));
  assert.deepEqual(
    reached(run).map(({ verdict }) => verdict),
    ['approve'],
  );
});

test('a vote weighs what the endpoint weighs that gave it, where it stood in for the one that was asked', async () => {
  const scenario = team(
    { one: [approve, approve], two: [against('No.'), approve], three: [against('No.'), approve] },
    { how: 'weighted', weights: { one: 3 } },
  );
  const { models } = scenario;
  assert.ok(models);
  const run = await played({
    ...scenario,
    models: (scripted) => ({
      async complete(request, context) {
        const reply = await models(scripted).complete(request, context);
        return request.role === 'reviewer' && reply.endpoint === 'one'
          ? { ...reply, endpoint: 'three' }
          : reply;
      },
    }),
  });
  const [first] = reached(run);
  assert.deepEqual(
    first?.votes.map(({ endpoint, weight }) => [endpoint, weight]),
    [
      ['three', 1],
      ['two', 1],
      ['three', 1],
    ],
  );
  assert.equal(first.verdict, 'request_changes');
});

test('a judge who reads all votes decides, against the number of them', async () => {
  const votes = {
    one: [approve],
    two: [against('It breaks the tests.')],
    three: [approve],
    judge: [against('Right: it breaks the tests.')],
  };
  const run = await played(
    team(
      {
        ...votes,
        one: [approve, approve],
        two: [...votes.two, approve],
        three: [approve, approve],
        judge: [...votes.judge, approve],
      },
      { how: 'judged' },
    ),
  );
  assert.deepEqual(
    reached(run).map(({ verdict, split }) => [verdict, split]),
    [
      ['request_changes', true],
      ['approve', false],
    ],
  );
});

test('only risky changes ask several, if that is what the settings say', async () => {
  const small = await played(team({ one: [approve] }, { when: 'risky' }));
  assert.deepEqual(reached(small), []);
  const risky = await played(
    team({ one: [approve], two: [approve], three: [approve] }, { when: 'risky' }, [
      [fix, call('delete_file', { path: 'src/other.txt' }), result()],
    ]),
  );
  assert.deepEqual(
    reached(risky).map(({ because, split }) => [because, split]),
    [['it deletes src/other.txt', false]],
  );
});

const vote = (verdict: 'approve' | 'request_changes' | 'none', weight = 1) => ({
  agent: 'a',
  endpoint: 'e',
  verdict,
  weight,
  why: '',
});

test('a tie, or too many without a vote, asks for changes', () => {
  const cases = [
    { votes: [vote('approve'), vote('request_changes')], verdict: 'request_changes', split: true },
    { votes: [vote('approve'), vote('none'), vote('none')], verdict: 'request_changes', split: false },
    { votes: [vote('approve'), vote('approve'), vote('none')], verdict: 'approve', split: false },
    { votes: [vote('approve', 2), vote('request_changes', 1.5)], verdict: 'approve', split: true },
    { votes: [], verdict: 'request_changes', split: false },
  ] as const;
  for (const { votes, verdict, split } of cases) assert.deepEqual(tally(votes), { verdict, split });
});
