/**
 * Budgets of whole runs in memory: 32 agents at once with a random model, crashes, raised limits, warnings, degradation and replay.
 * `QUARTET_SEED=n` plays one seed alone.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelReply, ModelRequest, Models, Try, Usage } from '../../src/core/models/contract.ts';
import { CallFailure } from '../../src/core/models/failure.ts';
import { worstCase } from '../../src/core/models/prices.ts';
import type { LiveRun, RunEnd } from '../../src/core/run/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { verifyRun } from '../../src/core/run/journal/verify.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { sumOf, tokensOf } from '../../src/protocol/ledger.ts';
import { RunSettings, type BudgetLimits } from '../../src/protocol/settings.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { play, worldOf, type Scenario, type World } from './check.ts';
import { agent, approve, edit, FILES, plan, result, REVIEWER, script, task, TEAM } from './parts.ts';
import { randomFor } from './trust/random.ts';

const AGENTS = 32;
const SEEDS =
  process.env['QUARTET_SEED'] === undefined ? [1, 2, 3, 4, 5, 6] : [Number(process.env['QUARTET_SEED'])];
const LIVES_MAX = 80;
const PRICE = { inputUsdPerMillion: 2, outputUsdPerMillion: 10 };
const OUTPUT_TOKENS = 400;

const names = Array.from({ length: AGENTS }, (_, index) => `t${index}`);
/** 32 tasks that know nothing of each other. */
const CROWD: Scenario = {
  files: {
    ...Object.fromEntries(names.map((name) => [`src/${name}.txt`, 'todo\n'])),
    'test/all.spec': names.map((name) => `${name} is done: src/${name}.txt has done\n`).join(''),
  },
  script: script(
    agent('planner', [[plan(...names.map((id) => task({ id, title: id, files: [`src/${id}.txt`] })))]]),
    ...names.map((id) => agent('coder', [[edit(`src/${id}.txt`, 'todo', 'done')], [result()]], { task: id })),
    REVIEWER,
    agent('synthesizer', [[{ tool: 'submit_summary', args: { title: 'All', body: 'Done.' } }]]),
  ),
};

const SETTINGS = RunSettings.parse({
  endpoints: [{ id: 'script', kind: 'scripted', model: 'script', ...PRICE }],
  routes: { default: ['script'] },
  interactive: false,
  testCommand: 'play-tests',
  limits: { concurrency: AGENTS, outputTokens: OUTPUT_TOKENS },
});

/** What the model's side saw: what it charged, and what was held for calls under way. */
interface Books {
  tokens: number;
  costUsd: number;
  /** Tokens and cost held for each call under way. */
  readonly open: Map<object, NonNullable<ModelRequest['allowance']>>;
  /** The most tokens that were spent and held at one time. */
  peak: number;
  asked: number;
}

const costOf = ({ inputTokens, outputTokens }: Usage): number =>
  (inputTokens * PRICE.inputUsdPerMillion + outputTokens * PRICE.outputUsdPerMillion) / 1e6;

/** Takes random times and tokens, breaks at random, and notes what it charges. */
function randomModel(
  scripted: Models,
  world: World,
  { books, seed }: { books: Books; seed: number },
): Models {
  const charge = (usage: Usage): Usage => {
    books.tokens += usage.inputTokens + usage.outputTokens;
    books.costUsd += costOf(usage);
    return usage;
  };
  return {
    complete: async (request, context) => {
      const { role, task: of = '', turn, allowance } = request;
      const random = randomFor(`${seed} ${role} ${of} ${turn} ${(books.asked += 1)}`);
      assert.ok(allowance !== undefined, 'every call has an allowance');
      const call = {};
      books.open.set(call, allowance);
      const held = [...books.open.values()].reduce((sum, each) => sum + each.tokens, 0);
      books.peak = Math.max(books.peak, books.tokens + held);
      await world.ports.clock.sleep(random.int(20_000), context.signal);
      const worst = worstCase(request);
      const usage = (): Usage => ({
        inputTokens: Math.ceil(worst.inputTokens / (1 + random.int(6))),
        outputTokens: random.int(request.outputTokensMax + 1),
        estimated: false,
      });
      const tries: Try[] = [];
      const room = (): boolean =>
        tries.reduce((sum, each) => sum + (each.usage ? tokensIn(each.usage) : 0), 0) +
          tokensIn({ ...worst, estimated: false }) <=
        allowance.tokens;
      while (random.oneIn(5) && room())
        tries.push({ endpoint: 'script', ok: false, code: 'endpoint.badReply', usage: usage() });
      const isLost = random.oneIn(60);
      const last = isLost || !room() ? undefined : usage();
      for (const each of tries) if (each.usage) charge(each.usage);
      books.open.delete(call);
      if (last === undefined)
        throw new CallFailure({ code: 'endpoint.badReply', message: 'It broke.', retryable: true }, tries);
      charge(last);
      const reply: ModelReply = await scripted.complete(request, context);
      return { ...reply, usage: last, tries: [...tries, { endpoint: 'script', ok: true, usage: last }] };
    },
  };
}

