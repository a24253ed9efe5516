/**
 * Secrets in texts, value by value: each becomes a marker that is the same wherever the value occurs, so that a reader can
 * still tell one from another, and a text that holds markers can be mapped back.
 */
import { undisguised } from './disguises.ts';

export interface Redactor {
  /** The text with every value that looks like a key, token or password replaced by its marker. */
  redact(text: string): string;
  /** The text with markers replaced by their values; `unknown` are markers that stand for none. */
  restore(text: string): { readonly text: string; readonly unknown: readonly string[] };
  /** Values found so far. */
  readonly size: number;
}

/** Shortest value taken for a secret, in characters. */
const VALUE_CHARS_MIN = 8;
const MARKER = /\[secret:(\d+)\]/gu;

/** Values that are secrets by their own shape. */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END (?:[A-Z ]+ )?PRIVATE KEY(?: BLOCK)?-----|$)/gu,
  /\bsk-(?:ant-|proj-|or-v1-|svcacct-)?[A-Za-z0-9_-]{16,}/gu,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/gu,
  /\bglpat-[A-Za-z0-9_-]{16,}/gu,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/gu,
  /\b(?:AKIA|ASIA|AGPA|AROA)[A-Z0-9]{16}\b/gu,
  /\bAIza[A-Za-z0-9_-]{30,}/gu,
  /\b(?:npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{20,}|dop_v1_[a-f0-9]{40,})/gu,
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}/gu,
  /\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/gu,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/gu,
];

/** Values that are secrets by what stands before them; the value is the last group. */
const NAMED: readonly RegExp[] = [
  /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)([^\s@/]{4,})(?=@)/giu,
  /(\b(?:authorization|proxy-authorization)["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)([A-Za-z0-9._~+/=-]{8,})/giu,
  /((?:api[_-]?key|apikey|access[_-]?key|secret[_-]?key|client[_-]?secret|auth[_-]?token|access[_-]?token|refresh[_-]?token|private[_-]?key|passw(?:or)?d|passphrase)["']?\s*[:=]\s*["'])([^"'\s]{8,})(?=["'])/giu,
  /(^[ \t]*(?:export[ \t]+)?[A-Z0-9_]*(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS)[A-Z0-9_]*[ \t]*=[ \t]*["']?)([^\s"'#]{8,})/gmu,
];

/** Values that stand where a secret would but are none. */
const PLACEHOLDER =
  /^(?:\$|<|\{|%|\*+$|x+$|\.+$|process\.env|import\.meta|os\.environ|env\.|your|my-|example|changeme|change-me|placeholder|redacted|dummy|undefined|function|string|true|false|null|\[secret:)/iu;

/** The person's keys as they are now. */
export type KnownSecrets = () => readonly string[];

const NONE: KnownSecrets = () => [];

/** `known` are values to hide whatever they look like: the person's own keys. */
export function createRedactor(known: KnownSecrets = NONE): Redactor {
  const numbers = new Map<string, number>();
  const marker = (value: string) => {
    const number = numbers.get(value) ?? numbers.size + 1;
    numbers.set(value, number);
    return `[secret:${number}]`;
  };
  return {
    redact: (text) => {
      const always = known().filter((value) => value.length >= VALUE_CHARS_MIN);
      let out = inDisguise(text, [...always, ...always.map(base64), ...plainOnly(numbers)], marker);
      for (const value of [...always, ...always.map(base64), ...byLength(numbers)])
        out = out.replaceAll(value, () => marker(value));
      for (const shape of SHAPES) out = out.replace(shape, (value) => marker(value));
      for (const named of NAMED) {
        out = out.replace(named, (whole: string, before: string, value: string) =>
          PLACEHOLDER.test(value) ? whole : `${before}${marker(value)}`,
        );
      }
      return out;
    },
    restore: (text) => restore(text, numbers),
    get size() {
      return numbers.size;
    },
  };
}

const base64 = (value: string): string => {
  const bytes = new TextEncoder().encode(value);
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/u, '');
};

/** Values that were found as they are, not in parts. */
const plainOnly = (numbers: ReadonlyMap<string, number>): readonly string[] =>
  byLength(numbers).filter((value) => !/\s/u.test(value));

/** Replaces what is a secret only once parts are put together and escapes are read. */
function inDisguise(text: string, values: readonly string[], marker: (value: string) => string): string {
  const plain = undisguised(text);
  if (!plain) return text;
  const found = [
    ...values.flatMap((value) => [...placesOf(plain.text, value)]),
    ...SHAPES.flatMap((shape) =>
      [...plain.text.matchAll(shape)].map((match) => [match.index, match[0].length] as const),
    ),
  ]
    .map(([at, length]) => ({ from: plain.from(at), to: plain.to(at + length - 1), length }))
    // What stands there in one piece is found as it is.
    .filter(({ from, to, length }) => to - from > length)
    .sort((a, b) => a.from - b.from || b.to - a.to);
  let [out, done] = ['', 0];
  for (const { from, to } of found) {
    if (from < done) continue;
    out += text.slice(done, from) + marker(text.slice(from, to));
    done = to;
  }
  return out + text.slice(done);
}

function* placesOf(text: string, value: string): Generator<readonly [number, number]> {
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
    yield [at, value.length];
}

/** Longest first, so that a value that holds another is replaced whole. */
const byLength = (numbers: ReadonlyMap<string, number>): string[] =>
  [...numbers.keys()].sort((a, b) => b.length - a.length);

function restore(text: string, numbers: ReadonlyMap<string, number>): ReturnType<Redactor['restore']> {
  const values = new Map([...numbers].map(([value, number]) => [String(number), value]));
  const unknown: string[] = [];
  const restored = text.replace(MARKER, (whole, number: string) => {
    const value = values.get(number);
    if (value === undefined) unknown.push(whole);
    return value ?? whole;
  });
  return { text: restored, unknown };
}

/** No run numbers so many secrets of its own. */
const WITHHELD_FROM = 90_000;

/**
 * A text with its secrets left out for good: the markers stand for no value that the run could put back, so an edit that holds one is
 * refused instead of being written with another's value.
 */
export const withheldIn = (text: string, redactor: Pick<Redactor, 'redact'>): string =>
  redactor
    .redact(text)
    .replace(MARKER, (_, number: string) => `[secret:${WITHHELD_FROM + (Number(number) % 10_000)}]`);

/** The same value with every text in it redacted. */
export function redactAll<T>(value: T, redactor: Pick<Redactor, 'redact'>): T {
  return redacted(value, redactor) as T;
}

function redacted(value: unknown, redactor: Pick<Redactor, 'redact'>): unknown {
  if (typeof value === 'string') return redactor.redact(value);
  if (Array.isArray(value)) return value.map((member) => redacted(member, redactor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redacted(member, redactor)]));
}
