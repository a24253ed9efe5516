// `npm run bench -- [room...]`: builds each `test/bench/<room>.bench.ts` as the product is built and runs it alone. A `<room>.live.ts` drives
// what is built, in the browser and the editor that the tests use, and is run as tests are.
// A bench prints its figures and ends with 1 where a goal is missed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import * as esbuild from 'esbuild';
import { frameworks } from './frameworks/prepare.mjs';
import { host } from '../../esbuild.js';
import { prepareEditor } from '../support/setup.mjs';

const folder = import.meta.dirname;
const named = (end) =>
  readdirSync(folder).flatMap((name) => (name.endsWith(end) ? [basename(name, end)] : []));
const live = named('.live.ts');
const rooms = [...named('.bench.ts'), ...live].sort();
const wanted = process.argv.slice(2);
const unknown = wanted.filter((room) => !rooms.includes(room));
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join(', ')}". There are: ${rooms.join(', ')}.`);
  process.exit(2);
}

const outdir = mkdtempSync(join(tmpdir(), 'quartet-bench-'));
let missed = false;
try {
  for (const room of wanted.length > 0 ? wanted : rooms) {
    console.log(room);
    if (live.includes(room)) {
      await prepareEditor();
      const register = new URL('../support/register.mjs', import.meta.url).href;
      const args = ['--import', register, join(folder, `${room}.live.ts`)];
      missed = spawnSync(process.execPath, args, { stdio: 'inherit' }).status !== 0 || missed;
      continue;
    }
    const entryPoints = { [room]: join(folder, `${room}.bench.ts`) };
    await esbuild.build({
      ...host,
      entryPoints,
      outdir,
      outExtension: { '.js': '.mjs' },
      external: ['vscode'],
    });
    const compared = room === 'team' ? await frameworks() : undefined;
    const { status } = spawnSync(process.execPath, ['--expose-gc', join(outdir, `${room}.mjs`)], {
      stdio: 'inherit',
      env: { ...process.env, QUARTET_BENCH: outdir, ...compared },
    });
    // Without those it is held against, a bench has not done what it is for.
    missed ||= status !== 0 || (compared !== undefined && !('QUARTET_FRAMEWORKS' in compared));
  }
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
process.exitCode = missed ? 1 : 0;
