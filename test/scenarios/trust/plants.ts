/** Bugs to be noticed: each is ports, or a disk, that do not do what they promise. */
import { createHash } from 'node:crypto';
import type { OwnedRun, RunStore, Shell, WorkingCopies } from '../../../src/core/ports.ts';
import type { EnginePorts } from '../../../src/core/run/contract.ts';
import { overlaid } from '../../support/in-memory/life.ts';
import type { RawLine } from './checker.ts';
import type { Trial } from './trial.ts';

export interface Plant {
  readonly name: string;
  /** What is said of it. */
  readonly noticed: RegExp;
  /** Looked for in simulated runs: where every run is the same it cannot show. */
  readonly simulated?: true;
  readonly ports: (ports: EnginePorts, trial: Trial) => EnginePorts;
}

const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

/** The same ports with other owned runs. */
function withRuns(ports: EnginePorts, change: (run: OwnedRun) => Partial<OwnedRun>): EnginePorts {
  const changed = (run: OwnedRun): OwnedRun => ({ ...run, ...change(run) });
  const store = overlaid<RunStore>(ports.store, {
    create: async (...args) => changed(await ports.store.create(...args)),
    own: async (id) => changed(await ports.store.own(id)),
  });
  return { ...ports, store };
}

/** The same ports whose journals read otherwise than they lie on the disk, with a chain that fits. */
function withReading(
  ports: EnginePorts,
  trial: Trial,
  forge: (lines: readonly RawLine[]) => readonly RawLine[],
): EnginePorts {
  return withRuns(ports, () => ({
    tail: async (from) => {
      const text = Buffer.from(chained(forge(trial.lines())));
      return { lines: text.subarray(from).toString('utf8'), next: text.length, size: text.length };
    },
  }));
}

function chained(lines: readonly RawLine[]): string {
  let prev = '0'.repeat(64);
  return lines
    .map(({ v, at, type, key, data }, index) => {
      const line = { v, seq: index + 1, at, type, ...(key !== undefined && { key }), data, prev };
      prev = createHash('sha256').update(JSON.stringify(line)).digest('hex');
      return `${JSON.stringify({ ...line, sum: prev })}\n`;
    })
    .join('');
}

const without = (lines: readonly RawLine[], index: number): readonly RawLine[] =>
  index < 0 ? lines : lines.filter((_, each) => each !== index);

/** Two neighbours in each other's place: the last two ends of steps. */
function endsSwapped(lines: readonly RawLine[]): readonly RawLine[] {
  const ends = lines.flatMap(({ type }, index) => (type === 'step.finished' ? [index] : []));
  const [first, second] = [ends.at(-2), ends.at(-1)];
  if (first === undefined || second === undefined) return lines;
  return lines.map(
    (line, index) => (index === first ? lines[second] : index === second ? lines[first] : line) ?? line,
  );
}

export const PLANTS: readonly Plant[] = [
  {
    name: 'an append that does not wait for the disk',
    noticed: /before its line is durable/,
    ports: (ports) =>
      withRuns(ports, ({ append }) => {
        let last = Promise.resolve();
        return {
          append: async (lines) => {
            last = last.then(() => turns(8)).then(() => append(lines));
          },
        };
      }),
  },
  {
    name: 'a line that is dropped from an append',
    noticed: /breaks the chain|its number is/,
    ports: (ports) =>
      withRuns(ports, ({ append }) => {
        let appends = 0;
        return {
          append: (lines) => {
            appends += 1;
            return append(appends === 5 ? lines.slice(lines.indexOf('\n') + 1) : lines);
          },
        };
      }),
  },
  {
    name: 'two appends that change places',
    noticed: /breaks the chain|its number is/,
    ports: (ports) =>
      withRuns(ports, ({ append }) => {
        let appends = 0;
        let kept = '';
        return {
          append: async (lines) => {
            appends += 1;
            if (appends === 6) kept = lines;
            else await append(lines + kept);
            if (appends !== 6) kept = '';
          },
        };
      }),
  },
  {
    name: 'a finished model call that recovery forgets',
    noticed: /the finished call .* is asked again|begins again|breaks the chain/,
    ports: (ports, trial) =>
      withReading(ports, trial, (lines) =>
        without(
          lines,
          lines.findLastIndex(({ type, key = '' }) => type === 'step.finished' && key.endsWith('/model')),
        ),
      ),
  },
  {
    name: 'a finished gate that recovery forgets',
    noticed: /begins again/,
    ports: (ports, trial) =>
      withReading(ports, trial, (lines) =>
        without(
          lines,
          lines.findLastIndex(({ type, key = '' }) => type === 'step.finished' && /gate/.test(key)),
        ),
      ),
  },
  {
    name: 'ends that recovery releases in another order',
    noticed: /did not fit its own record|refused|breaks the chain/,
    ports: (ports, trial) => withReading(ports, trial, endsSwapped),
  },
  {
    name: 'a working copy that is left as it was on resume',
    noticed: /the files are not those|does not end/,
    ports: (ports) => {
      const { copies, files } = ports;
      const create = async (id: string, tree: string) => {
        const root = copies.rootOf(id);
        const there = (await files.names(root, '').catch(() => undefined)) !== undefined;
        if (!there) return copies.create(id, tree);
        const before = await copies.compose(tree, await textsBelow(ports, root));
        return copies.create(id, before);
      };
      return { ...ports, copies: overlaid<WorkingCopies>(copies, { create }) };
    },
  },
  {
    name: 'an answer that is taken before it is durable',
    noticed: /what was answered to .* is lost/,
    ports: (ports) =>
      withRuns(ports, ({ onSignal }) => ({
        onSignal: (deliver) =>
          onSignal((signal, taken, id) => {
            void taken();
            deliver(signal, async () => undefined, id);
          }),
      })),
  },
  {
    name: 'tests that are called green whatever they say',
    noticed: /called green, but broken/,
    simulated: true,
    ports: (ports) => ({
      ...ports,
      shell: overlaid<Shell>(ports.shell, {
        run: async (command, signal) => {
          const result = await ports.shell.run(command, signal);
          return { ...result, exitCode: 0, stdout: result.stdout.replaceAll('not ok', 'ok') };
        },
      }),
    }),
  },
  {
    name: 'a person’s file that is written before anybody accepted it',
    noticed: /reads as nobody accepted it|written before/,
    ports: (ports) => ({
      ...ports,
      copies: overlaid<WorkingCopies>(ports.copies, {
        diff: async (from, to) => {
          const after = await ports.copies.read(to, 'src/greet.txt');
          const before = await ports.workspace.read('src/greet.txt');
          await ports.workspace.apply([{ path: 'src/greet.txt', before, after }]);
          return ports.copies.diff(from, to);
        },
      }),
    }),
  },
  {
    name: 'a working copy that is never removed',
    noticed: /is left/,
    ports: (ports) => ({
      ...ports,
      copies: overlaid<WorkingCopies>(ports.copies, { discard: async () => undefined }),
    }),
  },
];

/** Bytes of the files of a folder: one level deep is all that the trial has. */
async function textsBelow(
  { files }: EnginePorts,
  root: string,
): Promise<Map<string, Uint8Array | undefined>> {
  const texts = new Map<string, Uint8Array | undefined>();
  for (const folder of (await files.names(root, '')) ?? []) {
    for (const name of (await files.names(root, folder.replace(/\/$/, ''))) ?? [])
      texts.set(`${folder}${name}`, await files.read(root, `${folder}${name}`));
  }
  return texts;
}
