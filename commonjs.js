// What runs on Node is written as CommonJS. An ES module is loaded in turns with all that an editor does while it starts, and is waited for
// as long as that takes; what is required is there at once. esbuild shares chunks between ES modules only, so they are said anew.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import * as esbuild from 'esbuild';

/** What an ES module knows of itself, in words of CommonJS. */
const DEFINED = { 'import.meta.url': 'quartetUrl', 'import.meta.dirname': '__dirname' };
const URL_OF_FILE = 'const quartetUrl = require("node:url").pathToFileURL(__filename).href;';

/** The editor's interface is used as it is: each module of a file would ask for it, and make a copy of its hundreds of names. */
const EDITOR = 'const quartetEditor = require("vscode");';
const EDITOR_COPIED = /\b__toESM\(require\("vscode"\)\)/gu;

/** So is what a file of ours exports: it has getters already. */
const OURS_COPIED = /\b__toESM\((require\("\.[^"]+"\))\)/gu;
const EXPORTS_COPIED =
  /^var (\w+) = \{\};\n__export\(\1, (\{[^}]*\})\);\nmodule\.exports = __toCommonJS\(\1\);$/mu;

const headOf = (text) =>
  [
    '"use strict";',
    ...(text.includes('import.meta.url') ? [URL_OF_FILE] : []),
    ...(/\bfrom ?"vscode"/u.test(text) ? [EDITOR] : []),
  ].join('\n');

/** Lines stay where they are. */
function withoutCopies(code) {
  const plain = code
    .replaceAll(EDITOR_COPIED, 'quartetEditor')
    .replaceAll(OURS_COPIED, '$1')
    .replace(EXPORTS_COPIED, (_, __, names) => `__export(exports, ${names});\n\n`);
  if (plain.includes('module.exports = __toCommonJS('))
    throw new Error('esbuild says what a module exports otherwise.');
  return plain;
}

/** Writes an ES module as CommonJS, with its map inside where it has one. */
async function write({ path, text }) {
  const { code } = await esbuild.transform(text, {
    ...{ format: 'cjs', platform: 'node', target: 'node20', charset: 'utf8', define: DEFINED },
    // What is loaded late is required late.
    supported: { 'dynamic-import': false },
    sourcefile: basename(path),
    sourcemap: text.includes('\n//# sourceMappingURL=data:') && 'inline',
    banner: headOf(text),
  });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, withoutCopies(code));
}

/** A plugin for a build of ES modules that are to be CommonJS. What is not to be written stays as esbuild has it. */
export const commonJs = {
  name: 'commonjs',
  setup(build) {
    const { initialOptions: options } = build;
    if (options.write === false) return;
    options.write = false;
    if (options.sourcemap) options.sourcemap = 'inline';
    build.onEnd(async ({ outputFiles = [] }) => void (await Promise.all(outputFiles.map(write))));
  },
};
