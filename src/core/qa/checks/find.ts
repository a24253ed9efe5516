/** Finds what else a project asks of a change: type checks, lint and builds, by its own files. */
import type { CheckKind } from '../../../protocol/qa-settings.ts';
import { packagesOf } from '../detect/javascript.ts';
import { interpreterOf } from '../detect/python.ts';
import type { FilesView } from '../test-setup.ts';

export interface Check {
  readonly kind: CheckKind;
  /** A command for a shell, as a person would type it. */
  readonly command: string;
  /** One sentence for people: where it was found. */
  readonly why: string;
}

/** At most one of each kind, of the first language that has one. Never throws for what files hold. */
export async function findChecks(view: FilesView): Promise<readonly Check[]> {
  const found = [
    ...(await ofJavaScript(view)),
    ...(await ofPython(view)),
    ...(await ofGo(view)),
    ...(await ofRust(view)),
  ];
  return found.filter((check, index) => found.findIndex(({ kind }) => kind === check.kind) === index);
}

const SCRIPTS: Readonly<Record<CheckKind, readonly string[]>> = {
  types: ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc'],
  lint: ['lint', 'lint:check', 'eslint'],
  build: ['build', 'compile'],
};
/** Scripts that never end, or mend what they find. */
const UNFIT = /--watch\b|\s-w\b|--fix\b|--write\b|\b(serve|dev|start)\b/;

async function ofJavaScript(view: FilesView): Promise<readonly Check[]> {
  const project = await packagesOf(view);
  if (project === undefined) return [];
  const { scripts, packages, run, exec } = project;
  const named = (Object.keys(SCRIPTS) as CheckKind[]).flatMap((kind) => {
    const name = SCRIPTS[kind].find((each) => scripts[each] !== undefined && !UNFIT.test(scripts[each]));
    if (name === undefined) return [];
    return [{ kind, command: run(name), why: `package.json has the script "${name}".` }];
  });
  const tsc =
    packages.includes('typescript') && (await view.exists('tsconfig.json'))
      ? [
          {
            kind: 'types' as const,
            command: `${exec} tsc --noEmit`,
            why: 'There is a tsconfig.json, and TypeScript is among the packages.',
          },
        ]
      : [];
  return [...named, ...tsc];
}

const says = async (view: FilesView, path: string, sign: RegExp): Promise<boolean> =>
  sign.test((await view.read(path)) ?? '');

async function firstOf(
  view: FilesView,
  signs: readonly (readonly [path: string, sign: RegExp])[],
): Promise<string | undefined> {
  for (const [path, sign] of signs) if (await says(view, path, sign)) return path;
  return undefined;
}

async function ofPython(view: FilesView): Promise<readonly Check[]> {
  const mypy = await firstOf(view, [
    ['mypy.ini', /./],
    ['.mypy.ini', /./],
    ['pyproject.toml', /^\s*\[tool\.mypy\]/m],
    ['setup.cfg', /^\s*\[mypy\]/m],
  ]);
  const ruff = await firstOf(view, [
    ['ruff.toml', /./],
    ['.ruff.toml', /./],
    ['pyproject.toml', /^\s*\[tool\.ruff/m],
  ]);
  if (mypy === undefined && ruff === undefined) return [];
  const { run: python } = await interpreterOf(view, {});
  const files =
    mypy !== undefined && (await says(view, mypy, /^\s*(files|packages|modules)\s*=/m)) ? '' : ' .';
  return [
    ...(mypy === undefined
      ? []
      : [
          {
            kind: 'types' as const,
            command: `${python} -m mypy${files}`,
            why: `${mypy} configures mypy.`,
          },
        ]),
    ...(ruff === undefined
      ? []
      : [
          {
            kind: 'lint' as const,
            command: `${python} -m ruff check --output-format concise .`,
            why: `${ruff} configures ruff.`,
          },
        ]),
  ];
}

async function ofGo(view: FilesView): Promise<readonly Check[]> {
  if (!(await view.exists('go.mod'))) return [];
  return [{ kind: 'types', command: 'go vet ./...', why: 'There is a go.mod.' }];
}

async function ofRust(view: FilesView): Promise<readonly Check[]> {
  if (!(await view.exists('Cargo.toml'))) return [];
  return [{ kind: 'types', command: 'cargo check --all-targets', why: 'There is a Cargo.toml.' }];
}
