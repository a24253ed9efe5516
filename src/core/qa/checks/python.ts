/** Checks of Python projects, where their own files configure them: at the root and in projects below it. */
import type { CheckKind } from '../../../protocol/qa-settings.ts';
import { packagesOf } from '../detect/javascript.ts';
import { interpreterOf } from '../detect/python.ts';
import type { FilesView } from '../test-setup.ts';
import { idOf, type Check, type CheckFormat } from './check.ts';
import { within, type Folder } from './folders.ts';

type Sign = readonly [path: string, sign: RegExp];

interface Program {
  readonly name: string;
  readonly kind: CheckKind;
  /** Files that configure it, by what stands in them. */
  readonly signs: readonly Sign[];
  /** What a person would type after `python -m <name>`. */
  readonly words: string;
  /** What is typed instead so that the answer can be read. */
  readonly asks: string;
  readonly format?: CheckFormat;
  /** Its configuration of the root is in force below it, or is extended there. */
  readonly nests?: boolean;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'mypy',
    kind: 'types',
    signs: [
      ['mypy.ini', /./],
      ['.mypy.ini', /./],
      ['pyproject.toml', /^\s*\[tool\.mypy\]/m],
      ['setup.cfg', /^\s*\[mypy\]/m],
    ],
    words: ' .',
    // Versions before 1.11 know no format for machines; these words can be read in all of them.
    asks: ' --no-pretty --show-error-codes --no-color-output --no-error-summary .',
  },
  {
    name: 'basedpyright',
    kind: 'types',
    signs: [['pyproject.toml', /\bbasedpyright\b/]],
    words: '',
    asks: ' --outputjson',
    format: 'pyright',
  },
  {
    name: 'pyright',
    kind: 'types',
    signs: [
      ['pyrightconfig.json', /./],
      ['pyproject.toml', /^\s*\[tool\.pyright\]/m],
    ],
    words: '',
    asks: ' --outputjson',
    format: 'pyright',
  },
  {
    name: 'ruff',
    kind: 'lint',
    signs: [
      ['ruff.toml', /./],
      ['.ruff.toml', /./],
      ['pyproject.toml', /^\s*\[tool\.ruff/m],
    ],
    words: ' check .',
    asks: ' check --output-format json .',
    format: 'ruff',
    nests: true,
  },
  {
    name: 'flake8',
    kind: 'lint',
    signs: [
      ['.flake8', /./],
      ['setup.cfg', /^\s*\[flake8\]/m],
      ['tox.ini', /^\s*\[flake8\]/m],
    ],
    words: ' .',
    // A project may have a format of its own that is not read.
    asks: ' --format default .',
  },
];
const ENDINGS = ['.py', '.pyi', '.toml', '.cfg', '.ini', '.flake8', 'pyrightconfig.json'];

/** Never throws for what files hold. */
export async function pythonChecks(view: FilesView, folders: readonly Folder[]): Promise<readonly Check[]> {
  const found: Check[] = [];
  for (const { path } of folders) {
    for (const program of PROGRAMS) {
      const isRoots = path !== '' && program.nests === true && found.some(({ id }) => id === program.name);
      const check = isRoots ? undefined : await checkOf(view, path, program);
      if (check !== undefined) found.push(check);
    }
  }
  return found;
}

async function checkOf(root: FilesView, folder: string, program: Program): Promise<Check | undefined> {
  const view = within(root, folder);
  const config = await firstOf(view, program.signs);
  if (config === undefined || (await isOther(view, program))) return undefined;
  const run = await startOf(root, folder, program.name);
  const named = program.name === 'mypy' && (await says(view, config, /^\s*(files|packages|modules)\s*=/m));
  const typed = (text: string): string => `${run}${named ? text.replace(/ \.$/, '') : text}`;
  return {
    kind: program.kind,
    command: typed(program.words),
    why: `${folder === '' ? config : `${folder}/${config}`} configures ${program.name}.`,
    id: idOf(program.name, folder),
    ...(folder !== '' && { folder }),
    run: typed(program.asks),
    ...(program.format !== undefined && { format: program.format }),
    endings: ENDINGS,
  };
}

/** basedpyright reads pyright's configuration; who depends on it means it. */
async function isOther(view: FilesView, { name }: Program): Promise<boolean> {
  return name === 'pyright' && (await says(view, 'pyproject.toml', /\bbasedpyright\b/));
}

/** The program of the project's packages; pyright may be one of JavaScript's. */
async function startOf(root: FilesView, folder: string, name: string): Promise<string> {
  const node = name === 'pyright' ? await packagesOf(within(root, folder)) : undefined;
  if (node?.packages.includes(name) === true) return `${node.exec} ${name}`;
  const own = await interpreterOf(within(root, folder), {});
  const roots = own.run === 'python3' ? await interpreterOf(root, {}) : own;
  // What lies in a folder of the root has another path from here.
  const isNear = folder === '' || own.run === roots.run || !roots.run.includes('/');
  return `${isNear ? roots.run : own.run} -m ${name}`;
}

const says = async (view: FilesView, path: string, sign: RegExp): Promise<boolean> =>
  sign.test((await view.read(path)) ?? '');

async function firstOf(view: FilesView, signs: readonly Sign[]): Promise<string | undefined> {
  for (const [path, sign] of signs) if (await says(view, path, sign)) return path;
  return undefined;
}
