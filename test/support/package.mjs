// Builds for production and packs quartet-<version>.vsix at the top of the checkout.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, prepare, root } from './setup.mjs';
import { checkLoaded, checkPackage } from './sizes.mjs';
import { packTight } from './zip.mjs';

const essential = [
  'package.json',
  'package.nls.json',
  'package.nls.de.json',
  'media/l10n/bundle.l10n.de.json',
  'README.md',
  'LICENSE',
  'dist/extension.js',
  'dist/cli.js',
  'dist/panel.js',
  'dist/run-view.js',
  'dist/THIRD-PARTY-NOTICES.txt',
];
const allowed =
  /^(package(\.nls(\.[a-z-]+)?)?\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/.+\.(js|css)|dist\/THIRD-PARTY-NOTICES\.txt|dist\/demo\/.+|media\/.+\.(svg|png|webp)|media\/l10n\/.+\.json)$/;

/**
 * Pictures of the checkout that a Markdown text shows: the editor shows the README as the extension's page.
 * @param {string} markdown
 * @returns {string[]}
 */
export function pictures(markdown) {
  return [...markdown.matchAll(/!\[[^\]]*\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** Rejects when the package would lack what it needs or hold what it must not. */
async function checkContents({ listFiles }) {
  const files = await listFiles({ cwd: root, dependencies: false });
  const shown = pictures(await readFile(join(root, 'README.md'), 'utf8'));
  const missing = [...essential, ...shown].filter((path) => !files.includes(path));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  const surplus = files.filter((path) => !allowed.test(path));
  if (surplus.length > 0) throw new Error(`The package would hold ${surplus.join(', ')}: see .vscodeignore.`);
}

/**
 * Packs the extension.
 * @param {string} [target] the file to write; default `quartet-<version>.vsix` in the checkout
 * @returns {Promise<string>} its path
 */
export async function packVsix(target) {
  const { build } = await import('../../esbuild.js');
  const { default: vsce } = await import('@vscode/vsce');
  const { outputs } = await build({ production: true });
  checkLoaded(outputs);
  await checkContents(vsce);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const packagePath = target ?? join(root, `quartet-${version}.vsix`);
  const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };
  await vsce.createVSIX({ cwd: root, packagePath, ...options });
  await packTight(packagePath);
  checkPackage(packagePath);
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
    .then(() => packVsix())
    .catch(fail);
}
