// What packages bring and the product never uses stays out of the build. Whatever the product comes to need of it fails to build, or says
// so when it is called.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const modules = join(import.meta.dirname, 'node_modules');

/** Packages of which one file is all that is used. Their entries name everything, and a name that is exported is kept. */
const ENTRIES = {
  openai: 'openai/client.mjs',
  htmlparser2: 'htmlparser2/dist/esm/Parser.js',
  // Its entry for Node is CommonJS, of which nothing can be left out.
  yaml: 'yaml/browser/index.js',
};

/**
 * The client of endpoints makes an object for each of its many resources. Chats and responses are created, by a key, nothing else: no file
 * is uploaded, no list is read page by page.
 */
const RESOURCES = {
  filter:
    /[/\\]openai[/\\](?:(?:lib|resources)[/\\].+|(?:auth[/\\]|internal[/\\]auth[/\\]x509-)workload-identity-auth|core[/\\]pagination|internal[/\\](?:uploads|to-file))\.mjs$/,
  kept: /[/\\](?:resources[/\\](?:index|shared)|chat[/\\](?:index|chat)|chat[/\\]completions[/\\](?:index|completions)|responses[/\\]responses)\.mjs$/,
};

/** The table of every name that HTML has for characters: pages are read with those that they write. */
const NAMES = { filter: /[/\\]entities[/\\].*[/\\]generated[/\\]decode-data-html\.js$/ };

/** Names that a module exports by itself or passes on. */
function exportsOf(text) {
  const own = [...text.matchAll(/^export (?:async )?(?:class|const|let|var|function\*?) (\w+)/gmu)].map(
    ([, name]) => name,
  );
  const lists = [...text.matchAll(/^export \{([^}]*)\}/gmu)].flatMap(([, list]) => list.split(','));
  const listed = lists.map((each) =>
    each
      .trim()
      .split(/\s+as\s+/u)
      .at(-1),
  );
  return [...new Set([...own, ...listed])].filter((name) => name !== '' && name !== 'default');
}

/** A module of the same names: each can be called, made and extended, and does nothing. */
const emptied = (text) =>
  exportsOf(text)
    .map((name) => `export function ${name}() {}`)
    .join('\n');

/** Leaves out the modules that `filter` finds, but for those `kept`: their names stay. */
const without = (name, { filter, kept }) => ({
  name,
  setup(build) {
    build.onLoad({ filter }, async ({ path }) =>
      kept?.test(path) ? undefined : { contents: emptied(await readFile(path, 'utf8')) },
    );
  },
});

const entries = {
  name: 'entries',
  setup(build) {
    const filter = new RegExp(`^(?:${Object.keys(ENTRIES).join('|')})$`);
    build.onResolve({ filter }, ({ path }) => ({ path: join(modules, ENTRIES[path]), sideEffects: false }));
  },
};

/** What packages say to whoever looks for faults in them (`debug`), with what it brings along for terminals: nobody hears it here. */
const silence = {
  name: 'silence',
  setup(build) {
    build.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silence' }));
    build.onLoad({ filter: /^/, namespace: 'silence' }, () => ({
      contents: `
        const silent = Object.assign(() => undefined, { enabled: false, extend: () => silent });
        export default Object.assign(() => silent, { formatters: {} });
      `,
    }));
  },
};

/** Plugins for what runs on Node. */
export const leanHost = [entries, silence, without('resources', RESOURCES), without('names', NAMES)];
