/**
 * Whoever waits for the person or a teammate lets others have its slot, and takes one again before it goes on. Several agents may be at
 * work in one slot (reviewers who vote, whoever was made to answer one of them): it is free while all of them wait. Who waits for what is known to the crew, for the wait-for graph
 * (I9), and agents that ask somebody who waits for the person turn to somebody else.
 */
import type { Actor } from '../../../protocol/events.ts';
import { PERSON, SLOT, type Crew } from '../../team/crew.ts';
import type { Away, Waiting } from './away.ts';
import { withSignal } from '../journal/with-step.ts';
import type { Unit } from '../plan/graph.ts';
import type { Left, Seat } from '../plan/slots.ts';
import type { Run } from '../run.ts';

/** True for runs in which nobody who waits holds others up. */
export const givesWay = ({ settings }: Pick<Run, 'settings'>): boolean => (settings.limits.parked ?? 0) > 0;

/** The part of a unit that has a slot of its own: one candidate; `all` for what concerns the whole unit. */
interface Lane {
  readonly slots: number;
  /** Who waits, by question. */
  readonly waiting: Map<string, string>;
  /** Who waits for agents that were made to answer it, by question. */
  readonly deputed: Map<string, string>;
  left: Left | undefined;
  coming: Promise<void> | undefined;
}

/** The run as a unit sees it: questions and waits for teammates let others have its slots. */
export function parked(
  run: Run,
  unit: Unit,
  { seat, weight }: { readonly seat: Seat; readonly weight: number },
): Run {
  if (!givesWay(run)) return run;
  const { crew } = run.team;
  const all: Lane = { ...laneFor(weight), left: seat.begun };
  const lanes = new Map<number, Lane>();
  const tasks = new Set(unit.tasks.map(({ id }) => id));

  const mates = (candidate: number): readonly string[] =>
    crew.atWork.flatMap(({ agent, task = '', candidate: of = 0 }) =>
      tasks.has(task) && of === candidate ? [agent] : [],
    );
  const laneOf = ({ agent = '', candidate = 0 }: Actor): Lane => {
    if (!mates(candidate).includes(agent)) return all;
    const lane = lanes.get(candidate) ?? laneFor(1);
    lanes.set(candidate, lane);
    return lane;
  };
  const leave = (lane: Lane, { key, who }: Waiting): void => {
    const isIdle = lane === all || mates(who?.candidate ?? 0).every((agent) => isWaiting(lane, agent));
    if (!isIdle || lane.left) return;
    lane.left = seat.leave(lane.slots);
    if (!lane.left.isCrowded) return;
    const data = { limit: 'parked', value: run.settings.limits.parked ?? 0, ...(who && { who }) };
    run.steps.record({ type: 'limit.reached', key: `${key}/parked`, data });
  };
  const comeBack = async (lane: Lane, { key, who }: Waiting): Promise<void> => {
    const { left } = lane;
    lane.left = undefined;
    if (left) lane.coming = left.back();
    if (!lane.coming) return;
    const agent = lane === all ? undefined : who?.agent;
    if (agent !== undefined) {
      crew.hold(agent, { on: SLOT, why: NO_SLOT });
      const data = { agent, state: 'waiting', note: WAITS_FOR_SLOT } as const;
      run.steps.record({ type: 'agent.changed', key: `${key}/slot`, data });
    }
    await lane.coming;
    lane.coming = undefined;
    if (agent !== undefined) crew.hold(agent, undefined);
  };

  const away: Away = async (waiting, answer) => {
    const { who = { role: 'host' }, title, deputies } = waiting;
    const { agent = waiting.key } = who;
    const lane = laneOf(who);
    if (deputies) return depute(crew, { lane, key: waiting.key, agent, deputies }, answer);
    const answered = answer();
    lane.waiting.set(waiting.key, agent);
    if (title !== undefined) {
      crew.hold(agent, { on: PERSON, why: title });
      crew.excuse(agent);
    }
    leave(lane, waiting);
    const value = await answered;
    lane.waiting.delete(waiting.key);
    // Calls of one reply may ask beside each other: it goes on once the last is answered.
    if ([...lane.waiting.values()].includes(agent)) return value;
    crew.hold(agent, undefined);
    await comeBack(lane, waiting);
    return value;
  };
  const steps = withSignal(run.steps, (name, ask) =>
    away({ key: name, who: ask.who, title: ask.title }, () => run.steps.signal(name, ask)),
  );
  return { ...run, away, steps };
}

const isWaiting = ({ waiting, deputed }: Lane, agent: string): boolean =>
  [...waiting.values(), ...deputed.values()].includes(agent);

interface Deputing {
  readonly lane: Lane;
  readonly key: string;
  readonly agent: string;
  readonly deputies: readonly string[];
}

/** Waits for who was made to answer: the slot stays where it is, since somebody works in it. */
async function depute<T>(
  crew: Pick<Crew, 'deputies'>,
  { lane, key, agent, deputies }: Deputing,
  answer: () => Promise<T>,
): Promise<T> {
  lane.deputed.set(key, agent);
  crew.deputies.set(agent, deputies);
  const value = await answer();
  lane.deputed.delete(key);
  if (![...lane.deputed.values()].includes(agent)) crew.deputies.delete(agent);
  return value;
}

const laneFor = (slots: number): Lane => ({
  slots,
  waiting: new Map(),
  deputed: new Map(),
  left: undefined,
  coming: undefined,
});

/** Why an agent waits for a slot. */
export const NO_SLOT = 'as many work as may';
export const WAITS_FOR_SLOT = `Waits for a free slot: ${NO_SLOT}.`;
