/** What is kept of a workspace's tests: a file beside the runs for what a person said, a cache for results. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { PortError, type Log, type TestMemory } from '../core/ports.ts';
import { TestsKept } from '../protocol/tests-kept.ts';
import { packageFolders } from './copies/installed.ts';
import { nodeHasher } from './hasher.ts';
import { createSuiteSlots } from './suite-slots.ts';
import { createWhole, makeFolder, readIfThere, replaceCache } from './storage.ts';

const FILE = 'tests.json';
/** Results that are put away; older ones go. */
const PUT_AWAY_MAX = 40;
/** A result that is longer is not put away, in characters. */
const CHARS_MAX = 8_000_000;

export interface TestMemoryOptions {
  readonly storage: string;
  /** Absolute path of the person's folder. */
  readonly workspace: string;
  readonly log: Log;
  /** Absolute folder in which suites of all processes are counted. */
  readonly suites: string;
}

export function createTestMemory({ storage, workspace, log, suites }: TestMemoryOptions): TestMemory {
  const folder = join(storage, 'cache', 'tests');
  const slots = createSuiteSlots({ folder: suites, log });
  let last: Promise<unknown> = Promise.resolve();
  return {
    kept: () => read(storage),
    keep: (change) => {
      const next = last.then(async () => {
        const kept = TestsKept.parse(change(await read(storage)));
        await makeFolder(storage);
        await createWhole(storage, FILE, `${JSON.stringify(kept, undefined, 2)}\n`);
        return kept;
      });
      last = next.catch(() => undefined);
      return next;
    },
    recall: async (key) => {
      const text = await readIfThere(join(folder, nameOf(key))).catch(() => undefined);
      const sum = text?.slice(0, SUM_CHARS);
      const value = text?.slice(SUM_CHARS + 1);
      if (value === undefined || nodeHasher.sha256(value) !== sum) return undefined;
      return JSON.parse(value) as unknown;
    },
    remember: async (key, value) => {
      const text = JSON.stringify(value);
      if (text.length > CHARS_MAX) return;
      try {
        await makeFolder(folder);
        await replaceCache(folder, nameOf(key), `${nodeHasher.sha256(text)}\n${text}`);
        await dropOldest(folder);
      } catch (error) {
        log.warn(`Test results could not be put away: ${String(error)}`);
      }
    },
    environment: () => environmentOf(workspace),
    turn: (max, signal) => slots.take(max, signal),
  };
}

const SUM_CHARS = 64;

const nameOf = (key: string): string => `${nodeHasher.sha256(key)}.json`;

async function read(storage: string): Promise<TestsKept> {
  const path = join(storage, FILE);
  const text = await readIfThere(path);
  if (text === undefined) return TestsKept.parse({});
  try {
    return TestsKept.parse(JSON.parse(text));
  } catch (cause) {
    throw new PortError('tests.damaged', `What is kept of this workspace's tests cannot be read: ${path}`, {
      cause,
      advice: 'Mend the file or delete it; the test command and the list of flaky tests are found anew.',
    });
  }
}

async function dropOldest(folder: string): Promise<void> {
  const names = (await fs.readdir(folder)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  if (names.length <= PUT_AWAY_MAX) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await fs.stat(join(folder, name))).mtimeMs })),
  );
  const old = aged.toSorted((one, other) => other.at - one.at).slice(PUT_AWAY_MAX);
  await Promise.all(old.map(({ name }) => fs.rm(join(folder, name), { force: true })));
}

/** Folders of installed packages: a change below them shows in the time of one of their names. */
const INSTALLED = ['node_modules', '.venv', 'venv', 'vendor', 'target', 'node_modules/.bin'];
const VARIABLES =
  /^(PATH|NODE_OPTIONS|PYTHONPATH|GO(FLAGS|ROOT|PATH)|CARGO_HOME|RUSTUP_HOME|JAVA_HOME|TZ|LANG|LC_ALL)$/;

async function environmentOf(workspace: string): Promise<string> {
  const hash = createHash('sha256');
  const { version, platform, arch, env } = process;
  const own = Object.entries(env).filter(([name]) => VARIABLES.test(name));
  hash.update(JSON.stringify([version, platform, arch, own.sort()]));
  for (const name of INSTALLED) {
    const folder = join(workspace, name);
    const packages = await Promise.all((await packageFolders(folder)).map(timesIn));
    hash.update(JSON.stringify([name, await timesIn(folder), ...packages]));
  }
  return hash.digest('hex');
}

/** Names and times in a folder; empty where there is none. */
async function timesIn(folder: string): Promise<readonly (readonly [string, number])[]> {
  const names = await fs.readdir(folder).catch(() => []);
  const times = names.sort().map(async (name) => {
    const stat = await fs.stat(join(folder, name)).catch(() => undefined);
    return [name, stat?.mtimeMs ?? 0] as const;
  });
  return Promise.all(times);
}
