/** How fast journals are written, opened and resumed, and what a step costs over the bare call. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHAIN_START, encodeLine, endAfter } from '../../src/core/run/journal/codec.ts';
import { createJournal } from '../../src/core/run/journal/journal.ts';
import { pastOf } from '../../src/core/run/journal/past.ts';
import { readJournal, storedJournal } from '../../src/core/run/journal/reader.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { createWriter } from '../../src/core/run/journal/writer.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import { createNodeRunStore } from '../../src/node/run-store.ts';
import type { Log, OwnedRun, RunStore, Steps } from '../../src/core/ports.ts';
import type { RunEvent } from '../../src/protocol/events.ts';
import { InMemoryRunStore } from '../support/in-memory/run-store.ts';
import { figure, median, middle, peakMb, timed } from './figures.ts';

const QUIET: Log = { info: () => undefined, warn: () => undefined, error: console.error };
const LINES = [10_000, 100_000];
const WRITERS = [1, 8, 64];
/** How long a loop of appends is measured, in milliseconds. */
const APPENDING_MS = 700;
const TURNS = 3;

const storeIn = (storage: string): RunStore => createNodeRunStore({ storage, log: QUIET });
const nameOf = (lines: number): string => `run-${String(lines).padStart(9, '0')}-00000000`;

const STARTED: RunEvent = {
  type: 'run.started',
  data: {
    run: 'run',
    goal: 'Measure',
    mode: 'team',
    // Views read no more of the settings than the budget.
    settings: { budget: {} } as (RunEvent & { type: 'run.started' })['data']['settings'],
    engine: '1',
    workspace: 'bench',
    demo: false,
  },
};

/** Two lines of about 700 bytes each, as a tool call leaves them. */
function* toolCall(n: number): Generator<RunEvent> {
  const key = `task/t${n % 20}/attempt/1/coder/round/1/turn/${n}/tool/0`;
  const who = { role: 'coder', task: `t${n % 20}` };
  const input = {
    tool: 'read_file',
    args: '{"path":"src/some/folder/file.ts","start_line":1,"end_line":80}',
  };
  yield {
    type: 'step.started',
    key,
    data: {
      kind: 'tool',
      title: 'Read src/some/folder/file.ts:1-80',
      digest: nodeHasher.sha256(JSON.stringify(key)),
      who,
      input,
    },
  };
  const output = { state: 'ok', text: 'export const value = compute(of, the, line);\n'.repeat(11) };
  yield {
    type: 'step.finished',
    key,
    data: { output, brief: 'export const value = compute(of, the, line);\n' },
  };
}

async function makeRun(storage: string, lines: number): Promise<void> {
  const texts: string[] = [];
  let end = CHAIN_START;
  const say = (event: RunEvent): void => {
    const encoded = encodeLine(event, 1_700_000_000_000 + end.seq, end, nodeHasher);
    end = endAfter(encoded.line);
    texts.push(encoded.text);
  };
  say(STARTED);
  for (let n = 0; end.seq < lines; n++) for (const event of toolCall(n)) say(event);
  const run = await storeIn(storage).create(nameOf(lines), texts[0] ?? '');
  for (let at = 1; at < texts.length; at += 10_000) await run.append(texts.slice(at, at + 10_000).join(''));
  await run.close();
}

/** Appends a second of `n` writers that each wait for their line to be durable. */
async function appending(n: number, write: (line: number) => Promise<void>): Promise<number> {
  const end = performance.now() + APPENDING_MS;
  let written = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() < end) {
      await write(written);
      written += 1;
    }
  };
  const ms = await timed(() => Promise.all(Array.from({ length: n }, writer)));
  return (written * 1000) / ms;
}

const EVENT = [...toolCall(0)][1] as RunEvent;

/** The simplest thing that is as durable: write, sync, again. */
async function plainAppends(storage: string): Promise<number> {
  const text = encodeLine(EVENT, 0, CHAIN_START, nodeHasher).text;
  const handle = await fs.open(join(storage, 'plain'), 'w');
  const rate = await appending(1, async () => {
    await handle.write(text);
    await handle.datasync();
  });
  await handle.close();
  return rate;
}

async function journalAppends(
  storage: string,
  { writers, turn }: { readonly writers: number; readonly turn: number },
): Promise<number> {
  const run = await storeIn(join(storage, 'appends')).create(`run-${writers}-${turn}`, '');
  const writer = createWriter(run, CHAIN_START, nodeClock, nodeHasher);
  const rate = await appending(writers, () => writer.write(EVENT));
  await run.close();
  return rate;
}

/** The disk may be busy with others' work: plain and ours take turns, and the middle of each counts. */
async function benchAppends(storage: string): Promise<void> {
  const plains: number[] = [];
  const rates = WRITERS.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn++) {
    plains.push(await plainAppends(storage));
    for (const [index, writers] of WRITERS.entries())
      rates[index]?.push(await journalAppends(storage, { writers, turn }));
  }
  const plain = middle(plains);
  figure('plain loop of write and sync', plain, 'lines/s');
  for (const [index, writers] of WRITERS.entries()) {
    const rate = middle(rates[index] ?? []);
    figure(`journal, ${writers} at once`, rate, 'lines/s');
    figure(
      `journal, ${writers} at once, over the plain loop`,
      rate / plain,
      'times',
      writers === 64 ? { min: 10 } : undefined,
    );
  }
}

interface Opened {
  readonly ms: number;
  /** Processor time, in milliseconds. */
  readonly busyMs: number;
  readonly peak: number;
}

