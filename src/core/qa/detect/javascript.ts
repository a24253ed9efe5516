/** How the tests of a JavaScript project run: its scripts first, then what is installed, then test files by name. */
import * as z from 'zod';
import { noSetup } from '../test-setup.ts';
import { appendTo, canAppend, instrument, setupOf } from './flags.ts';
import { inlined } from './inline.ts';
import { runnersOf, segmentsOf } from './script.ts';
import { handsOn, memberTests } from './workspaces.ts';
import type { FilesView, TestSetup } from '../test-setup.ts';
import type { Instrumented } from './flags.ts';
import type { RunnerUse } from './script.ts';

const Manifest = z.looseObject({
  name: z.string().optional().catch(undefined),
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

/** Of one script where it is named, else of what there is. Never throws for a broken package.json: says so in `why`. */
export async function detectJavaScript(view: FilesView, script?: string): Promise<TestSetup> {
  const text = await view.read('package.json');
  if (text === undefined) return noSetup('There is no package.json.');
  const manifest = manifestOf(text);
  if (manifest === undefined)
    return noSetup('package.json is not valid JSON, so its scripts cannot be read.');
  const { manager, lock } = await managerOf(view, manifest);
  const its = { view, manifest, manager };
  const setup =
    (await fromScripts(its, script)) ?? (script === undefined ? await fromPackages(its) : undefined);
  if (setup === undefined) return noSetup(whyNothing(manifest, script));
  const why = lock === undefined ? setup.why : `${setup.why} ${lock} says ${manager.name}.`;
  return { ...setup, why, ...installs(manifest, manager, lock) };
}

/** A package.json with its manager's ways to run what it names. */
export interface Packages {
  readonly name: string | undefined;
  /** The field of that name, as it is. */
  readonly workspaces: unknown;
  readonly scripts: Readonly<Record<string, string>>;
  /** Names of what it depends on, also for development. */
  readonly packages: readonly string[];
  readonly run: (script: string) => string;
  /** The same, to be followed by arguments for the script. */
  readonly runWith: (script: string) => string;
  readonly exec: string;
}

/** `undefined` where there is none that can be read. */
export async function packagesOf(view: FilesView): Promise<Packages | undefined> {
  const manifest = manifestOf((await view.read('package.json')) ?? '');
  if (manifest === undefined) return undefined;
  const { manager } = await managerOf(view, manifest);
  return {
    name: manifest.name,
    workspaces: manifest.workspaces,
    scripts: manifest.scripts ?? {},
    packages: Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
    run: (script) => manager.run(script).replace(/ --$/, ''),
    runWith: manager.run,
    exec: manager.exec,
  };
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

/** The named script, or the first there is. */
async function fromScripts(its: Found, script: string | undefined): Promise<TestSetup | undefined> {
  for (const name of script === undefined ? SCRIPTS : [script]) {
    const setup = await fromScript(its, name);
    if (setup !== undefined) return setup;
  }
  return undefined;
}

interface Found {
  readonly view: FilesView;
  readonly manifest: Manifest;
  readonly manager: Manager;
}

/** The set-up of one script; `undefined` where package.json has none of that name, or npm's default. */
async function fromScript(its: Found, name: string): Promise<TestSetup | undefined> {
  const text = its.manifest.scripts?.[name];
  if (text === undefined || NO_TESTS.test(text)) return undefined;
  const members = handsOn(text) ? await fromMembers(its) : undefined;
  if (members !== undefined) return { ...members, label: its.manager.run(name).replace(/ --$/, '') };
  const label = its.manager.run(name).replace(/ --$/, '');
  const why = `package.json has the script "${name}" (${text}).`;
  return setupOf(await scriptCommand(its, name, text), { label, why });
}

/** Through its manager where flags can follow the script, else as one line with the flags inside, else as it is. */
async function scriptCommand(
  { view, manifest, manager }: Found,
  name: string,
  text: string,
): Promise<Instrumented> {
  const [use, ...others] = runnersOf(text);
  const scripts = manifest.scripts ?? {};
  const before = scripts[`pre${name}`];
  const line = inlined(before === undefined ? text : `${before} && ${text}`, scripts, manager.exec);
  if (use !== undefined && others.length === 0 && canAppend(use)) {
    const all = appendTo(manager.run(name), use.runner);
    const { name: _name, file: _file, ...some } = instrument(line).only ?? {};
    return { ...all, only: { ...all.only, ...some } };
  }
  if (runnersOf(line).length > 0) return instrument(line);
  const file = await nodeScript(view, text);
  if (file !== undefined) return instrument(text, [file]);
  return instrument(manager.run(name).replace(/ --$/, ''), []);
}

/** `node test.js`, where the file uses node's test runner without `--test`. */
async function nodeScript(view: FilesView, text: string): Promise<RunnerUse | undefined> {
  const [segment, ...others] = segmentsOf(text);
  if (segment?.words[0]?.text !== 'node' || others.length > 0) return undefined;
  const path = segment.words
    .slice(1)
    .find((word) => !word.text.startsWith('-'))
    ?.text.replace(/^\.\//, '');
  const source = path === undefined ? undefined : await view.read(path);
  return source !== undefined && IMPORTS_NODE_TEST.test(source)
    ? { runner: 'node', segment, at: 0 }
    : undefined;
}

const IMPORTS_NODE_TEST = /['"]node:test['"]/;

async function fromPackages({ view, manifest, manager }: Found): Promise<TestSetup | undefined> {
  const packages = { ...manifest.dependencies, ...manifest.devDependencies };
  const commands = {
    vitest: 'vitest run',
    jest: 'jest',
    mocha: 'mocha',
    ava: 'ava',
    '@playwright/test': 'playwright test',
  };
  for (const [name, command] of Object.entries(commands)) {
    if (!(name in packages)) continue;
    const line = `${manager.exec} ${command}`;
    const why = `package.json has no test script, but ${name} is among its packages.`;
    return setupOf(instrument(line), { label: line, why });
  }
  const members = await fromMembers({ view, manifest, manager });
  if (members !== undefined) return members;
  const file = await nodeTestFile(view);
  if (file === undefined) return undefined;
  const why = `package.json has no test script, but ${file} uses node's own test runner.`;
  const line = 'node --test';
  return setupOf(instrument(line), { label: line, why });
}

/** The packages of a monorepo, each in its own folder. */
async function fromMembers({ view, manifest, manager }: Found): Promise<TestSetup | undefined> {
  const members = await memberTests(view, manifest.workspaces, manager.exec);
  if (members === undefined) return undefined;
  const why = `The tests of its packages run one after the other (${members.folders.join(', ')}).`;
  const label = `${manager.name} test in ${members.folders.length} packages`;
  const setup = setupOf(instrument(members.line), { label, why });
  return members.partly ? { ...setup, partly: true } : setup;
}

const TEST_FILE = /(^test|[._-]test)\.[cm]?[jt]s$/;

async function nodeTestFile(view: FilesView): Promise<string | undefined> {
  for (const dir of ['', 'test', 'tests', 'src']) {
    const names = (await view.list?.(dir)) ?? [];
    const inTestDir = dir === 'test' ? /\.[cm]?[jt]s$/ : TEST_FILE;
    for (const name of names.filter((each) => inTestDir.test(each)).slice(0, 5)) {
      const path = dir === '' ? name : `${dir}/${name}`;
      if (IMPORTS_NODE_TEST.test((await view.read(path)) ?? '')) return path;
    }
  }
  return undefined;
}

function installs(manifest: Manifest, manager: Manager, lock: string | undefined): Partial<TestSetup> {
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  if (packages.length === 0) return {};
  return { setupCommands: [lock === undefined ? `${manager.name} install` : manager.install] };
}

function whyNothing(manifest: Manifest, script: string | undefined): string {
  if (script !== undefined) return `package.json has no script "${script}".`;
  const own = NO_TESTS.test(manifest.scripts?.['test'] ?? '')
    ? ' ("test" is npm\'s default, which runs none)'
    : '';
  const inside = manifest.workspaces === undefined ? '' : ' None of its workspaces has one either.';
  return `package.json has no test script${own}, none of its packages is a test runner, and no test file imports node:test.${inside}`;
}
