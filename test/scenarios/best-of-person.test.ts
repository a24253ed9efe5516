/** Best of several: the person chooses before the merge, or takes another's work at the review. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AGENTS, author, BASIC, boardOf, chosenIn, greet, PLANNER, replays } from './candidates.ts';
import { play } from './check.ts';
import { agent, approve, call, edit, FILES, plan, result, script, task } from './parts.ts';

const ASKING = { interactive: true, approvals: { plan: false, commands: true, changes: true } };
const APPLY = { decision: 'apply', accepted: ['src/greet.txt'], rejected: [] };

describe('the person', () => {
  const asks = { ...ASKING, bestOf: { choose: 'ask' as const } };
  test('chooses before anything is integrated, and what is no candidate is asked about again', async () => {
    const played = await play({
      ...BASIC,
      settings: asks,
      answers: {
        'choose/fix/1': { text: 'the first' },
        'choose/fix/1/2': { text: 'Candidate 2' },
        'review/1': APPLY,
      },
    });
    assert.deepEqual(chosenIn(played), [
      { task: 'fix', attempt: 1, candidate: 2, by: 'person', why: 'The rule says 3.' },
    ]);
    assert.equal(played.file('src/greet.txt'), 'hello\nand more\nand more\n');
    await replays(played);
  });

  test('is not asked where there is no choice', async () => {
    const dies = [1, 2].map((candidate) => author(candidate, 'No.', 'No.'));
    const played = await play({
      files: FILES,
      script: script(PLANNER, ...dies, AGENTS[2] ?? {}, agent('reviewer', [[approve]])),
      settings: asks,
      answers: { 'review/1': APPLY },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
  });

  const choose = (candidate: number) => ({
    decision: 'choose',
    accepted: [],
    rejected: [],
    choice: { task: 'fix', candidate },
  });
  test('overrules at the review: the other’s work is tested on the tree and takes its place', async () => {
    const played = await play({
      ...BASIC,
      settings: ASKING,
      answers: { 'review/1': choose(2), 'review/2': APPLY },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.equal(played.file('src/greet.txt'), 'hello\nand more\nand more\n');
    assert.deepEqual(
      chosenIn(played).map(({ candidate, by }) => [candidate, by]),
      [
        [3, 'rule'],
        [2, 'person'],
      ],
    );
    assert.deepEqual(
      boardOf(played).map(({ chosen }) => chosen?.by),
      [undefined, 'person', undefined],
    );
    assert.ok(
      played.lines.some(({ key }) => key === 'integrate/fix/1.other.1/gate'),
      'it was tested',
    );
    assert.match(played.view.summary?.body ?? '', /./u);
    await replays(played);
  });

  const refused: readonly (readonly [string, number, RegExp])[] = [
    ['a red one', 1, /no such work/u],
    ['the one that is taken', 3, /is the one that was taken/u],
    ['one that is not there', 7, /no such work/u],
  ];
  for (const [is, candidate, why] of refused)
    test(`cannot take ${is}: it is said, and everything stays`, async () => {
      const played = await play({
        ...BASIC,
        settings: ASKING,
        answers: { 'review/1': choose(candidate), 'review/2': APPLY },
      });
      const alerts = played.lines.flatMap((line) =>
        line.type === 'alert.raised' ? [line.data.message] : [],
      );
      assert.match(alerts.join('\n'), why);
      assert.equal(played.file('src/greet.txt'), 'hello\n');
    });
});

describe('overruling beside other tasks', () => {
  const files = {
    ...FILES,
    'test/pair.test.js':
      "test('short words stay alone', () => assert.ok(!(read('src/greet.txt') === 'hello\\n' && read('src/other.txt') === 'mine\\n')));",
  };
  const other = task({ id: 'other', title: 'Other', files: ['src/other.txt'], candidates: 1, priority: 5 });
  const fix = task({ candidates: 2, files: ['src/greet.txt'] });
  const team = (...firsts: Parameters<typeof agent>[1]) =>
    script(
      agent('planner', [[plan(other, fix)]]),
      agent('coder', [[edit('src/other.txt', 'other', 'mine'), result('Mine.')]], { task: 'other' }),
      author(1, ...firsts),
      author(2, greet('hello\nand more\nand more')),
      agent('reviewer', [[approve], [approve]]),
      agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
    );
  const choose = (candidate: number) => ({
    decision: 'choose',
    accepted: [],
    rejected: [],
    choice: { task: 'fix', candidate },
  });
  const all = { decision: 'apply', accepted: ['src/greet.txt', 'src/other.txt'], rejected: [] };
  const settings = { ...ASKING, limits: { gateRounds: 1, concurrency: 3 } };

  test('what is red with the rest of the change is not taken; the person is told why', async () => {
    const played = await play({
      files,
      script: team(greet('hello'), [result('No idea.')]),
      settings,
      answers: { 'review/1': choose(1), 'review/2': all },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.equal(played.file('src/greet.txt'), 'hello\nand more\nand more\n');
    const asked = played.lines.find(({ type, key }) => type === 'signal.opened' && key === 'review/2');
    assert.match(
      JSON.stringify(asked?.data),
      /Candidate 1 of fix was not taken: with the rest of the change the tests are red/u,
    );
    await replays(played);
  });

  test('one that began before others were merged is brought up to date, tested, and keeps their work', async () => {
    const mends = [
      call('read_file', { path: 'src/greet.txt' }),
      edit('src/greet.txt', 'hello', 'hello, dear'),
      result('Longer.'),
    ];
    const played = await play({
      files,
      script: team(greet('hello'), [mends[0] ?? {}], mends.slice(1)),
      settings,
      answers: { 'review/1': choose(2), 'review/2': all },
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.deepEqual(
      [played.file('src/greet.txt'), played.file('src/other.txt')],
      ['hello\nand more\nand more\n', 'mine\n'],
    );
    assert.ok(
      played.lines.some(({ key = '' }) => key.endsWith('.other.1/onto')),
      'it was brought up to date',
    );
    await replays(played);
  });
});
