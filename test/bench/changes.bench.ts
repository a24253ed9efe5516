/** Bases and working copies of trees as large as people have, beside what git and cp take for the same; and edits, patches, differences. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineChanges } from '../../src/core/changes/line-diff.ts';
import { applyPatch } from '../../src/core/changes/patch.ts';
import { splitLines } from '../../src/core/changes/text-form.ts';
import { unifiedDiff } from '../../src/core/changes/unified-diff.ts';
import type { Log, WorkingCopies } from '../../src/core/ports.ts';
import { createGitCopies } from '../../src/node/git-copies.ts';
import { createPlainCopies } from '../../src/node/plain-copies.ts';
import { figure, median, timed } from './figures.ts';

const QUIET: Log = { info: () => undefined, warn: () => undefined, error: console.error };
const none = new Map<string, string>();
const IN_A_FOLDER = 100;
/** Trees that the plain store is measured on: it is for machines without git. */
const PLAIN_FILES_MAX = 10_000;

/** Most that a first base may take, beside what `git add -A` takes for the same files; git alone syncs nothing. */
const FIRST_TIMES_MAX = 4;
/** Most that the next base may take of the first. */
const SECOND_PART_MAX = 0.5;
const LARGE = 10_000;

function tree(root: string, files: number): void {
  for (let n = 0; n < files; n++) {
    const folder = join(root, 'src', `part-${Math.floor(n / IN_A_FOLDER)}`);
    if (n % IN_A_FOLDER === 0) mkdirSync(folder, { recursive: true });
    const body = Array.from({ length: 20 }, (_, line) => `const line${line} = ${n * 31 + line};\n`).join('');
    writeFileSync(join(folder, `file-${n}.ts`), body);
  }
}

const git = (cwd: string, ...args: string[]): void => {
  execFileSync('git', ['-c', 'user.name=b', '-c', 'user.email=b@b', ...args], { cwd, stdio: 'ignore' });
};

const seconds = async (work: () => Promise<unknown>): Promise<number> => (await timed(work)) / 1000;

async function measure(name: string, copies: WorkingCopies, workspace: string): Promise<readonly number[]> {
  let base = '';
  const take = async (): Promise<void> => void (base = (await copies.takeBase(none)).tree);
  const first = await seconds(take);
  const second = await seconds(take);
  await appendFile(join(workspace, 'src/part-0/file-0.ts'), '// more\n');
  const changed = await seconds(take);
  const made = await timed(() => copies.create('run-bench-a', base));
  const copy = await copies.create('run-bench-b', base);
  const recorded = await seconds(() => copy.snapshot());
  await appendFile(join(copy.root, 'src/part-0/file-0.ts'), '// more\n');
  const after = await seconds(() => copy.snapshot());
  figure(`${name}: the next base, one file changed`, changed, 's');
  figure(`${name}: a working copy`, made / 1000, 's');
  figure(`${name}: recorded as it is`, recorded, 's');
  figure(`${name}: recorded after an edit`, after, 's');
  for (const id of ['run-bench-a', 'run-bench-b']) await copies.discard(id);
  return [first, second, made / 1000];
}

async function trees(files: number): Promise<void> {
  const room = mkdtempSync(join(process.env['QUARTET_BENCH'] ?? tmpdir(), 'changes-'));
  try {
    const workspace = join(room, 'work');
    tree(workspace, files);
    git(workspace, 'init', '-q');
    const added = await seconds(async () => git(workspace, 'add', '-A'));
    git(workspace, 'commit', '-qm', 'x');
    const worktree = await seconds(async () => git(workspace, 'worktree', 'add', '-q', join(room, 'tree')));
    const copied = await seconds(async () => {
      execFileSync('cp', ['-a', join(workspace, 'src'), join(room, 'copied')]);
    });
    console.log(`  ${files.toLocaleString('en')} files`);
    figure('git add -A', added, 's');
    figure('git worktree add', worktree, 's');
    figure('cp -a', copied, 's');
    const options = { workspace, log: QUIET };
    const onGit = createGitCopies({ ...options, storage: join(room, 'state') });
    const [first = 0, second = 0, made = 0] = await measure('git', onGit, workspace);
    const large = files >= LARGE;
    figure('git: the first base', first, 's');
    figure(
      'git: the first base beside git add -A',
      first / added,
      'times',
      large ? { max: FIRST_TIMES_MAX } : undefined,
    );
    figure('git: the second base', second, 's');
    figure(
      'git: the second base beside the first',
      second / first,
      'times',
      large ? { max: SECOND_PART_MAX } : undefined,
    );
    figure('git: a working copy beside git worktree add', made / worktree, 'times');
    if (files > PLAIN_FILES_MAX) return;
    const plain = createPlainCopies({ ...options, storage: join(room, 'plain') });
    const [one = 0, two = 0, copy = 0] = await measure('plain', plain, workspace);
    figure('plain: the first base', one, 's');
    figure('plain: the second base', two, 's');
    figure('plain: a working copy beside cp -a', copy / copied, 'times');
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

/** A text of about `bytes` bytes whose lines differ. */
const textOf = (bytes: number): string => {
  const lines: string[] = [];
  for (let n = 0, length = 0; length < bytes; n++) {
    lines.push(`  const value${n} = compute(${(n * 7919) % 10_007}); // a line of code\n`);
    length += lines.at(-1)?.length ?? 0;
  }
  return lines.join('');
};

/** Every so many lines another one. */
const edited = (text: string, every: number): string =>
  splitLines(text)
    .map((line, at) => (at % every === 0 ? line.replace('compute', 'recompute') : line))
    .join('');

async function texts(): Promise<void> {
  const FILES = 100;
  const before = textOf(20_000);
  const after = edited(before, 60);
  const paths = Array.from({ length: FILES }, (_, n) => `src/file-${n}.ts`);
  const body = unifiedDiff('x', before, after)
    .split('\n')
    .slice(2, -1)
    .map((line) => (line.startsWith('@@') ? '@@' : line));
  const patch = [
    '*** Begin Patch',
    ...paths.flatMap((path) => [`*** Update File: ${path}`, ...body]),
    '*** End Patch\n',
  ].join('\n');
  const files = new Map(paths.map((path) => [path, before]));
  const ms = await median(5, () =>
    timed(async () => {
      const result = applyPatch(files, patch);
      if (!result.ok || result.texts.get(paths[0] ?? '') !== after)
        throw new Error('The patch did not apply.');
    }),
  );
  figure('patches applied, files of 20 KB with several hunks', (FILES * 1000) / ms, 'files/s', { min: 200 });
  const large = textOf(1_000_000);
  for (const [name, other] of [
    ['one line in 50 changed', edited(large, 50)],
    ['every line changed', edited(large, 1)],
  ] as const) {
    const took = await median(5, () => timed(async () => lineChanges(splitLines(large), splitLines(other))));
    figure(`difference of 1 MB, ${name}`, took, 'ms', { max: 1500 });
  }
}

await texts();
for (const files of [1_000, 10_000, 100_000]) await trees(files);
