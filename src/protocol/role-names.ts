/** What people call roles. */
import type { Words } from './words.ts';

const ROLE_NAMES = new Map<string, (t: Words) => string>([
  ['planner', (t) => t('Planner')],
  ['coder', (t) => t('Coder')],
  ['qa', (t) => t('QA')],
  ['reviewer', (t) => t('Reviewer')],
  ['researcher', (t) => t('Researcher')],
  ['documenter', (t) => t('Documenter')],
  ['synthesizer', (t) => t('Synthesizer')],
  ['person', (t) => t('You')],
  ['user', (t) => t('You')],
  ['team', (t) => t('Team')],
  ['host', () => 'Quartet'],
]);

/** The role behind a speaker's name, which may carry a task or number after it (`coder/slugify`, `coder#2`). */
export const roleOf = (name: string): string => /^[^/#:@]+/.exec(name)?.[0].toLowerCase() ?? name;

/** A role of the person's own keeps its name. */
export function roleNameIn(words: Words, name: string): string {
  const role = roleOf(name);
  return ROLE_NAMES.get(role)?.(words) ?? role.charAt(0).toUpperCase() + role.slice(1);
}
