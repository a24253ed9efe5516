// Builds what ships: the editor's host bundle, the terminal's bundle and the panel.
//   node esbuild.js [--watch] [--production]
import { cpSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { commonJs } from './commonjs.js';
import { leanHost } from './lean.js';
import { noticeOf, noticesText, packagesIn } from './notices.js';
import { together } from './together.js';

const root = import.meta.dirname;
const demo = join(root, 'dist', 'demo');
const NOTICES = 'THIRD-PARTY-NOTICES.txt';

/** Bundled CommonJS packages ask for `require` and their own file's name, which ES modules lack. */
const requireBanner = [
  "import { createRequire as quartetCreateRequire } from 'node:module';",
  "import { fileURLToPath as quartetPath } from 'node:url';",
  'const require = quartetCreateRequire(import.meta.url);',
  'const __filename = quartetPath(import.meta.url);',
  "const __dirname = quartetPath(new URL('.', import.meta.url));",
].join('\n');

/** Options that every bundle shares. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  logLevel: 'warning',
  loader: { '.md': 'text', '.svg': 'text', '.ttf': 'dataurl' },
  outdir: 'dist',
  sourcemap: true,
  charset: 'utf8',
};

/** Options of what runs on Node: ES modules whose dynamic imports stay lazy chunks. */
export const host = {
  ...common,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  splitting: true,
  banner: { js: requireBanner },
  chunkNames: 'chunks/[name]-[hash]',
  // A CommonJS main field first would pull UMD wrappers that hide their requires.
  mainFields: ['module', 'main'],
  plugins: leanHost,
};

/** Options of what runs in the editor's webviews: modules that share chunks, and load some of them late. */
export const panel = {
  ...common,
  platform: 'browser',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

/** The doors of editor and terminal. */
export const doors = {
  ...host,
  entryPoints: { extension: 'src/extension.ts', cli: 'src/cli.ts' },
  external: ['vscode'],
  banner: {},
  outExtension: { '.js': '.cjs' },
  plugins: [...leanHost, commonJs],
};

/** What the product is built of: its doors and its pages. Each bundle's name is the output's. */
export const bundles = [
  doors,
  {
    ...panel,
    entryPoints: {
      panel: 'media/panel/main.tsx',
      'run-view': 'media/run-view/main.tsx',
      page: 'media/panel/styles/page.css',
    },
  },
];

/**
 * One plugin for each of `count` bundles that are watched together. They say in the words of the task's problem matcher when work
 * begins and when all of it has ended: the debugger starts at the end.
 */
export function reporters(count, say = console.log) {
  let open = count;
  say('[watch] build started');
  return Array.from({ length: count }, () => {
    let isFirst = true;
    return {
      name: 'reporter',
      setup(build) {
        build.onStart(() => {
          if (!isFirst && open++ === 0) say('[watch] build started');
          isFirst = false;
        });
        build.onEnd(({ errors, warnings }) => {
          for (const { text, location } of [...errors, ...warnings])
            say(`> ${location?.file ?? '?'}:${location?.line ?? 0}:${location?.column ?? 0}: error: ${text}`);
          if (--open === 0) say('[watch] build finished');
        });
      },
    };
  });
}

/** Removes what an earlier build left in dist/, without a moment in which a current file is missing. */
function removeStale(outputs) {
  const current = new Set(outputs.map((path) => join(root, path)));
  for (const entry of readdirSync(join(root, 'dist'), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !current.has(path) && !path.startsWith(demo)) rmSync(path);
  }
}

/** What ships of others is named, with the licence that it comes under. */
function writeNotices(outputs) {
  const notices = packagesIn(outputs).map((folder) => noticeOf(join(root, folder)));
  writeFileSync(join(root, 'dist', NOTICES), noticesText(notices));
}

/** The demo ships: the sample project and the script that speaks for the models in it. */
function copyDemo() {
  rmSync(demo, { recursive: true, force: true });
  cpSync(join(root, 'test', 'fixtures', 'demo'), demo, { recursive: true });
}

/**
 * Says in fewer bytes what esbuild has made small already.
 * @returns what was written, with the bytes that it has now
 */
async function tighten(outputs) {
  const { minify } = await import('terser');
  const options = { ecma: 2022, toplevel: true, compress: { passes: 2 }, format: { comments: false } };
  const tight = { ...outputs };
  for (const [output, what] of Object.entries(outputs)) {
    if (!/\.c?js$/u.test(output)) continue;
    const path = join(root, output);
    const { code } = await minify(readFileSync(path, 'utf8'), { ...options, module: output.endsWith('.js') });
    writeFileSync(path, code);
    tight[output] = { ...what, bytes: Buffer.byteLength(code) };
  }
  return tight;
}

/**
 * Builds all doors into dist/. Rejects with esbuild's messages when one does not build.
 * @returns {Promise<{outputs: esbuild.Metafile['outputs']}>} what was written, of each output what it is made of and loads
 */
export async function build({ production = false } = {}) {
  // Notices ship in a file of their own.
  const settings = production ? { minify: true, sourcemap: false, legalComments: 'none' } : {};
  const [, pages] = bundles;
  const plugins = production ? [...doors.plugins, await together(doors, 'src/extension.ts')] : doors.plugins;
  const results = await Promise.all(
    [{ ...doors, plugins }, pages].map((options) =>
      esbuild.build({ ...options, ...settings, metafile: true }),
    ),
  );
  // A key that stands twice in package.json hides the first: whatever esbuild finds odd is mended, not shipped.
  if (results.some(({ warnings }) => warnings.length > 0)) throw new Error('Warnings: see above.');
  const outputs = results.flatMap(({ metafile }) => Object.keys(metafile.outputs));
  removeStale(outputs);
  copyDemo();
  const written = Object.assign({}, ...results.map(({ metafile }) => metafile.outputs));
  writeNotices(written);
  return { outputs: production ? await tighten(written) : written };
}

/** esbuild has told of its own errors already. */
function failed(error) {
  if (error.errors === undefined) console.error(error.message);
  process.exit(1);
}

async function watch() {
  copyDemo();
  const plugins = reporters(bundles.length);
  const contexts = await Promise.all(
    bundles.map((options, index) =>
      esbuild.context({
        ...options,
        logLevel: 'silent',
        plugins: [...(options.plugins ?? []), plugins[index]],
      }),
    ),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--watch')) await watch();
  else await build({ production: process.argv.includes('--production') }).catch(failed);
}
