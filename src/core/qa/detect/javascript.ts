/** How the tests of a JavaScript project run: its scripts first, then what is installed, then test files by name. */
import * as z from 'zod';
import { TEST_ENV, noSetup } from '../test-setup.ts';
import { appendTo, canAppend, instrument } from './flags.ts';
import { runnerOfScript, segmentsOf } from './script.ts';
import type { FilesView, TestSetup } from '../test-setup.ts';
import type { Instrumented } from './flags.ts';
import type { RunnerUse } from './script.ts';

const Manifest = z.looseObject({
  packageManager: z.string().optional().catch(undefined),
  workspaces: z.unknown().optional(),
  scripts: z.record(z.string(), z.string()).optional().catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
  devDependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

/** `test`: runs a script, arguments appended. `exec`: runs an installed program. */
interface Manager {
  readonly name: string;
  readonly locks: readonly string[];
  readonly run: (script: string) => string;
  readonly exec: string;
  readonly install: string;
}

const MANAGERS: readonly Manager[] = [
  {
    name: 'pnpm',
    locks: ['pnpm-lock.yaml'],
    run: (script) => `pnpm run ${script}`,
    exec: 'pnpm exec',
    install: 'pnpm install --frozen-lockfile',
  },
  {
    name: 'yarn',
    locks: ['yarn.lock'],
    run: (script) => `yarn run ${script}`,
    exec: 'yarn run',
    install: 'yarn install --frozen-lockfile',
  },
  {
    name: 'bun',
    locks: ['bun.lock', 'bun.lockb'],
    run: (script) => `bun run ${script}`,
    exec: 'bunx --no-install',
    install: 'bun install --frozen-lockfile',
  },
  {
    name: 'npm',
    locks: ['package-lock.json', 'npm-shrinkwrap.json'],
    run: (script) => (script === 'test' ? 'npm test --' : `npm run ${script} --`),
    exec: 'npx --no-install',
    install: 'npm ci',
  },
];

/** Scripts that run tests, best first. */
const SCRIPTS = ['test', 'test:unit', 'unit', 'tests', 'test:ci', 'test:node', 'test:js'];
const NO_TESTS = /no test specified/;

/** Never throws for a broken package.json: says so in `why`. */
export async function detectJavaScript(view: FilesView): Promise<TestSetup> {
  const text = await view.read('package.json');
  if (text === undefined) return noSetup('There is no package.json.');
  const manifest = manifestOf(text);
  if (manifest === undefined)
    return noSetup('package.json is not valid JSON, so its scripts cannot be read.');
  const { manager, lock } = await managerOf(view, manifest);
  const setup = fromScripts(manifest, manager) ?? (await fromPackages(view, manifest, manager));
  if (setup === undefined) return noSetup(whyNothing(manifest));
  const why = lock === undefined ? setup.why : `${setup.why} ${lock} says ${manager.name}.`;
  return { ...setup, why, ...installs(manifest, manager, lock) };
}

function manifestOf(text: string): Manifest | undefined {
  try {
    return Manifest.safeParse(JSON.parse(text.replace(/^\uFEFF/, ''))).data;
  } catch {
    return undefined;
  }
}

async function managerOf(
  view: FilesView,
  manifest: Manifest,
): Promise<{ readonly manager: Manager; readonly lock: string | undefined }> {
  const named = MANAGERS.find(({ name }) => manifest.packageManager?.startsWith(`${name}@`) === true);
  for (const manager of named === undefined ? MANAGERS : [named]) {
    for (const lock of manager.locks) if (await view.exists(lock)) return { manager, lock };
  }
  const manager = named ?? MANAGERS.find(({ name }) => name === 'npm');
  if (manager === undefined) throw new Error('npm is a manager');
  return { manager, lock: undefined };
}

function fromScripts(manifest: Manifest, manager: Manager): TestSetup | undefined {
  const scripts = manifest.scripts ?? {};
  const name = SCRIPTS.find((script) => scripts[script] !== undefined && !NO_TESTS.test(scripts[script]));
  const text = name === undefined ? undefined : scripts[name];
  if (name === undefined || text === undefined) return undefined;
  const label = manager.run(name).replace(/ --$/, '');
  const why = `package.json has the script "${name}": ${text}`;
  return { ...scriptCommand({ name, text, scripts, manager }), found: true, label, why, env: TEST_ENV };
}

interface Script {
  readonly name: string;
  readonly text: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly manager: Manager;
}

/** The script through its manager where flags can follow it, else its own text with flags inside, else as it is. */
function scriptCommand(script: Script): Instrumented {
  const { name, text, scripts, manager } = script;
  const hop = followed(text, scripts, 3);
  const plain = manager.run(name).replace(/ --$/, '');
  if (hop === undefined) return { runner: 'unknown', command: plain, reportFormat: 'console' };
  if (canAppend(hop.use) && hop.lastAll) {
    const dashes = manager.name === 'npm' ? ' --'.repeat(hop.depth) : '';
    return appendTo(manager.run(name) + dashes, hop.use.runner);
  }
  if (hop.depth > 0) return { ...instrument(plain, undefined), runner: hop.use.runner };
  const asked = instrument(withPrograms(text, manager), runnerOfScript(withPrograms(text, manager)));
  const before = scripts[`pre${name}`];
  if (before === undefined) return asked;
  const first = `${manager.run(`pre${name}`).replace(/ --$/, '')} && `;
  const only = Object.fromEntries(Object.entries(asked.only ?? {}).map(([key, part]) => [key, first + part]));
  return { ...asked, command: first + asked.command, only };
}

interface Hop {
  readonly use: RunnerUse;
  readonly depth: number;
  /** Every step on the way is the last of its line, so that appended arguments arrive. */
  readonly lastAll: boolean;
}

/** Follows `npm run other` to the script that names a runner. */
function followed(
  text: string,
  scripts: Readonly<Record<string, string>>,
  depthMax: number,
): Hop | undefined {
  const use = runnerOfScript(text);
  if (use !== undefined) return { use, depth: 0, lastAll: true };
  if (depthMax === 0) return undefined;
  for (const segment of segmentsOf(text)) {
    const words = segment.words.map((word) => word.text);
    const isRun = /^(npm|pnpm|yarn|bun)$/.test(words[0] ?? '');
    const name = words.slice(1).find((word) => word !== 'run' && !word.startsWith('-'));
    const next = isRun && name !== undefined ? scripts[name] : undefined;
    const hop = next === undefined ? undefined : followed(next, scripts, depthMax - 1);
    if (hop !== undefined) return { ...hop, depth: hop.depth + 1, lastAll: hop.lastAll && segment.last };
  }
  return undefined;
}

const EVERYWHERE =
  /^(node|npm|npx|pnpm|yarn|bun|bunx|echo|cd|rm|mkdir|cp|mv|true|false|test|sh|env|exit|export|set)$/;

/** A script's text for a shell of our own: programs of node_modules are called through the manager. */
function withPrograms(text: string, manager: Manager): string {
  const starts = segmentsOf(text).flatMap(({ words }) => {
    const program = words.find((word) => !/^[A-Za-z_]\w*=/.test(word.text));
    return program === undefined || EVERYWHERE.test(program.text) || /[\\/]/.test(program.text)
      ? []
      : [program];
  });
  return starts.reduceRight(
    (line, word) => `${line.slice(0, word.start)}${manager.exec} ${line.slice(word.start)}`,
    text,
  );
}

async function fromPackages(
  view: FilesView,
  manifest: Manifest,
  manager: Manager,
): Promise<TestSetup | undefined> {
  const packages = { ...manifest.dependencies, ...manifest.devDependencies };
  const commands = { vitest: 'vitest run', jest: 'jest', mocha: 'mocha', ava: 'ava' };
  for (const [name, command] of Object.entries(commands)) {
    if (!(name in packages)) continue;
    const line = `${manager.exec} ${command}`;
    const why = `package.json has no test script, but ${name} is among its packages.`;
    return { ...instrument(line, runnerOfScript(line)), found: true, label: line, why, env: TEST_ENV };
  }
  const file = await nodeTestFile(view);
  if (file === undefined) return undefined;
  const why = `package.json has no test script, but ${file} uses node's own test runner.`;
  const line = 'node --test';
  return { ...instrument(line, runnerOfScript(line)), found: true, label: line, why, env: TEST_ENV };
}

const TEST_FILE = /(^test|[._-]test)\.[cm]?[jt]s$/;

async function nodeTestFile(view: FilesView): Promise<string | undefined> {
  for (const dir of ['', 'test', 'tests', 'src']) {
    const names = (await view.list?.(dir)) ?? [];
    const inTestDir = dir === 'test' ? /\.[cm]?[jt]s$/ : TEST_FILE;
    for (const name of names.filter((each) => inTestDir.test(each)).slice(0, 5)) {
      const path = dir === '' ? name : `${dir}/${name}`;
      if (/['"]node:test['"]/.test((await view.read(path)) ?? '')) return path;
    }
  }
  return undefined;
}

function installs(manifest: Manifest, manager: Manager, lock: string | undefined): Partial<TestSetup> {
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  if (packages.length === 0) return {};
  return { setupCommands: [lock === undefined ? `${manager.name} install` : manager.install] };
}

function whyNothing(manifest: Manifest): string {
  const inside = manifest.workspaces === undefined ? '' : ' Its workspaces are not searched.';
  return `package.json has no test script (looked for ${SCRIPTS.join(', ')}), no test runner among its packages, and no file that imports node:test was found.${inside}`;
}
