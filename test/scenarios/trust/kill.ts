/** Kills a process in the middle of a run on real files and git, lets another one go on, and looks at what is left. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { watch, type FSWatcher } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { host } from '../../../esbuild.js';
import { decodeJournal } from '../../../src/core/run/journal/codec.ts';
import type { RunEnd } from '../../../src/core/run/contract.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import type { JournalLine } from '../../../src/protocol/events.ts';
import { until } from '../../support/contract/run-store.ts';
import { commitAll } from '../../support/sample.mjs';
import { finishedCalls } from '../crash.ts';
import { RICH, RICH_FILES } from '../rich.ts';

/** What one process is to do. */
export interface Job {
  readonly workspace: string;
  readonly storage: string;
  /** File that gets a line for each model call, before it is answered. */
  readonly requests: string;
  /** The run to go on with; absent: a new one. */
  readonly run?: string;
  /** Whether its commands are held by the system. */
  readonly sandbox: 'auto' | 'off';
}

/** A file of this name beside the project makes its tests wait: for a kill that comes while they run. */
const SLOW = 'slow';

/** A test runner for `*.spec` files: `<name>: <path> has <text>`. It prints TAP. */
const RUNNER = `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
for (let at = process.cwd(); at !== dirname(at); at = dirname(at)) {
  if (!existsSync(at + '/${SLOW}')) continue;
  writeFileSync('waiting', 'x');
  spawnSync('sleep', ['300']);
}
const lines = readFileSync('test/all.spec', 'utf8').trim().split('\\n');
const results = lines.map((line) => {
  const [, name, path, text] = /^([^:]+): (\\S+) has (.+)$/.exec(line);
  return (readFileSync(path, 'utf8').includes(text) ? 'ok' : 'not ok') + ' - ' + name;
});
console.log(['TAP version 13', '1..' + lines.length, ...results].join('\\n'));
process.exit(results.some((result) => result.startsWith('not')) ? 1 : 0);
`;

/** Files of the person beside those of the scenario: committed, changed since, and never added. */
const MINE = { 'test/run.mjs': RUNNER, 'notes.txt': 'changed since\n', 'scratch/new.txt': 'never added\n' };

/** Longest time of one process, in milliseconds. */
const PATIENCE_MS = 60_000;

/** The driver as one file, so that a process of it starts at once. Returns the folder it lies in. */
export async function bundleDriver(): Promise<string> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'quartet-kill-'));
  await build({
    ...(host as BuildOptions),
    entryPoints: [join(import.meta.dirname, 'kill-driver.ts')],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    sourcemap: false,
  });
  return folder;
}

/** A fresh project and storage folder below `folder`. */
async function makeJob(folder: string, name: string, sandbox: Job['sandbox'] = 'auto'): Promise<Job> {
  const home = join(folder, name);
  const workspace = join(home, 'project');
  const files = { ...RICH.files, ...MINE, 'notes.txt': 'as committed\n' };
  for (const [path, text] of Object.entries(files)) await put(join(workspace, path), text);
  await fs.rm(join(workspace, 'scratch'), { recursive: true });
  await commitAll(workspace);
  for (const [path, text] of Object.entries(MINE)) await put(join(workspace, path), text);
  return { workspace, storage: join(home, 'storage'), requests: join(home, 'requests'), sandbox };
}

async function put(path: string, text: string): Promise<void> {
  await fs.mkdir(join(path, '..'), { recursive: true });
  await fs.writeFile(path, text);
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a process of the driver; `started` gets what kills it. */
async function drive(
  folder: string,
  job: Job,
  started: (kill: () => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(folder, 'kill-driver.mjs'), JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const kill = (): void => void child.kill('SIGKILL');
  const patience = setTimeout(kill, PATIENCE_MS);
  started(kill);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(patience);
      resolve({ code, signal, ...output });
    });
  });
}

