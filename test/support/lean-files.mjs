// What ships besides scripts is packed as editors and readers need it: without what only developers use, and without long keys.

/** Parts of the manifest that only developers use. */
const DEVELOPERS = ['private', 'scripts', 'devDependencies', 'allowScripts', 'bin'];

const KEY = /"%([^%"]+)%"/gu;

/** For each key of the manifest a short one, in the order in which they stand there. */
function shortKeys(manifest) {
  const keys = new Set([...manifest.matchAll(KEY)].map(([, key]) => key));
  return new Map([...keys].map((key, index) => [key, index.toString(36)]));
}

/** The manifest with short keys. */
function leanManifest(manifest, short) {
  const whole = Object.entries(JSON.parse(manifest)).filter(([name]) => !DEVELOPERS.includes(name));
  return JSON.stringify(Object.fromEntries(whole)).replace(KEY, (_, key) => `"%${short.get(key)}%"`);
}

/** The words of the manifest in one language, under the same short keys and in the same order. */
function leanWords(words, short) {
  const all = JSON.parse(words);
  return JSON.stringify(
    Object.fromEntries([...short].flatMap(([key, to]) => (key in all ? [[to, all[key]]] : []))),
  );
}

/** An item of a list, with the lines that belong to it. */
const ITEM = /^- .+(?:\n {2}.+)*/gmu;

/** What is said first ends where something else is said. */
const FIRST = /^.*?(?:[.!?](?= [\p{Lu}_`"#])|;(?= ))/su;

/** Of each change what is said first. */
const leanChanges = (markdown) =>
  markdown.replace(ITEM, (item) => {
    const text = item.replace(/\s+/gu, ' ');
    return (FIRST.exec(text)?.[0] ?? text).replace(/;$/u, '.');
  });

/**
 * Files as they are packed.
 * @param {ReadonlyMap<string, string>} texts by path, `package.json` among them
 * @returns {Map<string, string>} those of them that are packed otherwise
 */
export function leanFiles(texts) {
  const manifest = texts.get('package.json') ?? '{}';
  const short = shortKeys(manifest);
  const leanOf = (path, text) => {
    if (path === 'package.json') return leanManifest(text, short);
    if (/^package\.nls(?:\.[a-z-]+)?\.json$/u.test(path)) return leanWords(text, short);
    if (/\.json$/u.test(path)) return JSON.stringify(JSON.parse(text));
    return path === 'CHANGELOG.md' ? leanChanges(text) : undefined;
  };
  return new Map(
    [...texts].flatMap(([path, text]) => {
      const lean = leanOf(path, text);
      return lean === undefined ? [] : [[path, lean]];
    }),
  );
}
