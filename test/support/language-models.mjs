// Builds the test extension that supplies language models to the editor (test/support/language-models).
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './setup.mjs';

const source = join(root, 'test', 'support', 'language-models');

/** Builds it with the demo's script and returns its folder. */
export async function buildLanguageModels() {
  const [esbuild, { host }] = await Promise.all([import('esbuild'), import('../../esbuild.js')]);
  const folder = join(root, '.vscode-test', 'language-models');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await esbuild.build({
    ...host,
    entryPoints: [join(source, 'extension.ts')],
    outfile: join(folder, 'extension.cjs'),
    outdir: undefined,
    format: 'cjs',
    splitting: false,
    banner: {},
    external: ['vscode'],
  });
  await cp(join(source, 'package.json'), join(folder, 'package.json'));
  await cp(join(root, 'test', 'fixtures', 'demo', 'script.json'), join(folder, 'script.json'));
  return folder;
}
