/**
 * What the team's machinery costs: messages beside a bare EventEmitter; plans whose tasks ask a local server, with the journal on, beside
 * a plain scheduler that keeps nothing and the frameworks that people use; and tasks that take no time, beside a plain scheduler with a log that is as durable.
 */
import { EventEmitter } from 'node:events';
import * as fs from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJournal } from '../../src/core/run/journal/journal.ts';
import { CHAIN_START } from '../../src/core/run/journal/codec.ts';
import { unitsOf, type Unit } from '../../src/core/run/plan/graph.ts';
import { pastOf } from '../../src/core/run/journal/past.ts';
import { schedule } from '../../src/core/run/plan/scheduler.ts';
import { createWriter } from '../../src/core/run/journal/writer.ts';
import { createBus } from '../../src/core/team/bus.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import { createNodeRunStore } from '../../src/node/run-store.ts';
import type { Log, Steps } from '../../src/core/ports.ts';
import type { TaskSpec } from '../../src/protocol/plan.ts';
import { figure, middle, timed } from './figures.ts';
import { wholeRun, type WholeRun } from './whole-run.ts';

const QUIET: Log = { info: () => undefined, warn: () => undefined, error: console.error };
const TURNS = 5;
const CONCURRENCY = 16;
const MESSAGES = 100_000;
const AGENTS = 1000;

/** Posts, reads and acknowledges; the text is what agents write. */
async function perMessage(): Promise<number> {
  const bus = createBus({ dead: () => undefined });
  for (let n = 0; n < AGENTS; n++) bus.join({ agent: `a${n}`, role: 'coder', task: `t${n}` });
  const ms = await timed(async () => {
    for (let n = 0; n < MESSAGES; n++) {
      const agent = `a${n % AGENTS}`;
      bus.post({ id: String(n), from: 'coder', by: 'x', to: agent, text: 'The interface is settled.' });
      bus.acknowledge(
        agent,
        bus.waiting(agent).map(({ id }) => id),
      );
    }
  });
  return (ms * 1000) / MESSAGES;
}

/** Microseconds from the posting of a message until its reader has it, each alone: the middle, and what 99 of 100 are within. */
function latencies(): { readonly middle: number; readonly late: number } {
  const bus = createBus({ dead: () => undefined });
  for (let n = 0; n < AGENTS; n++) bus.join({ agent: `a${n}`, role: 'coder', task: `t${n}` });
  const took = Array.from({ length: MESSAGES }, (_, n) => {
    const agent = `a${n % AGENTS}`;
    const began = performance.now();
    bus.post({ id: String(n), from: 'coder', by: 'x', to: agent, text: 'The interface is settled.' });
    const ids = bus.waiting(agent).map(({ id }) => id);
    const us = (performance.now() - began) * 1000;
    bus.acknowledge(agent, ids);
    return us;
  }).sort((one, other) => one - other);
  return { middle: middle(took), late: took[Math.floor(took.length * 0.99)] ?? NaN };
}

async function perEvent(): Promise<number> {
  const emitter = new EventEmitter();
  let heard = 0;
  for (let n = 0; n < AGENTS; n++) emitter.on(`a${n}`, () => (heard += 1));
  const ms = await timed(async () => {
    for (let n = 0; n < MESSAGES; n++)
      emitter.emit(`a${n % AGENTS}`, { id: String(n), text: 'The interface is settled.' });
  });
  if (heard !== MESSAGES) throw new Error('An event was lost.');
  return (ms * 1000) / MESSAGES;
}

const task = (id: string, depends_on: readonly string[] = []): TaskSpec => ({
  id,
  title: id,
  description: id,
  role: 'researcher',
  depends_on: [...depends_on],
  acceptance: [],
  priority: 0,
  gate: 'own',
});

/** Ten layers of ten, each with two parents in the layer above. */
function layers(): readonly Unit[] {
  const tasks: TaskSpec[] = [];
  for (let layer = 0; layer < 10; layer++)
    for (let n = 0; n < 10; n++)
      tasks.push(
        task(`t${layer}-${n}`, layer === 0 ? [] : [`t${layer - 1}-${n}`, `t${layer - 1}-${(n + 1) % 10}`]),
      );
  return unitsOf({ summary: 'bench', tasks });
}

const independent = (count: number): readonly Unit[] =>
  Array.from({ length: count }, (_, n) => {
    const one = task(`t${n}`);
    return { id: one.id, tasks: [one], dependsOn: [], priority: 0 };
  });

/** Works on all units, so many at once; the milliseconds from the first to the last, without what making and removing a folder takes. */
type Way = (
  units: readonly Unit[],
  concurrency: number,
  work: (unit: Unit) => Promise<unknown>,
) => Promise<number>;

const plainly: Way = (...all) => timed(() => workPlainly(...all));