/** Kills a run while its tests are waiting, goes on, and checks that nothing of the tests lives on. */
export async function killInTests(folder: string, whole: Left, sandbox: Job['sandbox']): Promise<void> {
  const home = join(folder, `in-tests-${sandbox}`);
  const job = await makeJob(folder, `in-tests-${sandbox}`, sandbox);
  await fs.writeFile(join(home, SLOW), '');
  const looking = new AbortController();
  const killed = await drive(folder, job, (kill) => {
    void whenWaiting(job, looking.signal).then((waits) => waits && kill());
  });
  looking.abort();
  assert.equal(killed.signal, 'SIGKILL', `not killed: ${killed.stdout}${killed.stderr}`);
  if (process.platform === 'linux') await assertLeft(job);
  await fs.rm(join(home, SLOW));
  const run = await runOf(job);
  assert.ok(run !== undefined);
  compare(await left({ ...job, run }, await drive(folder, { ...job, run })), whole);
  await assertTidy(job);
}

/** Resolves once a test runner waits in a working copy; false where that is given up. */
async function whenWaiting({ storage }: Job, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const copies = await fs.readdir(join(storage, 'copies')).catch(() => []);
    const looked = copies.map((copy) => fs.access(join(storage, 'copies', copy, 'waiting')));
    if ((await Promise.allSettled(looked)).some(({ status }) => status === 'fulfilled')) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** A command that nothing holds outlives its owner, until the next one ends it; one in a sandbox dies with it. */
async function assertLeft(job: Job): Promise<void> {
  const { by } = await createNodeShell().enforced({ mode: job.sandbox, network: 'local' });
  if (by === 'none') assert.notDeepEqual(await processesIn(job.storage), []);
  else await until('the sandbox is dead', async () => (await processesIn(job.storage)).length === 0);
}

/** Calls back once the only journal in a storage folder has that many whole lines. */
function whenLines(storage: string, count: number, reached: () => void): { dispose(): void } {
  let journal: FSWatcher | undefined;
  let over = false;
  const look = async (path: string): Promise<void> => {
    const text = await fs.readFile(path, 'utf8').catch(() => '');
    if (!over && text.split('\n').length > count) reached();
  };
  const find = async (): Promise<void> => {
    while (!over && !journal) {
      const [run] = await fs.readdir(join(storage, 'runs')).catch(() => [] as string[]);
      if (run === undefined) await new Promise((resolve) => setTimeout(resolve, 2));
      else {
        const path = join(storage, 'runs', run, 'journal.jsonl');
        journal = watch(path, () => void look(path));
        await look(path);
      }
    }
  };
  void find();
  return {
    dispose: () => {
      over = true;
      journal?.close();
    },
  };
}

/** What a run left. */
export interface Left {
  readonly end: RunEnd;
  readonly files: Readonly<Record<string, string>>;
  readonly tasks: readonly string[];
  readonly lines: readonly JournalLine[];
  readonly requests: readonly string[];
}

/** A run that nobody disturbs: what the others are compared with. */
export async function playWhole(folder: string): Promise<Left> {
  const job = await makeJob(folder, 'whole');
  return left(job, await drive(folder, job));
}

async function left(job: Job, { code, stdout, stderr }: Ended): Promise<Left> {
  assert.equal(code, 0, `the process failed: ${stderr}`);
  const lines = await linesOf(job);
  const tasks = new Map<string, string>();
  for (const line of lines) if (line.type === 'task.changed') tasks.set(line.data.task, line.data.state);
  return {
    end: JSON.parse(stdout) as RunEnd,
    files: await filesBelow(job.workspace),
    tasks: [...tasks].map(([task, state]) => `${task} ${state}`).sort(),
    lines,
    requests: await requestsOf(job),
  };
}

async function runOf({ storage }: Job): Promise<string | undefined> {
  return (await fs.readdir(join(storage, 'runs')).catch(() => []))[0];
}

async function linesOf(job: Job): Promise<readonly JournalLine[]> {
  const text = await fs.readFile(
    join(job.storage, 'runs', (await runOf(job)) ?? 'none', 'journal.jsonl'),
    'utf8',
  );
  return decodeJournal(text, nodeHasher).lines;
}

async function requestsOf({ requests }: Job): Promise<string[]> {
  const text = await fs.readFile(requests, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function filesBelow(folder: string): Promise<Record<string, string>> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.git/'));
  const texts = await Promise.all(
    paths.sort().map(async (path) => [path, await fs.readFile(join(folder, path), 'utf8')] as const),
  );
  return Object.fromEntries(texts);
}

/** Kills a run when its journal has `line` lines, goes on, and checks. Says how many lines there were. */
export async function killAndResume(folder: string, whole: Left, line: number): Promise<number> {
  const job = await makeJob(folder, `at-${line}`);
  const killed = await drive(folder, job, (kill) => {
    const waiting = whenLines(job.storage, line, () => {
      waiting.dispose();
      kill();
    });
  });
  assert.equal(killed.signal, 'SIGKILL', `not killed: ${killed.stdout}${killed.stderr}`);
  const run = await runOf(job);
  assert.ok(run !== undefined);
  const before = await linesOf(job);
  const asked = await requestsOf(job);
  const after = await left({ ...job, run }, await drive(folder, { ...job, run }));
  compare(after, whole);
  const fresh = after.requests.slice(asked.length);
  const paid = new Set(finishedCalls(before));
  assert.deepEqual(
    fresh.filter((request) => paid.has(request)),
    [],
    'a finished call was asked again',
  );
  assert.equal(new Set(fresh).size, fresh.length, 'a call was asked twice');
  await assertTidy(job);
  await fs.rm(join(folder, `at-${line}`), { recursive: true });
  return before.length;
}

function compare(after: Left, whole: Left): void {
  assert.deepEqual(after.end, whole.end);
  assert.deepEqual(after.files, { ...RICH.files, ...MINE, ...RICH_FILES });
  assert.deepEqual(after.files, whole.files);
  assert.deepEqual(after.tasks, whole.tasks);
  assert.ok(!after.lines.some((line) => line.type === 'run.upgraded'), 'the record did not fit the run');
}

/** What `node/drafts.ts` names, and locks of git. */
const DRAFT = /\.p\d+-[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{12}|\.lock$/u;

/** No working copy, no half file, no lock, no process. */
async function assertTidy(job: Job): Promise<void> {
  const names = async (...path: string[]): Promise<string[]> =>
    (await fs.readdir(join(job.storage, ...path)).catch(() => [])).sort();
  assert.deepEqual(await names('copies'), [], 'working copies are left');
  assert.deepEqual(await names('tmp', 'scratch'), [], 'folders for reports are left');
  assert.deepEqual(
    (await names('tmp')).filter((name) => name !== 'scratch'),
    [],
    'drafts are left',
  );
  assert.deepEqual(await names('apply'), [], 'notes of an apply are left');
  assert.deepEqual(await names('children'), [], 'notes of children are left');
  const run = (await runOf(job)) ?? '';
  const entries = (await names('runs', run)).filter((name) => name !== 'snapshot.json');
  assert.deepEqual(entries, ['blobs', 'inbox', 'journal.jsonl'], 'the run folder is not tidy');
  for (const store of await names('store'))
    assert.deepEqual(await names('store', store, 'indexes'), ['base'], 'indexes are left');
  const all = await fs.readdir(job.storage, { recursive: true });
  assert.deepEqual(
    all.filter((path) => DRAFT.test(path)),
    [],
    'drafts are left',
  );
  assert.deepEqual(await processesIn(job.storage), [], 'processes are left');
}

/** Processes that work below a folder. Linux only: elsewhere none is found. */
async function processesIn(folder: string): Promise<string[]> {
  const pids = (await fs.readdir('/proc').catch(() => [])).filter((name) => /^\d+$/u.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const cwd = await fs.readlink(join('/proc', pid, 'cwd')).catch(() => '');
      // What is in a sandbox has another cwd, seen from here.
      const environment = await fs.readFile(join('/proc', pid, 'environ'), 'utf8').catch(() => '');
      const ours = cwd.startsWith(folder) || environment.includes(`=${folder}/copies`);
      return ours ? [`${pid} in ${cwd}`] : [];
    }),
  );
  return found.flat();
}
