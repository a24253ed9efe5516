/** Key bindings that would get in each other's way. */

export interface Binding {
  /** Chords in order, as the editor writes them: `ctrl+k j`. */
  readonly key: string;
  readonly command: string;
  /** Alternatives of conditions: `a && b || !c`. Absent: always. */
  readonly when?: string;
}

/** What holds wherever something else does. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  editorFocus: ['inputFocus'],
  'quartet.inPanel': ["focusedView == ''"],
};

/** Alternatives, each with its conditions. */
const alternatives = (when = 'true'): readonly (readonly string[])[] =>
  when.split(' || ').map((each) => each.split(' && ').flatMap((term) => [term, ...(IMPLIED[term] ?? [])]));

/** The key and the value of `key == 'value'`. */
const compared = (term: string): readonly string[] | undefined =>
  /^(\S+) == '?([^']*)'?$/u.exec(term)?.slice(1);

function excludes(one: string, other: string): boolean {
  if (one === 'false' || other === 'false' || one === `!${other}` || other === `!${one}`) return true;
  const [key, value] = compared(one) ?? [];
  const [otherKey, otherValue] = compared(other) ?? [];
  return key !== undefined && key === otherKey && value !== otherValue;
}

/** Whether both conditions can hold at the same time, as far as their terms tell. */
const canMeet = (one: string | undefined, other: string | undefined): boolean =>
  alternatives(one).some((these) =>
    alternatives(other).some((those) => !these.some((term) => those.some((each) => excludes(term, each)))),
  );

/** Whether pressing the one's keys reaches the other, or never gets beyond it. */
const areSameKeys = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other} `) || other.startsWith(`${one} `);

export const collide = (one: Binding, other: Binding): boolean =>
  areSameKeys(one.key, other.key) && canMeet(one.when, other.when);