/** As plain as can be: ready tasks in order, so many at once, nothing kept. */
async function workPlainly(
  units: readonly Unit[],
  concurrency: number,
  work: (unit: Unit) => Promise<unknown>,
): Promise<void> {
  const left = new Map(units.map((unit) => [unit.id, unit.dependsOn.length]));
  const dependents = new Map<string, Unit[]>();
  for (const unit of units)
    for (const on of unit.dependsOn) dependents.set(on, [...(dependents.get(on) ?? []), unit]);
  const queue = units.filter(({ dependsOn }) => dependsOn.length === 0);
  let head = 0;
  const worker = async (wake: () => void): Promise<void> => {
    for (let unit = queue[head]; unit; unit = queue[head]) {
      head += 1;
      await work(unit);
      for (const next of dependents.get(unit.id) ?? []) {
        const open = (left.get(next.id) ?? 0) - 1;
        left.set(next.id, open);
        if (open === 0) queue.push(next);
      }
      wake();
    }
  };
  await new Promise<void>((resolve, reject) => {
    let busy = 0;
    const wake = (): void => {
      while (busy < concurrency && head < queue.length) {
        busy += 1;
        worker(wake).then(() => {
          busy -= 1;
          if (busy === 0 && head >= units.length) resolve();
          else wake();
        }, reject);
      }
    };
    wake();
  });
}

/** The product's scheduler over a journal on a disk: each task is a step. */
const journaled: Way = async (units, concurrency, work) => {
  const storage = await fs.mkdtemp(join(tmpdir(), 'quartet-team-'));
  const run = await createNodeRunStore({ storage, log: QUIET }).create('run-000000001-00000000', '');
  try {
    const writer = createWriter(run, CHAIN_START, nodeClock, nodeHasher);
    const steps: Steps = createJournal({
      run,
      past: pastOf([]),
      writer,
      clock: nodeClock,
      hasher: nodeHasher,
    });
    const inStep = async (unit: Unit): Promise<'done'> => {
      await steps.step(`task/${unit.id}`, { kind: 'model', title: unit.id, input: unit.id }, async () => {
        await work(unit);
        return { text: unit.id };
      });
      return 'done';
    };
    return await timed(async () => {
      await schedule(units, { concurrency, scopeOf: () => [], passedOver: () => undefined, run: inStep });
      await writer.flush();
    });
  } finally {
    await run.close();
    await fs.rm(storage, { recursive: true, force: true });
  }
};

/** The plain scheduler with a log: two lines a task, durable before it goes on, those that wait share one sync. */
const plainlyLogged: Way = async (units, concurrency, work) => {
  const folder = await fs.mkdtemp(join(tmpdir(), 'quartet-plain-'));
  const file = await fs.open(join(folder, 'log'), 'w');
  let waiting: string[] = [];
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const commit = async (former: Promise<void>): Promise<void> => {
    await former;
    const lines = waiting;
    [waiting, next] = [[], undefined];
    await file.write(lines.join(''));
    await file.datasync();
  };
  const log = (line: object): Promise<void> => {
    waiting.push(`${JSON.stringify(line)}\n`);
    next ??= last = commit(last);
    return next;
  };
  try {
    return await plainly(units, concurrency, async (unit) => {
      await log({ at: Date.now(), type: 'started', key: unit.id });
      await work(unit);
      await log({ at: Date.now(), type: 'finished', key: unit.id, output: { text: unit.id } });
    });
  } finally {
    await file.close();
    await fs.rm(folder, { recursive: true, force: true });
  }
};

/** What people use instead, where it could be installed: see `frameworks/ways.mjs`. */
const frameworks = await waysOfOthers();

async function waysOfOthers(): Promise<ReadonlyMap<string, Way>> {
  const path = process.env['QUARTET_FRAMEWORKS'];
  if (path === undefined) return new Map();
  type Theirs = (...all: Parameters<Way>) => Promise<void>;
  const { ways } = (await import(pathToFileURL(path).href)) as { ways: Readonly<Record<string, Theirs>> };
  return new Map(
    Object.entries(ways).map(([name, way]): [string, Way] => [name, (...all) => timed(() => way(...all))]),
  );
}

/** Each is measured in its turn, again and again, so that what else the machine does hits all; what each turn gave, by what is measured. */
async function inTurns(
  measures: readonly (() => Promise<number>)[],
): Promise<readonly (readonly number[])[]> {
  const all = measures.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn++)
    for (const [at, measure] of measures.entries()) all[at]?.push(await measure());
  return all;
}

/** The middle of what one was over another in the same turn. */
const over = (some: readonly number[] = [], others: readonly number[] = []): number =>
  middle(some.map((value, turn) => value / (others[turn] ?? value)));

/** One task of each layer takes ten times as long, whoever asks and whenever. */
function skewed(id: string): number {
  const [layer = 0, n = 0] = id.slice(1).split('-').map(Number);
  return (7 * layer + 3) % 10 === n ? 200 : 20;
}

