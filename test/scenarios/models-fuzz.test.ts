/**
 * Whole runs against a real server that misbehaves at random, in every way it knows: each ends green or in a clear failure that can be
 * gone on with, none hangs, and the journal stays valid. `QUARTET_FUZZ=n` plays more runs, `QUARTET_SEED=n` one alone, or the first of
 * them where both are given.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEndpoints } from '../../src/core/models/endpoints.ts';
import type { CallLimits } from '../../src/core/models/guard.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import type { ScriptReply } from '../../src/core/models/script.ts';
import type { EnginePorts, RunEnd } from '../../src/core/run/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import { verifyRun } from '../../src/core/run/journal/verify.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { createOpenAiModels } from '../../src/node/models/openai-models.ts';
import { sumOf } from '../../src/protocol/ledger.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts, type InMemoryPorts } from '../support/in-memory/ports.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { Fault } from '../support/model-server/faults.ts';
import type { SeenRequest } from '../support/model-server/seen.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { playTests } from './tap-runner.ts';
import { randomFor, type Random } from './trust/random.ts';

const { QUARTET_SEED: seed, QUARTET_FUZZ: runs } = process.env;
const FIRST = Number(seed ?? 1);
const COUNT = Number(runs ?? (seed === undefined ? 16 : 1));

/** Lives within which a run is given up as one that fails clearly, again and again. */
const LIVES_MAX = 12;
/** No life may take so long, however busy the machine is. */
const HANGS_AFTER_MS = 60_000;

/** Limits that are soon reached. */
const LIMITS: Partial<CallLimits> = {
  connectMs: 1000,
  firstMs: 250,
  betweenMs: 200,
  wholeMs: 2000,
  retriesMax: 2,
  firstWaitMs: 2,
  waitMsMax: 150,
  waitMsMaxWithFallback: 40,
  failuresMax: 4,
  pauseMs: 60,
};

type Maker = (random: Random) => Fault;
const plain =
  (fault: Fault): Maker =>
  () =>
    fault;

/** Events that a server may send, in whatever order. */
const EVENTS: readonly unknown[] = [
  ': a comment',
  null,
  {},
  { choices: [] },
  { choices: [{ delta: { content: 'Ein' } }] },
  { choices: [{ delta: { tool_calls: [{ index: 7, function: { arguments: '{' } }] } }] },
  { choices: [{ delta: null, finish_reason: 'stop' }], usage: { prompt_tokens: -1 } },
];

/** Every kind of misbehaviour. */
const FAULTS: { readonly [K in Fault['kind']]: Maker } = {
  status: (random) => ({
    kind: 'status',
    status: random.pick([400, 401, 403, 404, 408, 409, 413, 422, 429, 429, 500, 502, 503, 529]),
    ...(random.oneIn(3) && { headers: { 'retry-after': random.pick(['0.02', '0.1', '30', 'soon', '-5']) } }),
    ...(random.oneIn(6) && {
      body: random.pick(['', 'no', [], { error: 'text' }, { error: { message: null } }]),
    }),
  }),
  html: (random) => ({ kind: 'html', status: random.pick([200, 502]) }),
  slowFirst: (random) => ({ kind: 'slowFirst', ms: random.int(400) }),
  drip: (random) => ({ kind: 'drip', ms: random.int(3), bytes: 1 + random.int(60) }),
  silence: plain({ kind: 'silence' }),
  stall: plain({ kind: 'stall' }),
  comments: plain({ kind: 'comments' }),
  cut: (random) => ({
    kind: 'cut',
    at: random.pick(['start', 'chunk', 'utf8', 'toolCall', 'end']),
    reset: random.oneIn(2),
  }),
  reset: plain({ kind: 'reset' }),
  wrongLength: plain({ kind: 'wrongLength' }),
  emptyChoices: plain({ kind: 'emptyChoices' }),
  badJson: plain({ kind: 'badJson' }),
  errorInStream: (random) => ({
    kind: 'errorInStream',
    error: random.pick([{ message: 'gone', code: 503 }, { message: 'context length exceeded' }, {}]),
  }),
  endless: (random) => ({ kind: 'endless', of: random.pick(['text', 'nothing']), ms: random.pick([0, 5]) }),
  huge: plain({ kind: 'huge', bytes: 9_000_000 }),
  indices: (random) => ({ kind: 'indices', style: random.pick(['same', 'none', 'echo', 'noIds']) }),
  unknownTool: plain({ kind: 'unknownTool' }),
  proseArguments: plain({ kind: 'proseArguments' }),
  recorded: (random) => ({ kind: 'recorded', events: random.shuffle(EVENTS) }),
  redirect: (random) => ({
    kind: 'redirect',
    to: random.pick(['http://127.0.0.1:9/v1', '/v1/nowhere']),
    status: 307,
  }),
};

