/**
 * What is tried with an agent that goes round in circles, from mild to harsh: it is told, told to go another way, answered by another
 * model, the planner looks at the plan, and the person is asked; only then its attempt ends. Each step is recorded.
 */
import { QuestionAnswer } from '../../protocol/answers.ts';
import type { EventData } from '../../protocol/events.ts';
import { TEAM_LIMITS } from '../limits.ts';
import { plainText } from '../policy/terminal-text.ts';
import { accountOf } from './digest.ts';
import { loopIn, type Loop } from './guards.ts';
import type { Life } from './life.ts';
import { anotherEndpoint } from './think.ts';

/** What comes of it: something to tell the agent, or the end of its round. */
export type Guarded = { readonly say: string } | { readonly stop: string } | undefined;

type Rung = Extract<
  EventData<'guard.fired'>['rung'],
  'told' | 'changed' | 'model' | 'replan' | 'asked' | 'stopped'
>;

const LADDER: readonly Rung[] = ['told', 'changed', 'model', 'replan', 'asked', 'stopped'];

/** Looks at an agent after a turn with that key. */
export async function guard(life: Life, key: string): Promise<Guarded> {
  const { watch } = life;
  const loop = loopIn(watch);
  if (!loop) return undefined;
  const now = watch.turns.length;
  // Whoever got on for long since is told anew.
  if (now - watch.firedAt > TEAM_LIMITS.forgivenTurns) watch.rungs = 0;
  [watch.from, watch.firedAt] = [now, now];
  return climb(life, `${key}/loop`, loop);
}

async function climb(life: Life, key: string, loop: Loop): Promise<Guarded> {
  const rung = nextRung(life);
  fired(life, key, { loop, rung });
  switch (rung) {
    case 'told':
      return { say: `You ${loop.why}. That will not change. Do something else, or hand over what you have.` };
    case 'model':
    case 'changed':
      return { say: anotherWay(life, loop) };
    case 'replan':
      if (await life.spec.replans?.ask(key, evidenceOf(life, loop)))
        return {
          say: 'The planner changed the plan because of this. Your own task stands; do it in another way.',
        };
      return climb(life, `${key}/next`, loop);
    case 'asked':
      return ask(life, key, loop);
    case 'stopped':
      return { stop: `It goes round in circles, whatever it is told: it ${loop.why}.` };
  }
}

/** The next step that can be taken here. */
function nextRung(life: Life): Rung {
  for (;;) {
    const rung = LADDER[life.watch.rungs] ?? 'stopped';
    life.watch.rungs += 1;
    if (rung === 'model' && !anotherEndpoint(life)) continue;
    if (rung === 'replan' && life.spec.replans?.isLeft() !== true) continue;
    if (rung === 'asked' && !life.use.stance.interactive) continue;
    return rung;
  }
}

function fired(
  { spec, use }: Life,
  key: string,
  { loop, rung }: { readonly loop: Loop; readonly rung: Rung },
): void {
  const { agent, role, task } = spec.who;
  use.steps.record({
    type: 'guard.fired',
    key,
    data: { ...loop, rung, agent, role, ...(task !== undefined && { task }) },
  });
}

/** For whoever plans anew. */
function evidenceOf({ spec, said }: Life, { why }: Loop): string {
  const did = accountOf(said, TEAM_LIMITS.accountChars);
  return `The ${spec.role.name} goes round in circles, whatever it is told: it ${why}.\nWhat it did:\n${did}`;
}

/** Turns that are told again in short. */
const TRIED_MAX = 6;

function anotherWay({ watch }: Life, { why }: Loop): string {
  const tried = [...new Set(watch.turns.slice(-2 * TRIED_MAX).map(({ called }) => called))].slice(-TRIED_MAX);
  return `You still go round in circles: you ${why}. Stop that. Tried already, without success:\n${tried.map((each) => `- ${each}`).join('\n')}\nSay in one sentence why it fails, then go a way that is not in this list: read the code that is involved, take a smaller step, or ask a teammate. If there is none, hand over what you have and say what is open.`;
}

const STOP = 'Stop this attempt';

async function ask({ spec, use }: Life, key: string, { why }: Loop): Promise<Guarded> {
  const value = await use.steps.signal(`question/${key}`, {
    kind: 'question',
    title: plainText(
      `${spec.role.name} goes round in circles: it ${why.replace(/\.$/u, '')}. How shall it go on?`,
    ),
    detail:
      'Say what it should do, or let it go on, or stop this attempt; another agent then tries the task anew.',
    options: ['Go on', STOP],
    who: spec.who,
  });
  const { text } = QuestionAnswer.parse(value);
  return text === STOP
    ? { stop: `The person stopped it, as it goes round in circles: it ${why}.` }
    : { say: `The person says: ${text}` };
}