const tokensIn = (usage: Usage): number => usage.inputTokens + usage.outputTokens;

/** One life of a run; `stopAt`: it is stopped in the middle once so many calls were asked. */
async function live(
  world: World,
  from: { run?: string; budget: BudgetLimits; stop: Promise<void> },
): Promise<{ id: string; end: RunEnd; view: RunView }> {
  const { ports, enginePorts } = world;
  const engine = createEngine(enginePorts, { whenWaiting: 'pause' });
  const settings = { ...SETTINGS, budget: from.budget };
  const run: LiveRun =
    from.run === undefined
      ? await engine.start({ goal: 'All', mode: 'team', settings, demo: true })
      : await engine.resume(from.run, { budget: from.budget });
  void from.stop.then(() => run.stop());
  const end = await run.ended;
  return { id: run.id, end, view: await createRunViews(ports.store, ports.hasher).view(run.id) };
}

for (const seed of SEEDS) {
  test(`32 agents at once, a random model, seed ${seed}: no call starts that does not fit, the ledger is the sum, the run ends`, async (t) => {
    const books: Books = { tokens: 0, costUsd: 0, open: new Map(), peak: 0, asked: 0 };
    const random = randomFor(`lives ${seed}`);
    let budget: BudgetLimits = {
      tokensMax: 60_000 + random.int(60_000),
      costUsdMax: 0.2 + random.int(10) / 10,
    };
    let onAsk = (): void => undefined;
    const scenario: Scenario = {
      ...CROWD,
      models: (scripted) => {
        const model = randomModel(scripted, world, { books, seed });
        return { complete: (request, context) => (onAsk(), model.complete(request, context)) };
      },
    };
    const world = worldOf(scenario);
    let run: string | undefined;
    const reasons: string[] = [];
    for (let lives = 1; ; lives += 1) {
      assert.ok(lives <= LIVES_MAX, `no end after ${reasons.join(' > ')}`);
      let stopNow = (): void => undefined;
      const stop = new Promise<void>((resolve) => (stopNow = resolve));
      let calls = random.oneIn(2) ? random.int(40) + 5 : Infinity;
      onAsk = () => ((calls -= 1) === 0 ? stopNow() : undefined);
      books.peak = 0;
      const { id, end, view }: Awaited<ReturnType<typeof live>> = await live(world, {
        ...(run !== undefined && { run }),
        budget,
        stop,
      });
      run = id;
      // What was under way when the run was stopped counts with all that was held for it.
      for (const held of books.open.values()) {
        books.tokens += held.tokens;
        books.costUsd += held.costUsd ?? 0;
      }
      books.open.clear();
      const ledger = sumOf(view.ledger);
      assert.equal(
        tokensOf(ledger),
        books.tokens,
        'the ledger has what was charged, or held for what was cut off',
      );
      assert.ok(
        Math.abs((ledger.costUsd ?? NaN) - books.costUsd) < 1e-6,
        `${ledger.costUsd} is not ${books.costUsd}`,
      );
      assert.ok(
        books.peak <= (budget.tokensMax ?? 0),
        `${books.peak} of ${budget.tokensMax} were spent or held`,
      );
      assert.ok(
        tokensOf(ledger) <= (budget.tokensMax ?? 0) && books.costUsd <= (budget.costUsdMax ?? 0) + 1e-9,
      );
      reasons.push(end.kind === 'finished' ? end.outcome : end.reason);
      if (end.kind === 'finished') break;
      assert.ok(['budget', 'endpoint', 'stopped'].includes(end.reason), end.message);
      if (end.reason === 'budget')
        budget = {
          tokensMax: (budget.tokensMax ?? 0) + 40_000 + random.int(60_000),
          costUsdMax: (budget.costUsdMax ?? 0) + 0.3,
        };
    }
    t.diagnostic(reasons.join(' > '));
    const text = await world.ports.store.read(run);
    assert.ok(!text.includes('"run.upgraded"'), 'every life went the way of the former ones');
    assert.equal(reasons.at(-1), 'done', reasons.join(' > '));
    assert.deepEqual((await verifyRun(world.ports.store, world.ports.hasher, run)).problems, []);
    const replayed = await replayRun(world.ports, run);
    assert.equal(replayed.divergence, undefined, JSON.stringify(replayed.divergence));
  });
}

