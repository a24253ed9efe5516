/**
 * Who is at work, who waits for whose answer, and how far the tasks are. A fold of the story's own order: turns, hand-overs, messages;
 * so a replay has it as the run had. Every wait for a teammate has an owner, a way to end and a limit (I9).
 */
import type { TaskStateName } from '../../protocol/events.ts';
import type { TaskSpec } from '../../protocol/plan.ts';
import { TEAM_LIMITS } from '../limits.ts';

/** An agent that works on a round. */
export interface AtWork {
  readonly agent: string;
  readonly role: string;
  readonly task: string | undefined;
  /** Which of several that work on the same task. */
  readonly candidate?: number | undefined;
}

/**
 * How a wait for an answer ended. `ended`: whoever was asked handed over first. `silent`: it took too many turns. `held`: it waits for
 * the person itself.
 */
export type Answered =
  | { readonly kind: 'answered'; readonly text: string; readonly tainted: string | undefined }
  | { readonly kind: 'ended' | 'silent' | 'held' };

/** A question that waits for the answer of an agent at work. */
export interface Expectation {
  /** Key of the request. */
  readonly request: string;
  readonly asker: string;
  readonly of: string;
}

interface Open extends Expectation {
  turns: number;
  readonly settle: (answer: Answered) => void;
}

/** What an agent waits for besides a teammate's answer. */
export interface Hold {
  readonly on: typeof PERSON | typeof SLOT;
  readonly why: string;
}

/** Names of what is waited for, as the wait-for graph has them. */
export const PERSON = 'person';
export const SLOT = 'slot';

export interface Crew {
  /** The tasks there are, with how far each is. */
  readonly tasks: Map<string, { readonly spec: TaskSpec; readonly state: TaskStateName }>;
  /** What whoever worked on a task last did, for whoever tries it next. */
  readonly accounts: Map<string, string>;
  move(task: string, state: TaskStateName): void;
  begin(member: AtWork): void;
  /** Who works on a round now. */
  readonly atWork: readonly AtWork[];
  /** What agents wait for besides answers, by agent. */
  readonly holds: ReadonlyMap<string, Hold>;
  /** Whose calls to models are under way: the endpoint that is asked first, by agent. */
  readonly calls: Map<string, string>;
  /** Whether agents have read a file, by agent. */
  readonly known: Map<string, (path: string) => boolean>;
  /** Agents that were made to answer whoever waits for them, by asker. */
  readonly deputies: Map<string, readonly string[]>;
  /** The agent waits for that; undefined: no more. */
  hold(agent: string, hold: Hold | undefined): void;
  /** Ends the waits for answers of that agent, which waits for the person itself, and of whoever waits for it. */
  excuse(agent: string): void;
  /** Agents whose ids begin so are gone, without having handed over: whoever asked them is told, and they ask no more. */
  dismiss(prefix: string): void;
  /** An agent at work ended a turn. */
  turned(agent: string): void;
  /** It handed over or failed. */
  rest(agent: string): void;
  /** Whoever of that role or task is at work, besides `not`; of the same task first. */
  find(address: string, not: AtWork): AtWork | undefined;
  expect(expectation: Expectation): Promise<Answered>;
  /** Questions that wait, oldest first. */
  readonly open: readonly Expectation[];
  /** Ends the wait for that request. */
  answer(request: string, answer: Answered): void;
}

export function createCrew(): Crew {
  const atWork = new Map<string, AtWork>();
  let open: readonly Open[] = [];
  const settle = (which: (each: Open) => boolean, answer: Answered): void => {
    const ending = open.filter(which);
    open = open.filter((each) => !which(each));
    for (const each of ending) each.settle(answer);
  };
  const tasks: Crew['tasks'] = new Map();
  const holds = new Map<string, Hold>();
  const calls: Crew['calls'] = new Map();
  const deputies: Crew['deputies'] = new Map();
  const known: Crew['known'] = new Map();
  return {
    tasks,
    holds,
    calls,
    deputies,
    known,
    get atWork() {
      return [...atWork.values()];
    },
    hold(agent, hold) {
      if (hold) holds.set(agent, hold);
      else holds.delete(agent);
    },
    excuse(agent) {
      const behind = [...deputies].filter(([, made]) => made.includes(agent)).map(([asker]) => asker);
      settle(({ of }) => of === agent || behind.includes(of), { kind: 'held' });
    },
    dismiss(prefix) {
      open = open.filter(({ asker }) => !asker.startsWith(prefix));
      for (const each of [atWork, holds, calls, deputies, known])
        for (const agent of each.keys()) if (agent.startsWith(prefix)) each.delete(agent);
      settle(({ of }) => of.startsWith(prefix), { kind: 'ended' });
    },
    accounts: new Map(),
    move(id, state) {
      const task = tasks.get(id);
      if (task) tasks.set(id, { ...task, state });
    },
    begin: (member) => void atWork.set(member.agent, member),
    turned(agent) {
      for (const each of open) if (each.of === agent) each.turns += 1;
      settle(({ of, turns }) => of === agent && turns > TEAM_LIMITS.answerTurns, { kind: 'silent' });
    },
    rest(agent) {
      atWork.delete(agent);
      settle(({ of }) => of === agent, { kind: 'ended' });
    },
    find(address, not) {
      const found = [...atWork.values()].filter(
        ({ agent, role, task }) =>
          agent !== not.agent && (agent === address || role === address || task === address),
      );
      // A role elsewhere works on something else: only whoever is named by task or id is disturbed there.
      return found.find(({ task }) => task === not.task) ?? found.find(({ role }) => role !== address);
    },
    expect: (expectation) =>
      new Promise((resolve) => {
        open = [...open, { ...expectation, turns: 0, settle: resolve }];
      }),
    get open() {
      return open;
    },
    answer: (request, answer) => {
      settle((each) => each.request === request, answer);
    },
  };
}
