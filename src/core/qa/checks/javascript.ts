/** Checks of JavaScript projects: their scripts, and what is configured and installed without one; in each package of a monorepo. */
import type { CheckKind } from '../../../protocol/qa-settings.ts';
import { packagesOf, type Packages } from '../detect/javascript.ts';
import { runnableOf, segmentsOf } from '../detect/script.ts';
import { handsOn, memberFolders } from '../detect/workspaces.ts';
import type { FilesView } from '../test-setup.ts';
import { idOf, type Check, type CheckFormat } from './check.ts';
import { reachable, within, type Folder } from './folders.ts';

/** The scripts that people give such names, best first. */
const SCRIPTS: Readonly<Record<CheckKind, readonly string[]>> = {
  types: ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc'],
  lint: ['lint', 'lint:check', 'eslint'],
  build: ['build', 'compile'],
};
const KINDS: readonly CheckKind[] = ['types', 'lint', 'build'];
/** Scripts that never end, or mend what they find. */
const UNFIT = /--watch\b|\s-w\b|--fix\b|--write\b|\b(serve|dev|start)\b/;
/** Parts of a check that stand in scripts of their own, where none runs them all. */
const PARTS: Readonly<Partial<Record<CheckKind, RegExp>>> = {
  types: /^(typecheck|type-check|types):[\w:-]+$/,
  lint: /^lint:(?!fix)[\w:-]+$/,
};

interface Project {
  readonly folder: string;
  readonly view: FilesView;
  readonly packages: Packages;
  /** The project that it is a package of. */
  readonly root?: Packages;
}

/** Never throws for what files hold. */
export async function javascriptChecks(
  view: FilesView,
  folders: readonly Folder[],
): Promise<readonly Check[]> {
  const found: Check[] = [];
  let taken: readonly string[] = [];
  for (const { path, files } of [{ path: '', files: ['package.json'] }, ...folders.slice(1)]) {
    if (!files.includes('package.json') || taken.includes(path)) continue;
    const packages = await packagesOf(within(view, path));
    if (packages === undefined) continue;
    const own = within(view, path);
    const members = await membersOf(own, packages);
    taken = [...taken, ...members.map(({ folder }) => inside(path, folder))];
    const root = { folder: path, view: own, packages };
    found.push(...(await checksOf(root)), ...(await memberChecks(root, members)));
  }
  return found;
}

const inside = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);

interface Member {
  readonly folder: string;
  readonly packages: Packages;
}

async function membersOf(view: FilesView, { workspaces }: Packages): Promise<readonly Member[]> {
  const folders = await memberFolders(view, workspaces);
  const members = await Promise.all(
    folders.map(async (folder) => ({ folder, packages: await packagesOf(within(view, folder)) })),
  );
  return members.flatMap(({ folder, packages }) => (packages ? [{ folder, packages }] : []));
}

/** Each package's own checks, but for kinds that the root's script runs in all of them. */
async function memberChecks(root: Project, members: readonly Member[]): Promise<readonly Check[]> {
  const byName = new Map(members.map(({ folder, packages: { name } }) => [name, folder]));
  const next = new Map(
    members.map(({ folder, packages }) => [
      folder,
      packages.packages.flatMap((name) => byName.get(name) ?? []),
    ]),
  );
  const covered = await coveredKinds(root);
  const found: Check[] = [];
  for (const { folder, packages } of members) {
    const { run, exec } = root.packages;
    const its = { ...packages, run, exec };
    const place = inside(root.folder, folder);
    const checks = await checksOf({
      folder: place,
      view: within(root.view, folder),
      packages: its,
      root: root.packages,
    });
    const leansOn = reachable(folder, next).map((each) => inside(root.folder, each));
    found.push(
      ...checks
        .filter(({ kind }) => !covered.includes(kind))
        .map((check) => ({ ...check, ...(leansOn.length > 0 && { leansOn }) })),
    );
  }
  return found;
}

/** What the root asks of all packages at once. */
async function coveredKinds({ view, packages }: Project): Promise<readonly CheckKind[]> {
  const scripted = KINDS.filter((kind) =>
    scriptsOf(packages, kind).some((name) => {
      const text = packages.scripts[name] ?? '';
      return handsOn(text) || (kind === 'types' && BUILDS.test(text));
    }),
  );
  const references = scriptsOf(packages, 'types').length === 0 && (await hasReferences(view));
  return references ? [...scripted, 'types'] : scripted;
}

const BUILDS = /\btsc\s+(-b|--build)\b/;

