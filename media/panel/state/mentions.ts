/** Mentions in a goal while they are typed: `@role`, `#file:…`, `#folder:…`, `#selection`, `#problems`, `#diff`. */
import { mentionText, type Mention, type RoleMention, type Typed } from '../../../src/protocol/mentions.ts';
import { t } from '../texts.ts';
import { ROLES, roleName } from './names.ts';

export interface Offered {
  /** What stands in the text. */
  readonly text: string;
  readonly label: string;
  readonly detail: string;
}

const FIXED: readonly Mention[] = [{ kind: 'selection' }, { kind: 'problems' }, { kind: 'diff' }];

const DETAILS = {
  selection: () => t('what is selected in the editor'),
  problems: () => t('errors and warnings that the editor shows'),
  diff: () => t('what you changed since the last commit'),
  file: () => t('file'),
  folder: () => t('folder'),
} as const;

/** Most mentions offered at once. */
const OFFERED_MAX = 10;

type Found = readonly (Mention | RoleMention)[];

/** What fits; `found` is what the editor found for it: files and folders, or the person's own roles. */
export function offersFor(typed: Typed | undefined, found: Found): readonly Offered[] {
  if (typed === undefined) return [];
  const query = typed.query.toLowerCase();
  if (typed.sign === '@') return rolesFor(query, found);
  const named = query.includes(':') ? [] : FIXED.filter(({ kind }) => kind.startsWith(query));
  const places = found.filter((each) => each.kind !== 'role');
  return [...named, ...places].slice(0, OFFERED_MAX).map((mention) => ({
    text: mentionText(mention),
    label: 'path' in mention ? mention.path : `#${mention.kind}`,
    detail: DETAILS[mention.kind](),
  }));
}

/** Those of the house, then the person's own. */
function rolesFor(query: string, found: Found): readonly Offered[] {
  const own = found.filter((each) => each.kind === 'role');
  const all = [
    ...ROLES.map((name) => ({ kind: 'role' as const, name, about: undefined })),
    ...own.toSorted((one, other) => one.name.localeCompare(other.name)),
  ];
  return all
    .filter(({ name }) => name.startsWith(query))
    .slice(0, OFFERED_MAX)
    .map(({ name, about }) => ({ text: `@${name}`, label: roleName(name), detail: about ?? `@${name}` }));
}

/** The draft with what is typed replaced by a mention, and where the caret goes. */
export function withMention(
  draft: string,
  { start, query }: Typed,
  text: string,
): { readonly draft: string; readonly caret: number } {
  const rest = draft.slice(start + 1 + query.length);
  const blank = /^\s/.test(rest) ? '' : ' ';
  return { draft: `${draft.slice(0, start)}${text}${blank}${rest}`, caret: start + text.length + 1 };
}

/** The draft with mentions after it. */
export function withMentions(draft: string, mentions: readonly Mention[]): string {
  if (mentions.length === 0) return draft;
  const blank = draft === '' || /\s$/.test(draft) ? '' : ' ';
  return `${draft}${blank}${mentions.map(mentionText).join(' ')} `;
}
