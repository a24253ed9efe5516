/** Checks of Go modules: of each in a workspace, and of those that lie below the root. */
import type { FilesView } from '../test-setup.ts';
import { idOf, type Check } from './check.ts';
import { automationOf, joined, reachable, type Folder } from './folders.ts';

const ENDINGS = ['.go', 'go.mod', 'go.sum', 'go.work', 'staticcheck.conf'];

interface Module {
  readonly folder: string;
  readonly text: string;
}

/** Never throws for what files hold. */
export async function goChecks(view: FilesView, folders: readonly Folder[]): Promise<readonly Check[]> {
  const modules = await modulesOf(view, folders);
  if (modules.length === 0) return [];
  const staticcheck = await staticcheckOf(view, modules);
  const next = dependencies(modules);
  return modules.flatMap(({ folder }): readonly Check[] => {
    const leansOn = reachable(folder, next);
    const its = {
      ...(folder !== '' && { folder }),
      ...(leansOn.length > 0 && { leansOn }),
      endings: ENDINGS,
    };
    const why = `There is a ${folder === '' ? '' : `${folder}/`}go.mod.`;
    return [
      // Its format for machines hides the exit code.
      { kind: 'types', command: 'go vet ./...', why, id: idOf('vet', folder), ...its },
      ...(staticcheck === undefined
        ? []
        : [
            {
              ...{ kind: 'lint' as const, command: `${staticcheck.run} ./...`, why: staticcheck.why },
              ...{ run: `${staticcheck.run} -f json ./...`, format: 'staticcheck' as const },
              ...{ id: idOf('staticcheck', folder), ...its },
            },
          ]),
    ];
  });
}

/** Those of go.work where there is one, else those that are there. */
async function modulesOf(view: FilesView, folders: readonly Folder[]): Promise<readonly Module[]> {
  const work = await view.read('go.work');
  const named = work === undefined ? undefined : usedBy(work);
  const there = folders.filter(({ files, path }) => path !== '' && files.includes('go.mod'));
  const paths = named ?? ['', ...there.map(({ path }) => path)];
  const modules = await Promise.all(
    paths.map(async (folder) => ({
      folder,
      text: await view.read(folder === '' ? 'go.mod' : `${folder}/go.mod`),
    })),
  );
  return modules.flatMap(({ folder, text }) => (text === undefined ? [] : [{ folder, text }]));
}

/** `use ./a` and `use ( ./a ./b )`. */
function usedBy(work: string): readonly string[] {
  const plain = work.replace(/\/\/.*$/gm, '');
  const lists = [...plain.matchAll(/^use\s*\(([^)]*)\)/gm)].flatMap(([, list = '']) => list.split('\n'));
  const single = [...plain.matchAll(/^use\s+([^(\s]+)\s*$/gm)].map(([, path = '']) => path);
  const paths = [...lists, ...single]
    .map((path) => path.trim().replace(/^"(.*)"$/, '$1'))
    .filter((path) => path !== '');
  return [...new Set(paths.flatMap((path) => joined('', path) ?? []))];
}

/** Modules of the same tree that each requires. */
function dependencies(modules: readonly Module[]): ReadonlyMap<string, readonly string[]> {
  const nameOf = ({ text }: Module): string => /^module\s+"?([^\s"]+)/m.exec(text)?.[1] ?? '';
  const named = modules
    .map((module) => ({ ...module, name: nameOf(module) }))
    .filter(({ name }) => name !== '');
  return new Map(
    named.map(({ folder, text, name }) => [
      folder,
      named
        .filter(
          (other) =>
            other.name !== name && new RegExp(String.raw`(^|\s)${escaped(other.name)}\s+v`, 'm').test(text),
        )
        .map((other) => other.folder),
    ]),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

const TOOL = /^(tool\s+|\s+)honnef\.co\/go\/tools\/cmd\/staticcheck\s*$/m;

async function staticcheckOf(
  view: FilesView,
  modules: readonly Module[],
): Promise<{ readonly run: string; readonly why: string } | undefined> {
  if (modules.some(({ text }) => TOOL.test(text)))
    return { run: 'go tool staticcheck', why: 'go.mod names staticcheck as a tool.' };
  const run = 'staticcheck';
  if (await view.exists('staticcheck.conf')) return { run, why: 'There is a staticcheck.conf.' };
  if (/\bstaticcheck\b/.test(await automationOf(view)))
    return { run, why: 'The project runs staticcheck in its automation.' };
  return undefined;
}