const MAKERS = Object.values(FAULTS);
assert.deepEqual(Object.keys(FAULTS).sort(), Fault.options.map((option) => option.shape.kind.value).sort());

const FILES = {
  'src/a.txt': 'todo\n',
  'src/b.txt': 'todo\n',
  'test/all.spec': 'a is done: src/a.txt has done\nb is done: src/b.txt has done\n',
};

const task = (id: string) => ({
  id,
  title: id,
  description: 'Ein 🎻 für 日本語.',
  role: 'coder',
  files: [`src/${id}.txt`],
});

/** What a good model says, at whatever turn it is asked. */
function answer({ role, task: of = '' }: SeenRequest): Partial<ScriptReply> {
  const edit = { path: `src/${of}.txt`, edits: [{ old_text: 'todo', new_text: 'done' }] };
  const submitted = { tool: 'submit_result', args: { summary: 'Erledigt: 日本語 🎻.' } };
  const calls: Readonly<Record<string, ScriptReply['calls']>> = {
    planner: [{ tool: 'submit_plan', args: { summary: 'Two.', tasks: [task('a'), task('b')] } }],
    coder: [{ tool: 'edit_file', args: edit }, submitted],
    reviewer: [{ tool: 'submit_review', args: { verdict: 'approve' } }],
    synthesizer: [{ tool: 'submit_summary', args: { title: 'All', body: 'Done.' } }],
    qa: [{ tool: 'submit_diagnosis', args: { summary: 'It is not done yet.', causes: [] } }],
  };
  return { content: 'So geht es: 日本語.', calls: calls[role] ?? [] };
}

const PRICE = { inputUsdPerMillion: 1, outputUsdPerMillion: 4 };

/** The address of a server that is gone: connections are refused. */
async function addressOfNobody(): Promise<string> {
  const gone = await startModelServer({ answers: answer });
  await gone.close();
  return gone.url;
}

function settingsFor(server: ModelServer, nobody: string, random: Random): RunSettings {
  const endpoint = (id: string, more: object = {}) => ({
    id,
    kind: 'openai',
    baseUrl: server.url,
    model: id,
    ...PRICE,
    ...more,
  });
  return RunSettings.parse({
    endpoints: [
      endpoint('one'),
      endpoint('two', random.oneIn(3) ? { requestsPerMinute: 30 } : {}),
      endpoint('gone', { baseUrl: nobody }),
      endpoint('last'),
    ],
    routes: {
      default: random.pick([['one'], ['gone', 'one'], [['one', 'gone', 'two'], 'last'], [['one', 'two']]]),
    },
    interactive: false,
    testCommand: 'play-tests',
    limits: { outputTokens: 300, turns: 8 },
    ...(random.oneIn(2) && {
      budget: { costUsdMax: 5, degradeTo: ['last'], degradeAtPercent: random.int(100) },
    }),
  });
}

