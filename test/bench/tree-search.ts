/** `search_text` and `list_files` beside bare ripgrep, on trees as large as people have. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRipgrep } from '../../src/node/ripgrep.ts';
import { createNodeSearch } from '../../src/node/search.ts';
import { figure, median, timed } from './figures.ts';

const TURNS = 5;
const IN_A_FOLDER = 100;
/** One file in so many holds the word. */
const RARE = 1000;

function tree(files: number): string {
  const root = mkdtempSync(join(tmpdir(), 'quartet-tree-'));
  writeFileSync(join(root, '.gitignore'), 'ignored/\n');
  for (let n = 0; n < files; n++) {
    const folder = join(
      root,
      n % 10 === 9 ? 'ignored' : 'src',
      `part-${String(Math.floor(n / IN_A_FOLDER))}`,
    );
    if (n % IN_A_FOLDER < 10) mkdirSync(folder, { recursive: true });
    const word = n % RARE === 0 ? 'needle in here' : 'nothing to see';
    writeFileSync(
      join(folder, `file-${String(n)}.ts`),
      `export const value${String(n)} = '${word}';\n${'// a line of text\n'.repeat(20)}`,
    );
  }
  return root;
}

const bare = (rg: string, args: readonly string[], root: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(rg, [...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    child.on('error', reject);
    child.on('close', () => resolve());
  });

function packaged(): readonly string[] {
  try {
    const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
    return [
      createRequire(join(process.cwd(), 'package.json')).resolve(
        `@vscode/ripgrep-${process.platform}-${process.arch}/bin/${name}`,
      ),
    ];
  } catch {
    return [];
  }
}

/** Prints the figures of trees of these sizes. */
export async function searchFigures(sizes: readonly number[]): Promise<void> {
  const places = packaged();
  const rg = await findRipgrep(places);
  if (!rg) {
    console.log('  search: skipped, there is no ripgrep');
    return;
  }
  const search = createNodeSearch({
    log: { info: () => undefined, warn: console.error, error: console.error },
    ripgrep: [rg.path],
  });
  for (const size of sizes) {
    const root = tree(size);
    try {
      const name = `${size.toLocaleString('en')} files`;
      const query = { query: 'needle', regex: false, max: 100 };
      const bareArgs = [
        '--no-config',
        '--hidden',
        '--no-require-git',
        '--line-number',
        '--fixed-strings',
        'needle',
        '.',
      ];
      await bare(rg.path, bareArgs, root);
      const plain = await median(TURNS, () => timed(() => bare(rg.path, bareArgs, root)));
      const ours = await median(TURNS, () => timed(() => search.text(root, query)));
      figure(`bare ripgrep, ${name}`, plain, 'ms');
      figure(`search_text, ${name}`, ours, 'ms', { max: Math.round(plain * 3 + 100) });
      const listed = await median(TURNS, () =>
        timed(() => bare(rg.path, ['--no-config', '--hidden', '--no-require-git', '--files', '.'], root)),
      );
      const ourList = await median(TURNS, () => timed(() => search.files(root, { max: 200 })));
      figure(`bare ripgrep --files, ${name}`, listed, 'ms');
      figure(`list_files, ${name}`, ourList, 'ms', { max: Math.round(listed * 5 + 500) });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }
}
