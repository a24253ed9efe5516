/** What people are told of a guard that stepped in. */
import type { EventData } from '../../../protocol/events.ts';

type Fired = EventData<'guard.fired'>;

/** What was tried with whom. */
const RUNGS: Readonly<Record<Fired['rung'], (who: string) => string>> = {
  told: (who) => `${who} was told`,
  changed: (who) => `${who} was told to go another way`,
  model: (who) => `Another model goes on for ${who}`,
  replan: (who) => `The plan is looked at again for ${who}`,
  asked: (who) => `You are asked about ${who}`,
  answered: (who) => `${who} was told at once`,
  refused: (who) => `${who} was refused`,
  elsewhere: (who) => `Somebody else is asked for ${who}`,
  restarted: (who) => `${who} was begun again`,
  reserved: (who) => `Room is kept for ${who}`,
  stopped: (who) => `${who} was stopped`,
};

/** Guards that say what somebody did, without saying who. */
const OF_ONE: ReadonlySet<string> = new Set(['identical', 'alternating', 'failing', 'idle']);

/** One sentence: what the guard did, and what it saw. */
export function guardText({ guard, rung, why, role, task }: Fired): string {
  const who = role === undefined ? (task ?? 'the team') : task === undefined ? role : `${role} (${task})`;
  const saw = why.replace(/\.$/u, '');
  return `${RUNGS[rung](who)}: ${OF_ONE.has(guard) ? `it ${saw}` : saw}.`;
}