test('a budget in the way of some: they say that they wait for the others, and all come to their end', async () => {
  const slow: Scenario = {
    ...CROWD,
    models: (scripted) => ({
      complete: async (request, context) => {
        await world.ports.clock.sleep(1000, context.signal);
        return scripted.complete(request, context);
      },
    }),
    settings: { ...SETTINGS, endpoints: SETTINGS.endpoints, budget: { tokensMax: 170_000 } },
  };
  const world = worldOf(slow);
  const { end, lines, id } = await play(slow, world);
  assert.equal(end.kind === 'finished' && end.outcome, 'done', end.message);
  const waits = lines.filter((line) => line.type === 'agent.changed' && line.data.state === 'waiting');
  assert.ok(waits.length > 0);
  assert.equal((await replayRun(world.ports, id)).divergence, undefined);
});

const priced = (id: string, factor = 1) => ({
  id,
  kind: 'scripted' as const,
  model: id,
  inputUsdPerMillion: 2 * factor,
  outputUsdPerMillion: 10 * factor,
});

test('from 80 % on the person is told, once for each limit and height', async () => {
  const settings = { budget: { turnsMax: 3, tokensMax: 1_000_000 } };
  const played = await play({ files: FILES, script: TEAM, settings });
  const told = played.lines.filter((line) => line.type === 'alert.raised');
  assert.deepEqual(
    told.map((line) => line.data.message),
    ["100 % of the run's turn budget are used: 3 of 3."],
  );
});

test('what a dear endpoint does not fit into, a cheaper one does; and it replays', async () => {
  const scenario: Scenario = {
    files: FILES,
    script: TEAM,
    settings: {
      endpoints: [priced('dear', 100), priced('cheap')],
      routes: { default: ['dear'] },
      budget: { costUsdMax: 1, degradeTo: ['cheap'] },
    },
  };
  const world = worldOf(scenario);
  const { end, view, lines, id } = await play(scenario, world);
  assert.equal(end.kind, 'finished', end.message);
  assert.deepEqual(new Set(view.ledger.map((row) => row.endpoint)), new Set(['cheap']));
  assert.ok(lines.some((line) => line.type === 'alert.raised' && /now asks cheap/.test(line.data.message)));
  assert.equal((await replayRun(world.ports, id)).divergence, undefined);
});

test('a reply beyond its limit is recorded and stops the run; who goes on has forgiven it, and the replay has too', async () => {
  let isLying = true;
  const scenario: Scenario = {
    files: FILES,
    script: TEAM,
    models: (scripted) => ({
      complete: async (request, context) => {
        const reply = await scripted.complete(request, context);
        if (!isLying || request.role !== 'coder') return reply;
        const usage = { ...reply.usage, outputTokens: request.outputTokensMax + 1, estimated: false };
        return { ...reply, usage, tries: [{ endpoint: reply.endpoint, ok: true, usage }] };
      },
    }),
  };
  const world = worldOf(scenario);
  const stopped = await play(scenario, world);
  assert.deepEqual([stopped.end.kind, 'reason' in stopped.end && stopped.end.reason], ['paused', 'endpoint']);
  assert.match(stopped.end.message, /wrote 8193 tokens although its output limit was 8192/);
  assert.ok(
    stopped.lines.some((line) => line.type === 'alert.raised' && line.data.code === 'endpoint.breach'),
  );
  isLying = false;
  const asked = world.requests.length;
  const finished = await play(scenario, world, stopped.id);
  assert.equal(finished.end.kind, 'finished', finished.end.message);
  assert.equal(
    world.requests.slice(asked).filter((each) => each.startsWith('coder')).length,
    0,
    'it is not asked again',
  );
  assert.equal((await replayRun(world.ports, stopped.id)).divergence, undefined);
});

test('an estimate for each task: its own, what such work took so far, and none where there is no price', async () => {
  const twice = script(
    agent('planner', [
      [plan(task({ id: 'a', estimate_tokens: 1000 }), task({ id: 'b', role: 'researcher' }))],
    ]),
    agent('researcher', [[{ tool: 'submit_findings', args: { summary: 's', sources: [] } }]]),
    agent('coder', [[approve]]),
  );
  const proposed = async (endpoints: readonly object[]) => {
    const { lines } = await play({
      files: FILES,
      script: twice,
      settings: { interactive: true, endpoints: endpoints as never, routes: { default: ['one'] } },
    });
    const line = lines.find((each) => each.type === 'plan.proposed');
    assert.ok(line?.type === 'plan.proposed');
    return line.data;
  };
  const known = await proposed([priced('one')]);
  assert.deepEqual(
    known.estimates?.map(({ task: id, tokens }) => [id, tokens]),
    [
      ['a', 1200],
      ['b', 30_000],
    ],
  );
  const sum = (known.estimates ?? []).reduce((so, each) => so + (each.costUsd ?? NaN), 0);
  assert.ok(Math.abs((known.costUsd ?? NaN) - sum) < 1e-12 && sum > 0);
  const unknown = await proposed([{ id: 'one', kind: 'scripted', model: 'one' }]);
  assert.deepEqual([unknown.costUsd, unknown.estimates?.[0]?.costUsd], [null, null]);
});
