/** The patterns of reasons: why something asks, waits, or is chosen, as the record joins them. */
import { TOLD_PERMISSIONS } from './told-permissions.ts';

/** Named so that it is collected with what there is to translate. */
const t = (pattern: string): string => pattern;

export const TOLD_WHYS: readonly string[] = [
  ...TOLD_PERMISSIONS,
  // Of what something is told.
  t('role {0}'),
  t('tool {0}'),
  t('endpoint {0}'),
  // How many work at once.
  t('1 processor'),
  t('{0} processors'),
  t('{0} requests a minute'),
  t('budget for no more tasks'),
  t('budget for 1 more task'),
  t('budget for {0} more tasks'),
  t('too many requests, it asks to be left alone'),
  // Which model is asked.
  t('it does not answer now'),
  t('it failed again and again and is left alone for {0} s'),
  t('it failed again and again and is left alone for {0} s: {1}'),
  t('it failed {0} times in a row and is left alone for {1} s'),
  t('it failed {0} times in a row and is left alone for {1} s: {2}'),
  t('it asked to be left alone for {0} s'),
  t('its last call failed'),
  t('its last call failed: {0}'),
  t('{0} is doubtful: {1}'),
  t('{0} is resting: {1}'),
  t('{0} is left alone: {1}'),
  t('{0} did not answer: {1}'),
  t('{0} has {1} at work, this one {2}'),
  t('1 agent'),
  t('{0} agents'),
  t('its equal {0} comes later: {1}'),
  t('of equals it has {0} under way, {1} {2} calls'),
  t('of equals it has {0} under way, {1} 1 call'),
  t('1 call'),
  t('{0} calls'),
  t('for {0}'),
  t('for {0} ({1})'),
  t('{0} not: {1}'),
  // What is required.
  t('it provides no {0}'),
  t('it lacks {0}'),
  t('it is not enabled'),
  t('its {0} is {1}, less than {2}'),
  t('its {0} is not known, less than {1}'),
  t('it is version {0}, and {1} is required'),
  t('it is version unknown, and {0} is required'),
  t('it reads like none of: name, name>=number, kind:name, name@version'),
  t('the role {0} does not ask it'),
  t('the role {0} does not have it'),
  t('the task is of the role {0}'),
  // What is waited for.
  t('as many work as may'),
  t('it asked and waits for the answer'),
  t('its call is under way there'),
  t('at most {0} requests a minute'),
  t('at most {0} tokens a minute'),
  t('Waits until other calls end: until then the rest of the budget is held for them.'),
];
