/** Messages to a run at work. */

export interface Steering {
  readonly text: string;
  /** The role or task it is for; absent: the team. */
  readonly to?: string;
}

/** The message in `draft`: `@name` at its beginning says who it is for, if `names` knows it. Undefined if empty. */
export function parseSteer(draft: string, names: readonly string[]): Steering | undefined {
  const whole = draft.trim();
  const [, name = '', rest = ''] = /^@([\w.-]+)(?:\s+([\s\S]*))?$/.exec(whole) ?? [];
  const to = names.find((each) => each.toLowerCase() === name.toLowerCase());
  if (to !== undefined) return rest === '' ? undefined : { text: rest, to };
  return whole === '' ? undefined : { text: whole };
}

/** The names that fit the `@…` being typed before the caret; empty if none is. */
export function completions(draft: string, caret: number, names: readonly string[]): readonly string[] {
  const typed = /^\s*@([\w.-]*)$/.exec(draft.slice(0, caret))?.[1];
  if (typed === undefined) return [];
  return names.filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()) && name !== typed);
}
