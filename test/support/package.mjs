// Builds for production and packs quartet-<version>.vsix at the top of the checkout.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { editorStrings } from './l10n/strings.mjs';
import { LANGUAGES } from './l10n/tables.mjs';
import { packWords } from './l10n/words.mjs';
import { leanFiles } from './lean-files.mjs';
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
  'dist/extension.cjs',
  'dist/panel.js',
  'dist/run-view.js',
  'dist/page.css',
  'dist/panel.css',
  'dist/run-view.css',
  'dist/THIRD-PARTY-NOTICES.txt',
];
const allowed =
  /^(package(\.nls(\.[a-z-]+)?)?\.json|README\.md|CHANGELOG\.md|LICENSE|dist\/.+\.(c?js|css)|dist\/THIRD-PARTY-NOTICES\.txt|dist\/demo\/.+|media\/.+\.(svg|png|webp)|media\/l10n\/.+\.json)$/;

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

/**
 * What is to be packed. Rejects when the package would lack what it needs or hold what it must not.
 * @returns {Promise<readonly string[]>} paths
 */
async function contents({ listFiles }) {
  const files = await listFiles({ cwd: root, dependencies: false });
  const { icon } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const shown = [icon, ...pictures(await readFile(join(root, 'README.md'), 'utf8'))];
  const missing = [...essential, ...shown].filter((path) => !files.includes(path));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  const surplus = files.filter((path) => !allowed.test(path));
  if (surplus.length > 0) throw new Error(`The package would hold ${surplus.join(', ')}: see .vscodeignore.`);
  return files;
}

/** Words that the editor does not look up itself leave its tables: they lie in one file, packed as no archive packs them. */
async function stageWords(folder) {
  const { TOLD } = await import('../../src/protocol/told-patterns.ts');
  const { TOLD_WHYS } = await import('../../src/protocol/told-whys.ts');
  const place = join(folder, 'media', 'l10n');
  const read = async (language) => [
    language,
    JSON.parse(await readFile(join(place, `bundle.l10n.${language}.json`), 'utf8')),
  ];
  const tables = new Map(await Promise.all(LANGUAGES.map(read)));
  const { kept, packed } = packWords({ tables, recorded: [...TOLD, ...TOLD_WHYS], own: editorStrings(root) });
  for (const [language, table] of kept)
    await writeFile(join(place, `bundle.l10n.${language}.json`), JSON.stringify(table));
  await writeFile(join(place, 'words.br'), packed);
}

/** Puts the files into `folder` as they are to be packed. */
async function stage(files, folder) {
  for (const path of files) await cp(join(root, path), join(folder, path));
  const texts = files.filter((path) => /\.(?:json|md)$/.test(path) && !path.startsWith('dist/'));
  const read = async (path) => [path, await readFile(join(root, path), 'utf8')];
  for (const [path, text] of leanFiles(new Map(await Promise.all(texts.map(read)))))
    await writeFile(join(folder, path), text);
  await stageWords(folder);
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
  const files = await contents(vsce);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const packagePath = target ?? join(root, `quartet-${version}.vsix`);
  const options = { dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false };
  const cwd = await mkdtemp(join(tmpdir(), 'quartet-pack-'));
  try {
    await stage(files, cwd);
    await vsce.createVSIX({ cwd, packagePath, ...options });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
  await packTight(packagePath);
  checkPackage(packagePath);
  return packagePath;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
    .then(() => packVsix())
    .catch(fail);
}
