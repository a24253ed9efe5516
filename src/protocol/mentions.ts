/**
 * What can be mentioned in a goal, and how it stands there: `@role`, `#file:src/a.ts`, `#folder:src`, `#selection`, `#problems`, `#diff`;
 * a path with blanks or brackets in quotes. One grammar for whoever completes mentions, and whoever reads them.
 */
export type Mention =
  | { readonly kind: 'file' | 'folder'; readonly path: string }
  | { readonly kind: 'selection' | 'problems' | 'diff' };

/** A role of the person's own; those of the house are known. */
export interface RoleMention {
  readonly kind: 'role';
  readonly name: string;
  /** Absent where nobody has approved what its file says. */
  readonly about?: string;
}

/** A sign begins a mention at the start, after a blank, or after a bracket; in a word it is part of that: `me@home`, `C#`. */
const BEFORE = String.raw`(?<![^\s(])`;

const TYPED = new RegExp(String.raw`${BEFORE}([@#])((?:file|folder):"[^"\n]*|\S*)$`, 'u');
const MENTION = new RegExp(
  String.raw`${BEFORE}#(?:(selection|problems|diff)(?![\w-])|(file|folder):(?:"([^"\n]+)"|(\S+)))`,
  'gu',
);
/** Not `@scope/package`, `@decorator()` or `@home.example`. */
const ROLE = new RegExp(String.raw`${BEFORE}@([a-z][a-z0-9-]{0,39})(?![\w/(@-]|\.\w)`, 'gu');

/** What ends a sentence, or closes a bracket that the path did not open, is no part of a path that stands without quotes. */
const withoutTail = (path: string): string =>
  path.replace(path.includes('(') ? /[.,;:!?。、，；：！？]+$/u : /[.,;:!?)。、，；：！？）]+$/u, '');

/** A mention as it stands in a text. */
export const mentionText = (mention: Mention | RoleMention): string => {
  if (mention.kind === 'role') return `@${mention.name}`;
  if (!('path' in mention)) return `#${mention.kind}`;
  const { kind, path } = mention;
  const isPlain = !/^"|[\s()]/u.test(path) && withoutTail(path) === path;
  return `#${kind}:${isPlain ? path : `"${path}"`}`;
};

/** The mentions in a text, each once, in order. */
export function mentionsIn(text: string): readonly Mention[] {
  const found = [...text.matchAll(MENTION)].flatMap(
    ([, word, kind, quoted, plain = '']): readonly Mention[] => {
      if (word === 'selection' || word === 'problems' || word === 'diff') return [{ kind: word }];
      const path = quoted ?? withoutTail(plain);
      return path !== '' && (kind === 'file' || kind === 'folder') ? [{ kind, path }] : [];
    },
  );
  return [...new Map(found.map((mention) => [mentionText(mention), mention])).values()];
}

/** Names after an `@` that may be roles, each once, in order. Whether they are is known to whoever knows the roles. */
export const namesIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(ROLE)].map(([, name = '']) => name)),
];

/** What is being typed before the caret. */
export interface Typed {
  readonly sign: '@' | '#';
  readonly query: string;
  /** Where the sign stands. */
  readonly start: number;
}

/** The mention that is being typed; undefined where none is. */
export function typedMention(draft: string, caret: number): Typed | undefined {
  const found = TYPED.exec(draft.slice(0, caret));
  if (!found) return undefined;
  const [, sign, query = ''] = found;
  return { sign: sign === '@' ? '@' : '#', query, start: caret - query.length - 1 };
}

/** What is looked for, among files or roles. */
export const lookedFor = ({ sign, query }: Typed): string =>
  sign === '#' ? query.replace(/^(?:file|folder):"?/u, '') : query;