async function hasReferences(view: FilesView): Promise<boolean> {
  return /"references"\s*:\s*\[\s*\{/.test((await view.read('tsconfig.json')) ?? '');
}

function scriptsOf({ scripts }: Packages, kind: CheckKind): readonly string[] {
  const isFit = (name: string): boolean => scripts[name] !== undefined && !UNFIT.test(scripts[name]);
  const whole = SCRIPTS[kind].find(isFit);
  if (whole !== undefined) return [whole];
  const part = PARTS[kind];
  return part === undefined ? [] : Object.keys(scripts).filter((name) => part.test(name) && isFit(name));
}

async function checksOf(project: Project): Promise<readonly Check[]> {
  const named = KINDS.flatMap((kind) =>
    scriptsOf(project.packages, kind).map((name) => scriptCheck(project, kind, name)),
  );
  return [...named, ...(await programChecks(project))];
}

function scriptCheck({ folder, packages }: Project, kind: CheckKind, name: string): Check {
  const command = packages.run(name);
  return {
    kind,
    command,
    why: `package.json has the script "${name}".`,
    id: idOf(name, folder),
    ...placed(folder),
    ...machine(packages.runWith(name), packages.scripts[name] ?? ''),
  };
}

const placed = (folder: string): Partial<Check> => (folder === '' ? {} : { folder });

/** Programs that answer in a format for machines, with the flags that ask for it. */
const FORMATS: readonly {
  readonly program: string;
  readonly flags: string;
  readonly format: CheckFormat;
  /** Somebody asks for another one already. */
  readonly asked: RegExp;
}[] = [
  {
    program: 'eslint',
    flags: '--format json',
    format: 'eslint',
    asked: /\s(-f|--format|-o|--output-file)\b/,
  },
  {
    program: 'biome',
    flags: '--reporter=github --max-diagnostics=none',
    format: 'github',
    asked: /\s--(reporter|max-diagnostics)\b/,
  },
];

/** A script that runs one such program and nothing else can be given flags. */
function machine(run: string, text: string): Partial<Check> {
  const [only, ...others] = segmentsOf(text);
  if (only === undefined || others.length > 0) return {};
  const program = runnableOf(only);
  const its = FORMATS.find((each) => each.program === program && !each.asked.test(text));
  return its === undefined ? {} : { run: `${run} ${its.flags}`, format: its.format };
}

/** What is configured and installed, and no script of the kind speaks of. */
async function programChecks(project: Project): Promise<readonly Check[]> {
  const { folder, view, packages, root } = project;
  const installed = [...packages.packages, ...(root?.packages ?? [])];
  const lints = scriptsOf(packages, 'lint').map((name) => packages.scripts[name] ?? '');
  const lintsKnown = lints.every((text) => /\b(eslint|biome|oxlint|stylelint|prettier)\b/.test(text));
  const found: Check[] = [];
  const add = (check: Omit<Check, 'id'> & { readonly program: string }): void => {
    const { program, ...its } = check;
    found.push({ ...its, id: idOf(program, folder), ...placed(folder) });
  };
  if (
    scriptsOf(packages, 'types').length === 0 &&
    installed.includes('typescript') &&
    (await view.exists('tsconfig.json'))
  ) {
    const flags = (await hasReferences(view)) ? '-b' : '--noEmit';
    const why = 'There is a tsconfig.json, and TypeScript is among the packages.';
    add({ program: 'tsc', kind: 'types', command: `${packages.exec} tsc ${flags}`, why });
  }
  if (!lintsKnown) return found;
  for (const { program, package: name, configs, command } of LINTERS) {
    const format = FORMATS.find((each) => each.program === program);
    const config = await firstThat(configs, view);
    const isNamed = lints.some((text) => new RegExp(String.raw`\b${program}\b`).test(text));
    if (config === undefined || isNamed || !installed.includes(name) || format === undefined) continue;
    const line = `${packages.exec} ${command(config)}`;
    const asks = { run: `${line} ${format.flags}`, format: format.format };
    add({
      program,
      kind: 'lint',
      command: line,
      why: `${config} configures ${program}, which is among the packages.`,
      ...asks,
    });
  }
  return found;
}

const LINTERS: readonly {
  readonly program: string;
  readonly package: string;
  readonly configs: readonly string[];
  readonly command: (config: string) => string;
}[] = [
  {
    program: 'eslint',
    package: 'eslint',
    configs: [
      ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'].map((ending) => `eslint.config.${ending}`),
      ...['.eslintrc.json', '.eslintrc.js', '.eslintrc.cjs', '.eslintrc.yml', '.eslintrc.yaml', '.eslintrc'],
    ],
    command: (config) => (config.startsWith('.') ? 'eslint . --ext .js,.jsx,.mjs,.cjs,.ts,.tsx' : 'eslint .'),
  },
  {
    program: 'biome',
    package: '@biomejs/biome',
    configs: ['biome.json', 'biome.jsonc'],
    command: () => 'biome check',
  },
];

async function firstThat(paths: readonly string[], view: FilesView): Promise<string | undefined> {
  for (const path of paths) if (await view.exists(path)) return path;
  return undefined;
}
