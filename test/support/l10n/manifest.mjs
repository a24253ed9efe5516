/** The manifest's words: each is taken out to package.nls.json, under a key that says where it stands. */

const PLACEHOLDER = /^%([^%]+)%$/;

/** Words of one holder that a person reads. Names of the product and texts for models stay where they are. */
const FIELDS = [
  'title',
  'shortTitle',
  'label',
  'name',
  'contextualTitle',
  'contents',
  'description',
  'markdownDescription',
  'deprecationMessage',
  'markdownDeprecationMessage',
  'patternErrorMessage',
  'userDescription',
  'displayName',
  'altText',
];
const LISTS = ['enumDescriptions', 'markdownEnumDescriptions', 'enumItemLabels'];
/** Names that are the same in every language. */
const NAMES = new Set(['Quartet', '']);

/** One settable place: `get` and `set` its words. */
const place = (holder, field, key) => ({
  key,
  get: () => holder[field],
  set: (text) => {
    holder[field] = text;
  },
});

function wordsOf(holder, key) {
  const fields = FIELDS.filter((field) => typeof holder[field] === 'string').map((field) =>
    place(holder, field, `${key}.${field}`),
  );
  const lists = LISTS.filter((field) => Array.isArray(holder[field])).flatMap((field) =>
    holder[field].map((_, index) => place(holder[field], index, `${key}.${field}.${index}`)),
  );
  return [...fields, ...lists];
}

/** A setting and the schemas below it. */
function setting(schema, key) {
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
    setting(each, `${key}.${name}`),
  );
  const items = schema.items ? setting(schema.items, `${key}.items`) : [];
  const rest =
    typeof schema.additionalProperties === 'object'
      ? setting(schema.additionalProperties, `${key}.each`)
      : [];
  const either = ['anyOf', 'oneOf'].flatMap((name) =>
    (schema[name] ?? []).flatMap((each, index) => setting(each, `${key}.${name}.${index}`)),
  );
  return [...wordsOf(schema, key), ...below, ...items, ...rest, ...either];
}

const lists = (groups) =>
  Object.entries(groups ?? {}).flatMap(([group, each]) => each.map((one) => [group, one]));

/** Every place of the manifest that a person reads, in the manifest's order. */
function places({ contributes, ...manifest }) {
  const all = (holders, key) => (holders ?? []).flatMap((holder) => wordsOf(holder, key(holder)));
  const configuration = [contributes.configuration ?? []].flat();
  const walkthroughs = contributes.walkthroughs ?? [];
  return [
    place(manifest, 'description', 'extension.description'),
    ...all(contributes.commands, ({ command }) => command),
    ...configuration.flatMap((part, index) => [
      place(part, 'title', `configuration.${part.id ?? index}.title`),
      ...Object.entries(part.properties).flatMap(([id, schema]) => setting(schema, id)),
    ]),
    ...lists(contributes.viewsContainers).flatMap(([, holder]) => wordsOf(holder, `container.${holder.id}`)),
    ...lists(contributes.views).flatMap(([, holder]) => wordsOf(holder, `view.${holder.id}`)),
    ...all(contributes.viewsWelcome, ({ view }) => `welcome.${view}`),
    ...all(contributes.submenus, ({ id }) => `submenu.${id}`),
    ...walkthroughs.flatMap((walkthrough) => [
      ...wordsOf(walkthrough, `walkthrough.${walkthrough.id}`),
      ...walkthrough.steps.flatMap((step) => [
        ...wordsOf(step, `walkthrough.${walkthrough.id}.${step.id}`),
        ...wordsOf(step.media ?? {}, `walkthrough.${walkthrough.id}.${step.id}.media`),
      ]),
    ]),
    ...all(contributes.languageModelTools, ({ name }) => `tool.${name}`).filter(
      ({ key }) => !key.endsWith('.name'),
    ),
  ].filter(({ get }) => typeof get() === 'string' && !NAMES.has(get()));
}

/** `key`, or with a number where another place has it. */
function free(key, taken) {
  for (let count = 1; ; count += 1) {
    const candidate = count === 1 ? key : `${key}.${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/**
 * Puts a key in the place of each plain text of the manifest. What already is a key keeps it, so to do it twice changes nothing.
 * @param {object} manifest package.json, which is changed
 * @param {Record<string, string>} words package.nls.json as it is
 * @returns {Record<string, string>} package.nls.json as it is to be: the words of keys that the manifest has
 */
export function takeOut(manifest, words) {
  const all = places(manifest);
  const keyOf = ({ get }) => PLACEHOLDER.exec(get())?.[1];
  const taken = new Set(all.map(keyOf).filter((key) => key !== undefined));
  const result = {};
  for (const each of all) {
    const known = keyOf(each);
    const key = known ?? free(each.key, taken);
    if (known !== undefined && words[known] === undefined)
      throw new Error(`package.json names %${known}%, which package.nls.json lacks.`);
    result[key] = known === undefined ? each.get() : words[known];
    taken.add(key);
    if (known === undefined) each.set(`%${key}%`);
  }
  return result;
}

/**
 * Puts the words back in the place of their keys.
 * @template T
 * @param {T} manifest
 * @param {Record<string, string>} words
 * @returns {T} the manifest as a person of that language reads it
 */
export function putIn(manifest, words) {
  return JSON.parse(JSON.stringify(manifest), (_, value) => {
    const key = typeof value === 'string' ? PLACEHOLDER.exec(value)?.[1] : undefined;
    return key === undefined ? value : (words[key] ?? value);
  });
}
