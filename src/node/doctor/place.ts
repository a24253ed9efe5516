/** Collects what the doctor asks of this machine: git, ripgrep, storage, tests, what runs left behind. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Facts, NetworkFacts, StorageFacts } from '../../core/doctor/facts.ts';
import { knowTests, type Sayings } from '../../core/qa/known.ts';
import type { FilesView } from '../../core/qa/test-setup.ts';
import type { Files, Log, RunStore } from '../../core/ports.ts';
import type { RunViews } from '../../core/run/contract.ts';
import { unfinishedRuns } from '../../core/run/keeping/retention.ts';
import { sizeOf } from '../retention/sizes.ts';
import { sweepLeftovers } from '../retention/sweep.ts';
import { programOrNowhere } from '../program.ts';
import { findRipgrep } from '../ripgrep.ts';

const GIT_MS_MAX = 10_000;
const run = promisify(execFile);

const told = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n')[0] ?? text;
};

/** Version of the git on the PATH, and whether it can make a repository as the private store is one. */
export async function gitFacts(): Promise<Facts['git']> {
  let folder: string | undefined;
  try {
    const git = programOrNowhere('git');
    const options = { timeout: GIT_MS_MAX, windowsHide: true };
    const { stdout } = await run(git, ['--version'], options);
    const { tmpdir } = await import('node:os');
    folder = await fs.mkdtemp(join(tmpdir(), 'quartet-doctor-'));
    await run(git, ['init', '--bare', '--quiet', join(folder, 'store')], options);
    return { version: /\d[\d.]*/.exec(stdout)?.[0] ?? stdout.trim() };
  } catch (error) {
    return { problem: told(error) };
  } finally {
    if (folder !== undefined) await fs.rm(folder, { recursive: true, force: true });
  }
}

export async function ripgrepFacts(places: readonly string[]): Promise<string | undefined> {
  return (await findRipgrep(places))?.path;
}

/** Writes and removes a file, and makes no folder that was not there. */
export async function storageFacts(path: string): Promise<StorageFacts> {
  const there = await nearest(path);
  const file = join(there, `.quartet-doctor-${randomBytes(6).toString('hex')}`);
  try {
    await fs.writeFile(file, '');
  } catch (error) {
    return { path, problem: told(error) };
  } finally {
    await fs.rm(file, { force: true }).catch(() => undefined);
  }
  const space = await fs.statfs(there).catch(() => undefined);
  return {
    path,
    usedBytes: await sizeOf(path),
    ...(space !== undefined && { freeBytes: space.bavail * space.bsize }),
  };
}

/** The folder, or the nearest one above it that is there. */
async function nearest(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const stat = await fs.stat(at).catch(() => undefined);
    if (stat?.isDirectory() === true || at === dirname(at)) return at;
  }
}

/** How the tests of a folder are run, as a run would find it. */
export async function testFacts(
  files: Files,
  root: string,
  said: Sayings,
): Promise<NonNullable<Facts['tests']>> {
  const view: FilesView = {
    exists: async (path) => (await files.stat(root, path)) !== undefined,
    read: async (path) => {
      const bytes = await files.read(root, path);
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    list: (path) => files.names(root, path),
  };
  try {
    const { setup } = await knowTests(view, said, { windows: process.platform === 'win32' });
    return { why: setup.why, ...(setup.found && { label: setup.label }) };
  } catch (error) {
    return { why: told(error) };
  }
}

interface RunsPlace {
  readonly storage: string;
  readonly store: RunStore;
  readonly views: RunViews;
  readonly log: Log;
}

/** Runs that can go on, and folders that no run needs. Removes nothing. */
export async function runFacts({
  storage,
  store,
  views,
  log,
}: RunsPlace): Promise<NonNullable<Facts['runs']>> {
  const unfinished = await unfinishedRuns(store, views);
  const leftovers = await sweepLeftovers({ storage, log, dryRun: true, unfinished: async () => unfinished });
  const ill = await Promise.all([...unfinished].slice(-LOOKED_AT_MAX).map((run) => illIn(views, run)));
  return { unfinished: [...unfinished], leftovers: leftovers.length, ill: ill.flat() };
}

/** Unfinished runs, the latest, whose endpoints are looked at. */
const LOOKED_AT_MAX = 3;

async function illIn(
  views: RunsPlace['views'],
  run: string,
): Promise<readonly { readonly run: string; readonly name: string; readonly why: string }[]> {
  const { registry } = await views.view(run);
  return (registry?.endpoints ?? [])
    .filter(({ health }) => health !== 'fine')
    .map(({ name, why = 'it is not well' }) => ({ run, name, why }));
}

/** What the environment says of certificates. Node ignores a file that it cannot read. */
export async function authorityFacts(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Pick<NetworkFacts, 'extraAuthorities' | 'unchecked'>> {
  const path = env['NODE_EXTRA_CA_CERTS'];
  const unchecked = env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0';
  if (path === undefined || path === '') return { unchecked };
  const text = await fs.readFile(path, 'utf8').catch((error: unknown) => error);
  if (typeof text !== 'string') return { unchecked, extraAuthorities: { path, problem: told(text) } };
  const isPem = text.includes('-----BEGIN CERTIFICATE-----');
  const problem = isPem ? undefined : 'it holds no certificate in PEM form.';
  return { unchecked, extraAuthorities: { path, ...(problem !== undefined && { problem }) } };
}
