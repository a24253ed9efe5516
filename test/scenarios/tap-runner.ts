/**
 * A test runner in memory: each line of a `*.spec` file is a test, `<name>: <path> has <text>` or `<name>: <path> lacks <text>`.
 * `npm run typecheck` finds fault with each line of a `*.ts` file that says BAD, as tsc would: not below `@ts-ignore`, nor in what tsconfig.json excludes. A `*.test.js` file is run, with `test`, `test.skip`, `assert`, `read(path)`, `load(path)` (the value of a script) and `runs()`, the count of test runs so far. The result
 * is TAP.
 */
import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import type { InMemoryDisk } from '../support/in-memory/disk.ts';
import type { Play } from '../support/in-memory/shell.ts';

const LINE = /^(?<name>[^:]+): (?<path>\S+) (?<verb>has|lacks) (?<text>.+)$/;

interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly skipped?: boolean;
}

export function playTests(disk: InMemoryDisk): Play {
  let runs = 0;
  return ({ command, cwd }) => {
    if (command === 'npm run typecheck') return typecheck(disk, cwd);
    if (!command.includes('play-tests')) return { exitCode: 127, stderr: `${command}: not found` };
    runs += 1;
    const results = [...disk.existing(cwd, 'shell.failed').keys()].sort().flatMap((path) => {
      const text = disk.text(cwd, path) ?? '';
      const read = (name: string): string => disk.text(cwd, name) ?? '';
      if (path.endsWith('.test.js')) return runScript(text, { read, runs: () => runs });
      if (!path.endsWith('.spec')) return [];
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => runOne(disk, cwd, line));
    });
    const tap = results.map(
      ({ name, ok, skipped }, index) =>
        `${ok ? 'ok' : 'not ok'} ${index + 1} - ${name}${skipped === true ? ' # SKIP' : ''}`,
    );
    const failed = results.some((result) => !result.ok);
    return {
      exitCode: failed ? 1 : 0,
      stdout: ['TAP version 13', ...tap, `1..${results.length}`, ''].join('\n'),
    };
  };
}

/** Of the folder that it runs in, which may lie in a working copy. */
function typecheck(disk: InMemoryDisk, cwd: string): ReturnType<Play> {
  const root = [...disk.roots.keys()].find((each) => cwd === each || cwd.startsWith(`${each}/`)) ?? cwd;
  const folder = cwd === root ? '' : `${cwd.slice(root.length + 1)}/`;
  const paths = [...disk.existing(root, 'shell.failed').keys()]
    .filter((path) => path.startsWith(folder) && path.endsWith('.ts'))
    .sort();
  const { exclude = [] } = JSON.parse(disk.text(root, `${folder}tsconfig.json`) ?? '{}') as {
    readonly exclude?: readonly string[];
  };
  const checked = paths.filter((path) => !exclude.includes(path.slice(folder.length)));
  const found = checked.flatMap((path) =>
    (disk.text(root, path) ?? '')
      .split('\n')
      .flatMap((line, at, lines) =>
        line.includes('BAD') && !lines[at - 1]?.includes('@ts-ignore')
          ? [`${path.slice(folder.length)}(${at + 1},1): error TS2322: ${line}`]
          : [],
      ),
  );
  return { exitCode: found.length === 0 ? 0 : 2, stdout: found.join('\n') };
}

function runScript(
  text: string,
  world: { readonly read: (path: string) => string; readonly runs: () => number },
): readonly Result[] {
  const results: Result[] = [];
  const test = (name: string, body: () => void): void => {
    try {
      body();
      results.push({ name, ok: true });
    } catch {
      results.push({ name, ok: false });
    }
  };
  const skip = (name: string): number => results.push({ name, ok: true, skipped: true });
  const load = (path: string): unknown => runInNewContext(world.read(path));
  runInNewContext(text, { ...world, load, assert, test: Object.assign(test, { skip }) });
  return results;
}

function runOne(disk: InMemoryDisk, root: string, line: string): Result {
  const { name = line, path = '', verb, text = '' } = LINE.exec(line)?.groups ?? {};
  const found = disk.text(root, path)?.includes(text) ?? false;
  return { name, ok: verb === 'lacks' ? !found : found };
}
