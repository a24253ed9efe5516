/** Which spellings of a revision may be given to git: names and short steps from them, never an option, a range or a search. */

export type Revision =
  { readonly ok: true; readonly revision: string } | { readonly ok: false; readonly why: string };

const CHARS_MAX = 200;
const NAME =
  /^(?:[A-Za-z0-9_][A-Za-z0-9_.\/+-]*|@|(?=@\{))(?:@\{(?:\d{1,4}|u|upstream|push)\}|~\d{0,4}|\^\d{0,2})*$/u;

export function readRevision(text: string): Revision {
  const revision = text.trim();
  const refused = (why: string): Revision => ({ ok: false, why: `"${revision.slice(0, 60)}" ${why}` });
  if (revision === '' || revision.length > CHARS_MAX) return refused('is no revision');
  if (revision.startsWith('-')) return refused('begins like an option');
  if (revision.includes('..')) return refused('is a range: name one revision');
  if (!NAME.test(revision))
    return refused('is not a plain revision such as HEAD~2, a branch, a tag or a commit');
  if (/\.lock(?:$|[/~^@])|\/(?:\/|\.|$)/u.test(revision)) return refused('is no name that git takes');
  return { ok: true, revision };
}
