/** Configuration that demands less than before: rules off or down, limits wider, more left out. Moved between files it is the same. */
import picomatch from 'picomatch';
import {
  isOwn,
  lineOf,
  CONFIG_CHARS_MAX,
  type Loosening,
  type LooseningKind,
  type TextChange,
} from './change.ts';
import { factsOf, isRules, type Facts, type Scalar } from './facts.ts';
import { levelOf, RULE_TABLE, type RuleRow } from './rule-table.ts';

export function looserRules(changes: readonly TextChange[]): readonly Loosening[] {
  const configs = changes.filter(({ path }) => isRules(path) && isOwn(path));
  const folders = new Set(configs.map(({ path }) => folderOf(path)));
  return [...folders].flatMap((folder) =>
    looserIn(
      configs.filter(({ path }) => folderOf(path) === folder),
      changes,
    ),
  );
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** One setting of one folder, before and after. */
interface Setting {
  readonly key: string;
  readonly row: RuleRow;
  readonly was: readonly Scalar[];
  readonly now: readonly Scalar[];
}

/** What is known of a change beside the setting. */
interface Around {
  readonly before: Facts;
  readonly after: Facts;
  /** The other changed files; what is gone is told apart. */
  readonly paths: readonly string[];
  readonly gone: readonly string[];
}

function looserIn(configs: readonly TextChange[], changes: readonly TextChange[]): readonly Loosening[] {
  const before = merged(configs.map(({ path, before: text }) => ({ path, text })));
  const after = merged(configs.map(({ path, after: text }) => ({ path, text })));
  // What cannot be read is what its own program complains of.
  if (before === undefined || after === undefined) return [];
  const gone = configs.find((each) => each.after === undefined);
  if (gone !== undefined && after.size === 0) return before.size === 0 ? [] : [goneFinding(gone.path)];
  const around = {
    ...{ before, after },
    paths: changes.filter((each) => each.after !== undefined).map(({ path }) => path),
    gone: changes.filter((each) => each.after === undefined).map(({ path }) => path),
  };
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return RULE_TABLE.flatMap((row) =>
    keys
      .filter((key) => row.key.test(key))
      .flatMap((key) => {
        const setting = { key, row, was: before.get(key) ?? [], now: after.get(key) ?? [] };
        const found = judge(setting, around);
        return found === undefined ? [] : [placed(found, key, configs)];
      }),
  );
}

function goneFinding(path: string): Loosening {
  const reason = `${path} is gone, and with it the rules that it set.`;
  return { kind: 'rule', path, line: 1, rule: path, reason };
}

function merged(
  texts: readonly { readonly path: string; readonly text: string | undefined }[],
): Facts | undefined {
  const all = new Map<string, readonly Scalar[]>();
  for (const { path, text } of texts) {
    if (text === undefined || text.length > CONFIG_CHARS_MAX) continue;
    const facts = factsOf(path, text);
    if (facts === undefined) return undefined;
    for (const [key, values] of facts) all.set(key, [...(all.get(key) ?? []), ...values]);
  }
  return all;
}

interface Found {
  readonly kind: LooseningKind;
  readonly says: string;
  /** What stands in the text, the most telling first. */
  readonly words: readonly string[];
}

function judge(setting: Setting, around: Around): Found | undefined {
  if (same(setting.was, setting.now)) return undefined;
  switch (setting.row.how) {
    case 'strict':
      return lessStrict(setting, around);
    case 'on':
      return has(setting.now, false) && !has(setting.was, false) ? off(setting, 'is turned off') : undefined;
    case 'loose':
      return count(setting.now, true) > count(setting.was, true) ? off(setting, 'is turned on') : undefined;
    case 'ignored':
      return moreIgnored(setting, around);
    case 'demanded':
    case 'included':
      return lessDemanded(setting, around);
    case 'max':
    case 'min':
      return otherLimit(setting);
    case 'level':
      return lowerLevel(setting);
  }
}

const same = (a: readonly Scalar[], b: readonly Scalar[]): boolean =>
  [...a].map(String).sort().join('\n') === [...b].map(String).sort().join('\n');
const count = (values: readonly Scalar[], value: Scalar): number =>
  values.filter((each) => each === value).length;
const has = (values: readonly Scalar[], value: Scalar): boolean => values.includes(value);

function off({ key }: Setting, says: string): Found {
  return { kind: 'rule', says, words: [`"${nameOf(key)}"`, nameOf(key)] };
}

/** It is demanded where it is true, or where it is not said and what it follows is true. */
function lessStrict(setting: Setting, { before, after }: Around): Found | undefined {
  const { was, now, row, key } = setting;
  const parent = (facts: Facts): boolean =>
    row.follows !== undefined && has(facts.get(row.follows) ?? [], true);
  if (has(now, false) && !has(was, false)) return off(setting, 'is turned off');
  const dropped = count(was, true) > count(now, true) && !parent(after);
  // What a file extends may say it.
  const inherits = !same(
    before.get(`${rootOf(key)}.extends`) ?? [],
    after.get(`${rootOf(key)}.extends`) ?? [],
  );
  return dropped && !inherits ? off(setting, 'is no longer turned on') : undefined;
}

function rootOf(key: string): string {
  return key.slice(0, key.indexOf('.'));
}

const HARMLESS =
  /^[!-]?(\*\*\/|\.\/|\/)*(node_modules|dist|build|out|coverage|htmlcov|target|\.?venv|__pycache__|\.git|\.next|\.nuxt|\.turbo|\.cache|\.eggs|\.tox|\.nox|\.[a-z]+_cache|storybook-static|__generated__|\*\.min\.js)(\/\*\*?|\/)*$/;

function moreIgnored({ was, now, row, key }: Setting, { paths }: Around): Found | undefined {
  const negated = row.negated === true;
  const taken = (values: readonly Scalar[]): readonly string[] =>
    listOf(values).filter((entry) => !negated || /^[!-]/.test(entry));
  const old = taken(was);
  const fresh = taken(now).filter((entry) => !old.some((each) => includes(each, entry)));
  const told = fresh.filter((entry) => !HARMLESS.test(entry) || matching(entry, paths).length > 0);
  if (told.length === 0) return undefined;
  const hit = [...new Set(told.flatMap((entry) => matching(entry, paths)))].slice(0, NAMED_MAX);
  const among =
    hit.length === 0 || key.endsWith('.ignore')
      ? ''
      : `, among it ${hit.join(', ')}, which this change touches`;
  return {
    kind: 'ignored',
    says: `leaves out more: ${told.slice(0, NAMED_MAX).join(', ')}${among}`,
    words: [...told, nameOf(key)],
  };
}

const NAMED_MAX = 3;

/** A code includes those that begin with it. */
function includes(one: string, other: string): boolean {
  return (
    one === other ||
    one === 'ALL' ||
    (/^[A-Z]+\d*$/.test(one) && /^[A-Z]+\d+$/.test(other) && other.startsWith(one))
  );
}

function matching(entry: string, paths: readonly string[]): readonly string[] {
  const pattern = entry
    .replace(/^[!-]/, '')
    .replace(/^\.?\//, '')
    .replace(/\/$/, '');
  if (pattern === '' || !/[\w*]/.test(pattern)) return [];
  try {
    const isMatch = picomatch([pattern, `${pattern}/**`, `**/${pattern}`, `**/${pattern}/**`], { dot: true });
    return paths.filter((path) => isMatch(path));
  } catch {
    return [];
  }
}

function listOf(values: readonly Scalar[]): readonly string[] {
  return values
    .flatMap((value) => (typeof value === 'string' ? value.split(/[\n,]+/) : [String(value)]))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function lessDemanded({ was, now, row, key }: Setting, { gone }: Around): Found | undefined {
  const plain = (values: readonly Scalar[]): readonly string[] =>
    listOf(values).filter((each) => !/^[!-]/.test(each));
  const [old, left] = [plain(was), plain(now)];
  const lost = old
    .filter((entry) => !left.some((each) => includes(each, entry)))
    .filter((entry) => matching(entry, gone).length === 0);
  const added = left.filter((entry) => !old.includes(entry));
  // Where nothing is listed, all of it is looked at.
  const isOther = row.how === 'included' && (added.length > 0 || left.length === 0) && !isPreset(key);
  if (lost.length === 0 || isOther || (isPreset(key) && added.length > 0)) return undefined;
  return {
    kind: 'rule',
    says: `asks for less: ${lost.slice(0, NAMED_MAX).join(', ')} is gone from it`,
    words: [nameOf(key)],
  };
}

/** What is taken over from others, or given to a compiler: without it nothing is in its place. */
const isPreset = (key: string): boolean => /\.(extends|rustflags)$/.test(key);

function otherLimit(setting: Setting): Found | undefined {
  const { was, now, row, key } = setting;
  const [before, after] = [numbersOf(was), numbersOf(now)];
  if (before.length === 0) return undefined;
  const words = [nameOf(key)];
  if (after.length < before.length)
    return row.how === 'min'
      ? { kind: 'threshold', says: `no longer has its limit of ${before[0] ?? 0}`, words }
      : undefined;
  const at = before.findIndex((value, index) => {
    const next = after[index] ?? value;
    return row.how === 'min' ? next < value : next > value;
  });
  if (at < 0) return undefined;
  const how = row.how === 'min' ? 'lowered' : 'raised';
  return { kind: 'threshold', says: `is ${how} from ${before[at] ?? 0} to ${after[at] ?? 0}`, words };
}

function numbersOf(values: readonly Scalar[]): readonly number[] {
  return values
    .map((value) => (typeof value === 'boolean' ? Number.NaN : Number(String(value).replace(/%$/, ''))))
    .filter((value) => !Number.isNaN(value));
}

/** The same rule may be said for several files; only what is gone and what is new of it counts. */
function lowerLevel(setting: Setting): Found | undefined {
  const { was, now, row } = setting;
  const levels = (values: readonly Scalar[]): readonly number[] =>
    values.flatMap((value) => levelOf(value, row) ?? []);
  const [before, after] = [levels(was), levels(now)];
  const lost = minus(before, after);
  const added = minus(after, before);
  const lowest = Math.min(...added);
  const name = (level: number): string => (row.levels ?? DEFAULT_NAMES)[level]?.[0] ?? String(level);
  if (lowest === 0 && before.some((level) => level > 0)) return off(setting, 'is turned off');
  if (lowest === 0 && before.length === 0) return off(setting, 'is turned off');
  const higher = lost.find((level) => level > lowest) ?? before.find((level) => level > lowest);
  if (added.length > 0 && higher !== undefined)
    return off(setting, `goes down from ${name(higher)} to ${name(lowest)}`);
  const demands = lost.some((level) => level > 0) && !after.some((level) => level >= Math.max(...lost));
  return added.length === 0 && demands
    ? off(setting, `is no longer set (it was ${name(Math.max(...lost))})`)
    : undefined;
}

const DEFAULT_NAMES: readonly (readonly string[])[] = [['off'], ['info'], ['warn'], ['error']];

function minus(from: readonly number[], what: readonly number[]): readonly number[] {
  const left = [...what];
  return from.filter((value) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** As people write it: without where it stands. */
function nameOf(key: string): string {
  const rule = /(?:^|\.)rules\.(?:(?!recommended)\w+\.(?=\w+(?:\.level)?$))?(.+)$/.exec(key)?.[1];
  return (rule ?? key.slice(key.lastIndexOf('.') + 1)).replace(/\.level$/, '');
}

function placed({ kind, says, words }: Found, key: string, configs: readonly TextChange[]): Loosening {
  const name = key.endsWith('.level') ? nameOf(key.slice(0, -'.level'.length)) : nameOf(key);
  const file =
    configs.find(({ after }) => words.some((word) => after?.includes(word))) ??
    configs.find(
      ({ before, after }) => after !== undefined && words.some((word) => before?.includes(word)),
    ) ??
    configs[0];
  const path = file?.path ?? '';
  return {
    kind,
    path,
    line: lineOf(file?.after, words),
    rule: name,
    reason: `"${name}" ${says}.`,
  };
}
