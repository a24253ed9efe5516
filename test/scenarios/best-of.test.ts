/** Best of several: candidates work on their own copies, tests, review and size decide, and the budget holds. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AGENTS,
  author,
  BASIC,
  boardOf,
  changes,
  chosenIn,
  DIAGNOSIS,
  greet,
  PLANNER,
  replays,
  reviewer,
  THREE,
} from './candidates.ts';
import { check, play } from './check.ts';
import { goOn, recordRun } from './crash.ts';
import { agent, approve, call, edit, FILES, plan, result, script, task } from './parts.ts';

describe('the best of several candidates', () => {
  test('red is out, the smaller diff of equals goes on, the board tells of each, and the run replays', async () => {
    const played = await check(BASIC, { end: { outcome: 'done' }, files: { 'src/greet.txt': 'hello\n' } });
    const [choice, ...more] = chosenIn(played);
    assert.deepEqual(more, []);
    assert.deepEqual([choice?.candidate, choice?.by], [3, 'rule']);
    assert.match(choice?.why ?? '', /2 changed lines; the next best, 2, has 4 changed lines/u);
    const board = boardOf(played);
    assert.deepEqual(
      board.map(({ state, chosen, gate }) => [state, chosen?.by, gate?.verdict]),
      [
        ['failed', undefined, 'red'],
        ['ready', undefined, 'green'],
        ['ready', 'rule', 'green'],
      ],
    );
    assert.deepEqual(
      board.map(({ score, review }) => [score?.additions, score?.deletions, score?.review, review?.verdict]),
      [
        [undefined, undefined, undefined, undefined],
        [3, 1, 'approve', 'approve'],
        [1, 1, 'approve', 'approve'],
      ],
    );
    assert.ok(board.every(({ tokens, costUsd }) => tokens > 0 && costUsd === 0));
    assert.equal(played.view.tasks[0]?.gate?.verdict, 'green');
    assert.equal(played.view.summary?.body.includes('Wrote hello.'), true);
    await replays(played);
  });

  test('the setting gives every task that writes to several, and the plan may say otherwise', async () => {
    const twice = { bestOf: { candidates: 2 } };
    const own = script(
      agent('planner', [[plan(task())]]),
      ...AGENTS.slice(1),
      DIAGNOSIS,
      agent('coder', [greet('hello')], { candidate: 1 }),
      agent('reviewer', [[approve]]),
    );
    const played = await play({ files: FILES, script: own, settings: twice });
    assert.equal(boardOf(played).length, 2);
    const one = script(
      agent('planner', [[plan(task({ candidates: 1 }))]]),
      agent('coder', [greet('hello')]),
      agent('reviewer', [[approve]]),
    );
    const alone = await play({ files: FILES, script: one, settings: twice });
    assert.deepEqual([boardOf(alone).length, alone.end.kind], [0, 'finished']);
  });

  test('an approved change goes before a smaller one that needs work', async () => {
    const played = await check(
      { files: FILES, script: script(PLANNER, ...AGENTS, DIAGNOSIS, reviewer(2), reviewer(3, changes)) },
      { end: { outcome: 'done' }, files: { 'src/greet.txt': 'hello\nand more\nand more\n' } },
    );
    assert.match(chosenIn(played)[0]?.why ?? '', /^Approved; the next best, 3, has changes requested/u);
  });

  test('a chosen one whose review asks for changes works on them, then is integrated', async () => {
    const mends = author(3, greet('hello'), [
      edit('src/greet.txt', 'hello', 'hello, dear'),
      result('Nicer.'),
    ]);
    const reviews = agent('reviewer', [[changes], [approve]], { candidate: 3 });
    const dies = author(2, 'No.', 'No.');
    const played = await check(
      { files: FILES, script: script(PLANNER, AGENTS[0] ?? {}, dies, mends, DIAGNOSIS, reviews) },
      { end: { outcome: 'done' }, files: { 'src/greet.txt': 'hello, dear\n' } },
    );
    assert.equal(played.view.tasks[0]?.review?.verdict, 'approve');
    assert.match(chosenIn(played)[0]?.why ?? '', /only one that can be taken/u);
  });

  test('one that stops without a result does not stop the others', async () => {
    const played = await check(
      {
        files: FILES,
        script: script(PLANNER, author(1, 'No.', 'No.'), ...AGENTS.slice(1), agent('reviewer', [[approve]])),
      },
      { end: { outcome: 'done' }, files: { 'src/greet.txt': 'hello\n' } },
    );
    assert.match(boardOf(played)[0]?.note ?? '', /stopped without handing over/u);
  });

  test('all equal: the lower number goes', async () => {
    const same = [1, 2, 3].map((candidate) => author(candidate, greet('hello')));
    const played = await check(
      { files: FILES, script: script(PLANNER, ...same, agent('reviewer', [[approve]])) },
      { end: { outcome: 'done' } },
    );
    assert.deepEqual(
      chosenIn(played).map(({ candidate, why }) => [candidate, why]),
      [[1, 'Nothing tells it from 2; the lower number goes.']],
    );
  });

  test('all red: the attempt fails with every reason, and the next one begins a new board', async () => {
    const bad = [1, 2, 3].map((candidate) =>
      agent('coder', [greet('damn'), [result('Still.')]], { candidate, attempt: 1 }),
    );
    const good = [1, 2, 3].map((candidate) => agent('coder', [greet('hello')], { candidate, attempt: 2 }));
    const played = await check(
      {
        files: FILES,
        script: script(PLANNER, ...bad, ...good, DIAGNOSIS, agent('reviewer', [[approve]])),
        settings: { limits: { gateRounds: 1 } },
      },
      { end: { outcome: 'done' }, files: { 'src/greet.txt': 'hello\n' } },
    );
    const failed = played.lines.flatMap((line) =>
      line.type === 'task.changed' && line.data.state === 'failed' ? [line.data.note ?? ''] : [],
    );
    assert.match(failed[0] ?? '', /^None of 3 candidates can be taken\. 1: .*2: .*3: /su);
    assert.deepEqual(new Set(boardOf(played).map(({ attempt }) => attempt)), new Set([2]));
    await replays(played);
  });

  test('the next best goes on where the best cannot be integrated', async () => {
    // Another task writes what only the best of the two cannot stand beside.
    const files = {
      ...FILES,
      'test/pair.test.js':
        "test('short words stay alone', () => assert.ok(!(read('src/greet.txt') === 'hello\\n' && read('src/other.txt') === 'mine\\n')));",
    };
    const other = task({ id: 'other', title: 'Other', files: ['src/other.txt'], candidates: 1, priority: 5 });
    const fix = task({ ...THREE, candidates: 2, files: ['src/greet.txt'] });
    const played = await check(
      {
        files,
        script: script(
          agent('planner', [[plan(other, fix)]]),
          agent('coder', [[edit('src/other.txt', 'other', 'mine'), result('Mine.')]], { task: 'other' }),
          author(1, greet('hello'), [result('No idea.')]),
          author(2, greet('hello\nand more')),
          agent('reviewer', [[approve]]),
          agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
        ),
        settings: { limits: { gateRounds: 1, concurrency: 3 } },
      },
      { end: { outcome: 'done' } },
    );
    assert.deepEqual(
      chosenIn(played).map(({ candidate }) => candidate),
      [1, 2],
    );
    assert.equal(played.file('src/greet.txt'), 'hello\nand more\n');
    await replays(played);
  });
});

const ENDPOINT = {
  kind: 'scripted',
  model: 'script',
  inputUsdPerMillion: 0,
  outputUsdPerMillion: 0,
} as const;

describe('what tells candidates apart', () => {
  test('the settings name an endpoint and a temperature for each; the role’s own endpoints take turns', async () => {
    const asked = new Map<string, string>();
    const played = await play({
      ...BASIC,
      settings: {
        endpoints: [
          { ...ENDPOINT, id: 'script' },
          { ...ENDPOINT, id: 'second' },
          { ...ENDPOINT, id: 'third' },
        ],
        routes: { default: ['script'], coder: ['script', 'second'] },
        bestOf: { variants: [{ endpoint: 'third', temperature: 0.9 }] },
      },
      models: (scripted) => ({
        complete: (request, context) => {
          if (request.role === 'coder')
            asked.set(String(request.candidate), `${request.endpoints[0]?.id} ${request.temperature}`);
          else assert.equal(request.temperature, undefined);
          return scripted.complete(request, context);
        },
      }),
    });
    assert.deepEqual(Object.fromEntries(asked), {
      1: 'third 0.9',
      2: 'second undefined',
      3: 'script undefined',
    });
    assert.deepEqual(
      boardOf(played).map(({ endpoint, temperature }) => [endpoint, temperature]),
      [
        ['third', 0.9],
        ['second', undefined],
        ['script', undefined],
      ],
    );
  });
});

describe('the budget', () => {
  const cases: readonly { is: string; budget: object; started: number }[] = [
    { is: 'room for all', budget: { tokensMax: 1_000_000 }, started: 3 },
    { is: 'room for two', budget: { tokensMax: 90_000 }, started: 2 },
    { is: 'room for none is room for one', budget: { tokensMax: 40_000 }, started: 1 },
    { is: 'agents for one only', budget: { agentsMax: 4 }, started: 1 },
  ];
  for (const { is, budget, started } of cases)
    test(is, async () => {
      const played = await play({
        files: FILES,
        script: script(
          agent('planner', [[plan(task({ ...THREE, estimate_tokens: 30_000 }))]]),
          agent('coder', [greet('hello')]),
          agent('reviewer', [[approve]]),
        ),
        settings: { budget, limits: { outputTokens: 256 } },
      });
      const board = boardOf(played);
      assert.equal(board.filter(({ state }) => state !== 'leftOut').length, started);
      assert.equal(board.length, 3);
      assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
      await replays(played);
    });
});

describe('a crash in the middle of candidates', () => {
  test('at any line: the run goes on to the same end', async () => {
    const recording = await recordRun(BASIC);
    const failures: string[] = [];
    const ofCandidates = recording.whole.lines.filter(({ key = '' }) => /cand|choose|\/1\//u.test(key));
    assert.ok(ofCandidates.length > 30);
    for (const { seq } of ofCandidates) {
      const crashed = recording.crashAt(seq, 'after');
      if (!crashed) continue;
      await goOn(BASIC, crashed, recording.whole).catch((error: unknown) => {
        failures.push(`line ${seq}: ${String(error)}`);
      });
    }
    assert.deepEqual(failures, []);
  });
});
