/** What runs on Node is built of ES modules and written as CommonJS: it does the same, and is there once it is required. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { commonJs } from '../../../commonjs.js';

/** Two doors that share a module; one of them loads another late. `vscode` is the editor's. */
const SOURCES = {
  'shared.js': `export let count = 0;\nexport const add = () => { count += 1; };\nexport class Told extends Error {}`,
  'late.js': `import { add, Told } from './shared.js';\nadd();\nexport const fail = () => { throw new Told('late'); };`,
  'here.js': `export const url = import.meta.url;\nexport const folder = import.meta.dirname;`,
  'one.js': `
    import * as vscode from 'vscode';
    import { add, count, Told } from './shared.js';
    export { url, folder } from './here.js';
    export const editor = vscode;
    export const counted = () => count;
    add();
    export const late = () => import('./late.js');
    export const isTold = (error) => error instanceof Told;
    export const freeze = () => { Object.freeze({ a: 1 }).a = 2; };`,
  'two.js': `import * as vscode from 'vscode';\nimport { count } from './shared.js';\nexport const seen = () => [count, vscode.version];`,
};

interface One {
  readonly url: string;
  readonly folder: string;
  readonly editor: unknown;
  counted(): number;
  late(): Promise<{ fail(): never }>;
  isTold(error: unknown): boolean;
  freeze(): void;
}

let folder = '';
let dist = '';

async function build(options: esbuild.BuildOptions = {}): Promise<esbuild.BuildResult> {
  return await esbuild.build({
    ...{ absWorkingDir: folder, entryPoints: ['one.js', 'two.js'], outdir: dist, bundle: true },
    ...{ platform: 'node', format: 'esm', splitting: true, chunkNames: 'chunks/[name]-[hash]' },
    ...{ outExtension: { '.js': '.cjs' }, external: ['vscode'], plugins: [commonJs] },
    ...options,
  });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-commonjs-'));
  dist = join(folder, 'dist');
  await mkdir(join(folder, 'node_modules'));
  await writeFile(join(folder, 'node_modules', 'vscode.js'), 'exports.version = "1";');
  for (const [name, text] of Object.entries(SOURCES)) await writeFile(join(folder, name), text);
  await build({ minify: true });
});
after(() => rm(folder, { recursive: true, force: true }));

const load = (name: string): unknown => createRequire(join(dist, 'x.cjs'))(`./${name}.cjs`);

test('what files share is one, and live, wherever it is loaded from', async () => {
  const one = load('one') as One;
  const { seen } = load('two') as { seen(): unknown };
  assert.deepEqual([one.counted(), seen()], [1, [1, '1']]);
  const { fail } = await one.late();
  assert.deepEqual([one.counted(), seen()], [2, [2, '1']]);
  assert.throws(fail, (error) => one.isTold(error));
});

test('a file knows where it lies, and its code is strict', async () => {
  const one = load('one') as One;
  assert.ok(one.url.startsWith(`${pathToFileURL(dist).href}/`), one.url);
  assert.ok(one.folder.startsWith(dist), one.folder);
  assert.throws(() => one.freeze(), TypeError);
});

test('the interface of the editor is not copied', () => {
  assert.equal((load('one') as One).editor, createRequire(join(dist, 'x.cjs'))('vscode'));
});

test('where there are maps they lead to the sources, and nothing is written that was only asked for', async () => {
  await rm(dist, { recursive: true });
  await build({ write: false });
  await assert.rejects(readdir(dist), { code: 'ENOENT' });
  await build({ sourcemap: true });
  const written = await readFile(join(dist, 'one.cjs'), 'utf8');
  const [, map = ''] = /sourceMappingURL=data:[^,]+,(\S+)/u.exec(written) ?? [];
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: readonly string[] };
  assert.ok(
    sources.some((source) => source.endsWith('one.js')),
    sources.join(),
  );
});
