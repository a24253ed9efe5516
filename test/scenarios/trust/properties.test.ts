/** What holds for any journal, plan and interleaving. `QUARTET_SEED=n` plays one seed of fast-check again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CHAIN_START, decodeJournal, encodeLine, endAfter } from '../../../src/core/run/journal/codec.ts';
import { unitsOf } from '../../../src/core/run/plan/graph.ts';
import { schedule } from '../../../src/core/run/plan/scheduler.ts';
import { scopeOf } from '../../../src/core/run/plan/scopes.ts';
import { createFold } from '../../../src/core/run/views/state.ts';
import { PortError } from '../../../src/core/ports.ts';
import { createRegistry } from '../../../src/core/team/registry.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { PlanSpec } from '../../../src/protocol/plan.ts';
import { faultsOfJournal, rawLines } from './checker.ts';
import { MEDIUM } from './medium.ts';
import { newStore, playStory, RUN, type Branches } from './stories.ts';
import { Trial } from './trial.ts';

const { QUARTET_SEED } = process.env;
const SEED = QUARTET_SEED === undefined ? {} : { seed: Number(QUARTET_SEED) };

const text = fc.string({ unit: 'binary', maxLength: 30 });
const event = fc.record({ key: text, to: text, body: text }).map(({ key, to, body }): RunEvent => ({
  type: 'message.posted',
  key,
  data: { from: 'person', to, text: body },
}));
const events = fc.array(event, { minLength: 1, maxLength: 12 });

function encoded(list: readonly RunEvent[]): string[] {
  let end = CHAIN_START;
  return list.map((each, at) => {
    const line = encodeLine(each, at, end, nodeHasher);
    end = endAfter(line.line);
    return line.text;
  });
}

const refused = (journal: string): boolean => {
  try {
    decodeJournal(journal, nodeHasher);
    return false;
  } catch (error) {
    return error instanceof PortError && /^journal\.(damaged|newer)$/.test(error.code);
  }
};

test('codec: any list of events reads as it was written', () => {
  fc.assert(
    fc.property(events, (list) => {
      const { lines, torn } = decodeJournal(encoded(list).join(''), nodeHasher);
      assert.equal(torn, '');
      assert.deepEqual(
        lines.map(({ type, key, data }) => ({ type, key, data })),
        JSON.parse(JSON.stringify(list)),
      );
    }),
    { ...SEED, numRuns: 150 },
  );
});

test('codec: a flipped bit is refused, or makes the last line a torn tail', () => {
  fc.assert(
    fc.property(events, fc.nat(), fc.nat(7), (list, where, bit) => {
      const whole = encoded(list);
      const bytes = Buffer.from(whole.join(''), 'utf8');
      const place = where % bytes.length;
      bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << bit), place);
      const journal = bytes.toString('utf8');
      if (refused(journal)) return;
      const { lines, torn } = decodeJournal(journal, nodeHasher);
      assert.ok(torn !== '' && lines.length === whole.length - 1, `byte ${place}`);
    }),
    { ...SEED, numRuns: 500 },
  );
});

test('codec: a cut leaves whole lines and a torn tail; two lines that change places are refused', () => {
  fc.assert(
    fc.property(events, fc.nat(), (list, where) => {
      const whole = encoded(list);
      const journal = whole.join('');
      const at = where % journal.length;
      const { lines, torn } = decodeJournal(journal.slice(0, at), nodeHasher);
      assert.equal(whole.slice(0, lines.length).join('') + torn, journal.slice(0, at));
      const [first, second] = [whole[at % whole.length], whole[(at + 1) % whole.length]];
      if (first === undefined || second === undefined || first === second) return;
      const swapped = whole.map((line) => (line === first ? second : line === second ? first : line));
      assert.ok(refused(swapped.join('')));
    }),
    { ...SEED, numRuns: 150 },
  );
});

test('fold: no beginning of a journal is too much for it, and it always comes to the same', async () => {
  const trial = new Trial(MEDIUM);
  await trial.live();
  const { lines } = decodeJournal(trial.journal(), nodeHasher);
  const fold = createFold();
  for (const [index, line] of lines.entries()) {
    fold.apply(line);
    const anew = createFold();
    for (const each of lines.slice(0, index + 1)) anew.apply(each);
    assert.deepEqual(fold.view(), anew.view(), `line ${line.seq}`);
  }
});

interface RandomTask {
  readonly files: readonly number[];
  readonly needs: readonly number[];
  readonly priority: number;
  readonly fails: boolean;
  readonly lateness: number;
}
const task: fc.Arbitrary<RandomTask> = fc.record({
  files: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 2 }),
  needs: fc.array(fc.nat(7), { maxLength: 3 }),
  priority: fc.integer({ min: -2, max: 2 }),
  fails: fc.boolean(),
  lateness: fc.nat(4),
});

test('scheduler: each unit ends, none beside one that shares a file, more urgent ones first', async () => {
  const property = fc.asyncProperty(
    fc.array(task, { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 4 }),
    async (tasks, concurrency) => {
      const plan = PlanSpec.parse({
        summary: 'x',
        tasks: tasks.map(({ files, needs, priority }, index) => ({
          id: `t${index}`,
          title: 't',
          description: 'd',
          role: 'coder',
          priority,
          files: files.map((file) => `f${file}.txt`),
          depends_on: [...new Set(needs.filter((need) => need < index).map((need) => `t${need}`))],
        })),
      });
      const running = new Set<number>();
      const started: number[] = [];
      const ends = await schedule(unitsOf(plan), {
        scopeOf: ({ tasks }) => tasks.flatMap((task) => scopeOf(task, createRegistry())),
        concurrency,
        passedOver: () => undefined,
        run: async ({ id }) => {
          const index = Number(id.slice(1));
          const shared = [...running].filter((other) =>
            tasks[other]?.files.some((file) => tasks[index]?.files.includes(file)),
          );
          assert.deepEqual(shared, [], `${id} runs beside one that shares a file`);
          running.add(index);
          started.push(index);
          assert.ok(running.size <= concurrency);
          for (let left = tasks[index]?.lateness ?? 0; left >= 0; left--) await Promise.resolve();
          running.delete(index);
          return tasks[index]?.fails === true ? 'failed' : 'done';
        },
      });
      assert.equal(ends.size, tasks.length);
      for (const [index, { needs }] of tasks.entries()) {
        const hindered = needs.some((need) => need < index && ends.get(`t${need}`) !== 'done');
        assert.equal(ends.get(`t${index}`) === 'blocked', hindered, `t${index}`);
      }
      const free = tasks.flatMap(({ needs }, index) => (needs.some((need) => need < index) ? [] : [index]));
      const most = Math.max(...free.map((index) => tasks[index]?.priority ?? 0));
      assert.equal(tasks[started[0] ?? 0]?.priority, most);
    },
  );
  await fc.assert(property, { ...SEED, numRuns: 200 });
});

const branches: fc.Arbitrary<Branches> = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
});

test('resume: any interleaving, cut anywhere, is heard again in the same order, and nothing finished runs twice', async () => {
  const property = fc.asyncProperty(
    branches,
    fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
    async (list, kills) => {
      const store = await newStore();
      for (const killAfter of kills) {
        const finished = new Set(
          rawLines(store.text(RUN)).flatMap(({ type, key }) => (type === 'step.finished' ? [key] : [])),
        );
        const { effects, end } = await playStory(store, { branches: list, killAfter });
        assert.deepEqual(
          effects.filter((key) => finished.has(key)),
          [],
        );
        if (end !== 'cut') assert.equal(end, 'done');
      }
      const live = await playStory(store, { branches: list });
      const again = await playStory(store, { branches: list });
      assert.equal(live.end, 'done');
      assert.deepEqual(again, { order: live.order, effects: [], end: 'done' });
      assert.deepEqual(faultsOfJournal(rawLines(store.text(RUN))), []);
    },
  );
  await fc.assert(property, { ...SEED, numRuns: 150 });
});

test('resume: ends that are released in another order than their lines are noticed', async () => {
  let noticed = false;
  for (let seed = 1; seed <= 40 && !noticed; seed++) {
    const [list] = fc.sample(branches, { seed, numRuns: 1 });
    const store = await newStore();
    let writes = 0;
    const live = await playStory(store, {
      branches: list ?? [],
      writer: (writer) => ({
        ...writer,
        write: async (line) => {
          await writer.write(line);
          writes += 1;
          for (let left = writes % 3; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
        },
      }),
    });
    const again = await playStory(store, { branches: list ?? [] });
    noticed = JSON.stringify(again.order) !== JSON.stringify(live.order);
  }
  assert.ok(noticed);
});

test('resume: a key that two branches use is refused', async () => {
  const { end } = await playStory(await newStore(), { branches: [[1], [1]], keyOf: () => 'same' });
  assert.ok(typeof end === 'object' && /Two steps have the key same/.test(end.broken), JSON.stringify(end));
});