/** True where programs wait for a processor: then the clock measures the others as well. */
const isCrowded = (): boolean => (loadavg()[0] ?? 0) > availableParallelism();

/** What a process of its own does, so that its memory is its own. */
const ALONE: Readonly<Record<string, (storage: string, runId: string) => Promise<unknown>>> = {
  open: (storage, runId) => createRunViews(storeIn(storage), nodeHasher).view(runId),
  resume: async (storage, runId) => {
    const run = await storeIn(storage).own(runId);
    await raceThrough(run);
    await run.close();
  },
  nothing: async () => undefined,
};

function alone(what: string, storage: string, runId = ''): Opened {
  const self = fileURLToPath(import.meta.url);
  const { stdout } = spawnSync(process.execPath, [self, what, storage, runId], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout) as Opened;
}

function benchOpening(storage: string): void {
  figure('a process that does nothing, peak memory', alone('nothing', storage).peak, 'MB');
  for (const lines of LINES) {
    const many = lines === 100_000;
    const opened = [1, 2, 3].map(() => alone('open', storage, nameOf(lines)));
    const [ms, peak] = [middle(opened.map((each) => each.ms)), Math.max(...opened.map((each) => each.peak))];
    const goal = many ? { max: 1000 } : undefined;
    const crowded = isCrowded();
    figure(`open ${lines} lines`, ms, 'ms', crowded ? undefined : goal);
    const busy = middle(opened.map((each) => each.busyMs));
    figure(`open ${lines} lines, processor time`, busy, 'ms', crowded ? goal : undefined);
    figure(`open ${lines} lines, peak memory`, peak, 'MB', many ? { max: 200 } : undefined);
    const resumed = alone('resume', storage, nameOf(lines));
    figure(`resume ${lines} lines to the first live step`, resumed.ms, 'ms');
    figure(`resume ${lines} lines, peak memory`, resumed.peak, 'MB');
  }
}

/** Plays the calls of `toolCall` again until one is not in the record. */
async function raceThrough(run: OwnedRun): Promise<void> {
  const { lines, end } = await readJournal(run, nodeHasher);
  const writer = createWriter(run, end, nodeClock, nodeHasher);
  const journal = createJournal({ run, past: pastOf(lines), writer, clock: nodeClock, hasher: nodeHasher });
  for (let n = 0, live = false; !live; n++) {
    const [started] = toolCall(n);
    const key = started?.key ?? '';
    const before = lines.length;
    live = 1 + 2 * n >= before;
    if (!live) await journal.step(key, { kind: 'tool', title: '', input: key }, async () => null);
  }
}

/** Processor time that the work took in this process, in milliseconds. */
async function busy(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function benchSteps(): Promise<void> {
  // Nothing here waits for a disk, so both are the same where nobody else works.
  const crowded = isCrowded();
  const measured = crowded ? busy : timed;
  const how = crowded ? ', processor time' : '';
  const store = new InMemoryRunStore();
  const calls = 20_000;
  let n = 0;
  const effect = async (): Promise<{ readonly state: string; readonly text: string }> => ({
    state: 'ok',
    text: 'x',
  });
  const bare = await measured(async () => {
    for (let call = 0; call < calls; call++) await effect();
  });
  for (const branches of [1, 8]) {
    const ms = await median(3, async () => {
      const run = await store.create(`run-${(n += 1)}`, '');
      // Growing one text for ever is the memory's cost, not the journal's.
      const kept = { ...run, append: async () => undefined };
      const writer = createWriter(kept, CHAIN_START, nodeClock, nodeHasher);
      const journal = createJournal({ run, past: pastOf([]), writer, clock: nodeClock, hasher: nodeHasher });
      return measured(() =>
        Promise.all(
          Array.from({ length: branches }, (_, branch) => branchOf(journal, branch, calls / branches)),
        ),
      );
    });
    const each = ((ms - bare) / calls) * 1000;
    figure(`a step over the bare call, in memory, ${branches} at once${how}`, each, 'µs', { max: 50 });
  }

  async function branchOf(steps: Steps, branch: number, times: number): Promise<void> {
    for (let turn = 0; turn < times; turn++) {
      const key = `task/${branch}/turn/${turn}/tool/0`;
      await steps.step(key, { kind: 'tool', title: 'Read', input: { path: 'src/file.ts', turn } }, effect);
    }
  }
}

async function benchListing(storage: string): Promise<void> {
  const source = storedJournal(storeIn(storage), nameOf(10_000));
  await readJournal(source, nodeHasher);
  const first = await timed(() => createRunViews(storeIn(storage), nodeHasher).list());
  const second = await timed(() => createRunViews(storeIn(storage), nodeHasher).list());
  figure('list runs of 110,000 lines for the first time', first, 'ms');
  figure('list them in a later process', second, 'ms');
}

async function main(): Promise<void> {
  const storage = await fs.mkdtemp(join(process.env['QUARTET_BENCH'] ?? tmpdir(), 'journal-'));
  try {
    await benchAppends(storage);
    for (const lines of LINES) await makeRun(storage, lines);
    benchOpening(storage);
    await benchListing(storage);
    await benchSteps();
  } finally {
    await fs.rm(storage, { recursive: true, force: true });
  }
}

const [, , what, storage = '', runId = ''] = process.argv;
const task = ALONE[what ?? ''];
if (task) {
  let ms = 0;
  const busyMs = await busy(async () => (ms = await timed(() => task(storage, runId))));
  const opened: Opened = { ms, busyMs, peak: peakMb() };
  process.stdout.write(JSON.stringify(opened));
} else await main();
