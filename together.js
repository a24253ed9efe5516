// What a door loads at once lies in few files: each file that is loaded costs time, however little is in it. esbuild puts modules into one
// file where the same entries reach them, so whatever reaches one of those that a door shares is made to reach them all.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

/** A module that the build leaves outside: what leads to it cannot be loaded everywhere. */
const EDITOR = 'vscode';

/** Modules of packages are asked for by those who use them. */
const OURS = /^src\/.+\.ts$/;

/** What a module imports at once, as paths. */
const importsOf = ({ imports }) =>
  imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path);

/** Everything that `entry` loads at once, itself included. */
function reachedFrom(inputs, entry) {
  const reached = new Set();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...(inputs[path] === undefined ? [] : importsOf(inputs[path])));
  }
  return reached;
}

/** By entry, the modules that it is to reach as well. */
function joined({ inputs, outputs }, door) {
  const entries = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  const reach = new Map(entries.map((entry) => [entry, reachedFrom(inputs, entry)]));
  const others = entries.filter((entry) => entry !== door && !reach.get(door).has(entry));
  const shared = [...reach.get(door)].filter(
    (path) => OURS.test(path) && others.some((entry) => reach.get(entry).has(path)),
  );
  const needsEditor = (path) => reachedFrom(inputs, path).has(EDITOR);
  const groups = [shared.filter(needsEditor), shared.filter((path) => !needsEditor(path))];
  return new Map(
    others.map((entry) => [
      entry,
      groups.filter((group) => group.some((path) => reach.get(entry).has(path))).flat(),
    ]),
  );
}

/**
 * A plugin that keeps together what `door` loads at once and others need as well: in one file, and what needs the editor in another.
 * @param {esbuild.BuildOptions} options of the build that it is for
 * @param {string} door path of an entry, from the top of the checkout
 */
export async function together(options, door) {
  const { metafile } = await esbuild.build({ ...options, write: false, metafile: true });
  const root = options.absWorkingDir;
  const more = new Map(
    [...joined(metafile, door)].map(([entry, paths]) => [
      join(root, entry),
      paths.map((path) => join(root, path)),
    ]),
  );
  return {
    name: 'together',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const paths = more.get(path);
        if (paths === undefined) return undefined;
        const imports = paths.map((each) => `import ${JSON.stringify(each)};`);
        return { contents: [await readFile(path, 'utf8'), ...imports].join('\n'), loader: 'ts' };
      });
    },
  };
}
