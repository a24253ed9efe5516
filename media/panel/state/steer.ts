/** Messages to a run at work. */

export interface Steering {
  readonly text: string;
  /** The role it is for; absent: the team. */
  readonly to?: string;
}

/** The message in `draft`: `@role` at its beginning names who it is for, if `roles` knows it. Undefined if empty. */
export function parseSteer(draft: string, roles: readonly string[]): Steering | undefined {
  const whole = draft.trim();
  const [, name = '', rest = ''] = /^@([\w-]+)(?:\s+([\s\S]*))?$/.exec(whole) ?? [];
  const to = roles.find((role) => role.toLowerCase() === name.toLowerCase());
  if (to !== undefined) return rest === '' ? undefined : { text: rest, to };
  return whole === '' ? undefined : { text: whole };
}

/** The roles that fit the `@…` being typed before the caret; empty if none is. */
export function completions(draft: string, caret: number, roles: readonly string[]): readonly string[] {
  const typed = /^\s*@([\w-]*)$/.exec(draft.slice(0, caret))?.[1];
  if (typed === undefined) return [];
  return roles.filter((role) => role.toLowerCase().startsWith(typed.toLowerCase()) && role !== typed);
}
