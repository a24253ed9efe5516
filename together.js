// What is loaded lies in few files: each file that is loaded costs time, and each that is packed room, however little is in it. esbuild
// puts modules into one file where the same entries reach them. So a small file is joined to a larger one: what lies in it is made to be
// reached by all entries that reach the other.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

/** A module that the build leaves outside: what leads to it cannot be loaded everywhere. */
const EDITOR = 'vscode';

/** Modules of packages are asked for by those who use them. */
const OURS = /^src\/.+\.ts$/;

/** Bytes of a file that is small: where it is loaded without need, that takes a few milliseconds, once. */
const SMALL_MAX = 140_000;

/** What a module imports at once, as paths. */
const importsOf = ({ imports }) =>
  imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path);

/** Everything that is loaded at once with these, themselves included. */
function reachedFrom(inputs, paths) {
  const reached = new Set();
  const waiting = [...paths];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(inputs[path] === undefined ? [] : importsOf(inputs[path])));
  }
  return reached;
}

/** The files that there are if each entry asks for `more` modules: who loads them, what lies in them. Small ones first. */
function filesOf({ inputs, outputs }, more) {
  const reach = [...more].map(([entry, paths]) => [entry, reachedFrom(inputs, [entry, ...paths])]);
  const files = new Map();
  for (const [path, { bytesInOutput }] of Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs),
  )) {
    const entries = reach.filter(([, reached]) => reached.has(path)).map(([entry]) => entry);
    const name = entries.join();
    const file = files.get(name) ?? { entries, paths: [], bytes: 0 };
    files.set(name, { entries, paths: [...file.paths, path], bytes: file.bytes + bytesInOutput });
  }
  return [...files.values()].sort((one, other) => one.bytes - other.bytes);
}

/** Entries that come to load a file where it is joined to another. */
const gained = (file, other) => other.entries.filter((entry) => !file.entries.includes(entry));

/**
 * By entry, the modules that it is to ask for as well, so that no small file is left that can be joined. Neither does `door` come to load
 * more, nor what has no editor what needs one.
 * @param {esbuild.Metafile} metafile
 * @param {string} door
 * @returns {Map<string, Set<string>>}
 */
export function joined(metafile, door) {
  const { inputs, outputs } = metafile;
  const needsEditor = (paths) => reachedFrom(inputs, paths).has(EDITOR);
  const mayGain = (entry, file) =>
    entry !== door && OURS.test(entry) && (!needsEditor(file.paths) || needsEditor([entry]));
  const mayJoin = (file, other) =>
    other.entries.length > file.entries.length &&
    file.entries.every((entry) => other.entries.includes(entry)) &&
    gained(file, other).every((entry) => mayGain(entry, file));
  const isSmall = ({ bytes, entries, paths }) =>
    bytes <= SMALL_MAX && entries.length > 1 && paths.some((path) => OURS.test(path));
  const more = new Map(
    Object.values(outputs).flatMap(({ entryPoint }) => (entryPoint ? [[entryPoint, new Set()]] : [])),
  );
  for (;;) {
    const files = filesOf(metafile, more);
    const file = files.find((one) => isSmall(one) && files.some((other) => mayJoin(one, other)));
    if (file === undefined) return more;
    // Fewest come to load what they do not need.
    const [other] = files
      .filter((each) => mayJoin(file, each))
      .sort((one, two) => one.entries.length - two.entries.length || two.bytes - one.bytes);
    const ours = file.paths.filter((path) => OURS.test(path));
    for (const entry of gained(file, other)) for (const path of ours) more.get(entry).add(path);
  }
}

/**
 * A plugin that joins the small files of a build to larger ones.
 * @param {esbuild.BuildOptions} options of the build that it is for
 * @param {string} door path of the entry that loads no more than it needs, from the top of the checkout
 */
export async function together(options, door) {
  const { metafile } = await esbuild.build({ ...options, minify: true, write: false, metafile: true });
  const more = joined(metafile, door);
  const root = options.absWorkingDir;
  const asked = new Map([...more].map(([entry, paths]) => [join(root, entry), [...paths]]));
  return {
    name: 'together',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const paths = asked.get(path) ?? [];
        if (paths.length === 0) return undefined;
        const imports = paths.map((each) => `import ${JSON.stringify(join(root, each))};`);
        return { contents: [await readFile(path, 'utf8'), ...imports].join('\n'), loader: 'ts' };
      });
    },
  };
}