function portsFor(): { readonly ports: InMemoryPorts; readonly enginePorts: EnginePorts } {
  const ports = createInMemoryPorts({
    files: FILES,
    shell: (disk) => playTests(disk),
    clock: new ManualClock(undefined, { auto: true }),
  });
  const endpoints = createEndpoints(nodeClock);
  const openai = createOpenAiModels({
    secrets: { key: async () => undefined },
    log: new InMemoryLog(),
    clock: nodeClock,
    limits: LIMITS,
    endpoints,
  });
  const models = createRouter({ openai, scripted: undefined, editor: undefined }, endpoints);
  return { ports, enginePorts: { ...ports, models } };
}

async function inTime<T>(work: Promise<T>, what: string): Promise<T> {
  const ended = new AbortController();
  const late = nodeClock.sleep(HANGS_AFTER_MS, ended.signal).then(() => {
    throw new Error(`${what} hangs`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
  }
}

/** How each life of one run ended. */
async function fuzz(
  number: number,
): Promise<{ readonly ends: readonly RunEnd[]; readonly faults: readonly string[] }> {
  const random = randomFor(`fuzz ${number}`);
  const nobody = await addressOfNobody();
  const oneIn = random.pick([1, 2, 2, 3]);
  const faults: string[] = [];
  const server = await startModelServer({
    answers: answer,
    faults: () => {
      if (!random.oneIn(oneIn)) return undefined;
      const fault = random.pick(MAKERS)(random);
      faults.push(fault.kind);
      return fault;
    },
  });
  try {
    const { ports, enginePorts } = portsFor();
    const views = createRunViews(ports.store, ports.hasher);
    const request = {
      goal: 'Do both',
      mode: 'team',
      settings: settingsFor(server, nobody, random),
      demo: false,
    } as const;
    const ends: RunEnd[] = [];
    let id: string | undefined;
    while (ends.length < LIVES_MAX && ends.at(-1)?.kind !== 'finished') {
      const engine = createEngine(enginePorts, { whenWaiting: 'pause' });
      const run = id === undefined ? await engine.start(request) : await engine.resume(id);
      id = run.id;
      const end = await inTime(run.ended, `life ${ends.length + 1}`);
      ends.push(end);
      assert.ok(end.message.length > 10, 'the end is told in words');
      assert.deepEqual((await verifyRun(ports.store, ports.hasher, id)).problems, []);
      const { spent, ledger, active } = await views.view(id);
      assert.deepEqual(active, []);
      const sum = sumOf(ledger);
      assert.deepEqual(
        [sum.inputTokens, sum.outputTokens],
        [spent.inputTokens, spent.outputTokens],
        'nothing was cut off: the ledger is what was spent',
      );
      if (end.kind === 'paused') assert.ok(['endpoint', 'budget'].includes(end.reason), JSON.stringify(end));
    }
    if (id !== undefined && ends.at(-1)?.kind === 'finished')
      assert.equal((await replayRun(ports, id)).divergence, undefined);
    return { ends, faults };
  } finally {
    await server.close();
  }
}

for (let number = FIRST; number < FIRST + COUNT; number += 1) {
  test(`a server that misbehaves at random, seed ${number}`, async (t) => {
    const { ends, faults } = await fuzz(number).catch((error: unknown) => {
      t.diagnostic(
        `again: QUARTET_SEED=${number} node --import ./test/support/register.mjs --test test/scenarios/models-fuzz.test.ts`,
      );
      throw error;
    });
    const told = ends.map((end) =>
      end.kind === 'finished' ? `${end.outcome}: ${end.message}` : `${end.reason}: ${end.message}`,
    );
    t.diagnostic(`${faults.length} faults; ${told.join(' > ')}`);
    const last = ends.at(-1);
    assert.ok(
      last?.kind === 'paused' || (last?.kind === 'finished' && ['done', 'failed'].includes(last.outcome)),
      told.join(' > '),
    );
    if (last.kind === 'finished' && last.outcome === 'failed') assert.match(last.message, /\w{3,}/);
  });
}