async function benchGraphs(): Promise<void> {
  let delayOf = (_id: string): number => 50;
  const server = createServer(({ url = '/' }, response) => {
    setTimeout(() => response.end('{"text":"done"}'), delayOf(url.slice(1)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = async ({ id }: Pick<Unit, 'id'>): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${port}/${id}`)).json();
  for (const [name, delay] of [
    ['fixed 50 ms', () => 50],
    ['skewed latencies', skewed],
  ] as const) {
    delayOf = delay;
    const ways = [plainly, journaled, ...frameworks.values()];
    const [plain = [], ours = [], ...others] = await inTurns(
      ways.map((way) => () => way(layers(), CONCURRENCY, ask)),
    );
    figure(`100 tasks in 10 layers, ${name}: plain, nothing kept`, middle(plain), 'ms');
    figure(`100 tasks in 10 layers, ${name}: journal on`, middle(ours), 'ms');
    figure(`journal on, over plain, ${name}`, over(ours, plain), 'times', { max: 1.05 });
    for (const [at, framework] of [...frameworks.keys()].entries())
      figure(`${framework}, nothing kept, over plain, ${name}`, over(others[at], plain), 'times');
  }
  server.close();
}

const [FEW, MANY] = [1000, 10_000];

async function benchInstant(): Promise<void> {
  const instant = (): Promise<unknown> => Promise.resolve(undefined);
  const [few, many] = [independent(FEW), independent(MANY)];
  /** Milliseconds for as many tasks as there are at most, in one run or in several. */
  const measure = (way: Way, units: readonly Unit[]) => async (): Promise<number> => {
    let ms = 0;
    for (let done = 0; done < MANY; done += units.length) ms += await way(units, CONCURRENCY, instant);
    return ms;
  };
  const [loggedFew = [], oursFew = [], loggedMany = [], oursMany = []] = await inTurns([
    measure(plainlyLogged, few),
    measure(journaled, few),
    measure(plainlyLogged, many),
    measure(journaled, many),
  ]);
  const rate = (ms: readonly number[]): number => (MANY * 1000) / middle(ms);
  for (const [count, logged, ours] of [
    [FEW, loggedFew, oursFew],
    [MANY, loggedMany, oursMany],
  ] as const) {
    figure(`${count} instant tasks: plain with a durable log`, rate(logged), 'steps/s');
    figure(`${count} instant tasks: journal on`, rate(ours), 'steps/s');
    figure(`journal on, of the plain with a log, ${count}`, over(logged, ours), 'times', { min: 0.5 });
  }
  figure('a task among 10,000 over one among 1,000', over(oursMany, oursFew), 'times', { max: 1.1 });
  for (const [framework, way] of frameworks) {
    const [ms = []] = await inTurns([() => way(few, CONCURRENCY, instant)]);
    figure(`${FEW} instant tasks: ${framework}, nothing kept`, (FEW * 1000) / middle(ms), 'steps/s');
    // Once: some take a minute for it.
    const most = await way(many, CONCURRENCY, instant);
    figure(`${MANY} instant tasks: ${framework}, nothing kept`, (MANY * 1000) / most, 'steps/s');
  }
}

async function benchMemory(): Promise<void> {
  const heapNow = (): number => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed;
  };
  const held: number[] = [];
  for (const count of [1000, 5000]) {
    const units = independent(count);
    const before = heapNow();
    let during = 0;
    let ended = 0;
    await journaled(units, CONCURRENCY, async () => {
      ended += 1;
      if (ended === count - 1) during = heapNow();
    });
    held.push((during - before) / count);
  }
  figure('memory held for a finished task', (held.at(-1) ?? 0) / 1024, 'KiB', { max: 8 });
}

/** Whole runs, with agents, tools, messages and working copies: what each task more costs. */
async function benchRuns(): Promise<void> {
  const [few, many] = [50, 150];
  const [small, large] = [await wholeRun(few, CONCURRENCY), await wholeRun(many, CONCURRENCY)];
  const each = (of: (run: WholeRun) => number): number => (of(large) - of(small)) / (many - few);
  figure(
    `a whole run: each of ${many - few} more questions`,
    each(({ ms }) => ms),
    'ms',
  );
  figure('… and the memory it holds once it is answered', each(({ held }) => held) / 1024, 'KiB', {
    max: 32,
  });
}

const messages: number[] = [];
const events: number[] = [];
for (let turn = 0; turn < TURNS; turn++) {
  messages.push(await perMessage());
  events.push(await perEvent());
}
figure('a message posted, read and acknowledged', middle(messages), 'µs');
const latency = latencies();
figure('from posting until it is read: middle', latency.middle, 'µs');
figure('… 99 of 100 within', latency.late, 'µs');
figure('messages', 1_000_000 / middle(messages), 'a second');
figure('an event of a bare EventEmitter', middle(events), 'µs');
await benchGraphs();
await benchInstant();
await benchMemory();
await benchRuns();
