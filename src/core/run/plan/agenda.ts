/**
 * The units that are left, by rank, as data: an end is looked up among those that wait for it, so that what it costs does not grow with
 * the plan. What is ready, and in which order units are passed over, is as if all were looked at, in order of rank, after each end.
 */
import type { Unit } from './graph.ts';

export interface Agenda {
  /** The unit has ended: those that waited for it may be ready, or never will. */
  ended(id: string): void;
  /**
   * Offers what is ready, by rank, until told to stop. `taken`: it is worked on now; `left`: it is offered again next time.
   */
  offer(to: (unit: Unit) => 'taken' | 'left' | 'stop'): void;
}

export interface Keeping {
  /** Ended or worked on. */
  readonly isGone: (unit: Unit) => boolean;
  /** Id of the unit that a task belongs to. */
  readonly unitOf: (task: string) => string | undefined;
  readonly hasEnded: (unit: string) => boolean;
  /** Ends a unit that cannot run any more; true where it did. */
  readonly passOver: (unit: Unit) => boolean;
}

/** `ranked`: first come, first offered. What cannot run from the start is passed over at once. */
export function createAgenda(ranked: readonly Unit[], keeping: Keeping): Agenda {
  const { after, open } = linksOf(ranked, keeping);
  const places = new Map(ranked.map(({ id }, place) => [id, place]));
  const ready: number[] = [...open.keys()].filter((place) => open[place] === 0);
  /** What stands in `ready` before it was taken. */
  let head = 0;

  /** The unit there has ended: the places of those that waited for it. */
  const release = (place: number): readonly number[] => {
    const next = after[place] ?? [];
    for (const each of next) {
      open[each] = (open[each] ?? 0) - 1;
      if (open[each] === 0) insert(ready, each, head);
    }
    return next;
  };

  /** Looks at units in order of rank; whom a unit that is passed over holds up is looked at in its turn, or in a further round. */
  const sweep = (first: readonly number[]): void => {
    for (let round = [...first].sort(ascending); round.length > 0;) {
      const later = new Set<number>();
      const inRound = new Set(round);
      const queue = (next: number, at: number): void => {
        if (next < (round[at] ?? 0)) later.add(next);
        else if (!inRound.has(next)) insert(round, next, at + 1);
        inRound.add(next);
      };
      for (let at = 0; at < round.length; at++) {
        const place = round[at] ?? 0;
        const unit = ranked[place];
        if (!unit || keeping.isGone(unit) || !keeping.passOver(unit)) continue;
        for (const next of release(place)) queue(next, at);
      }
      round = [...later].sort(ascending);
    }
  };

  sweep([...ranked.keys()]);
  return {
    ended(id) {
      const place = places.get(id);
      if (place !== undefined) sweep(release(place));
    },
    offer(to) {
      const left: number[] = [];
      let at = head;
      for (; at < ready.length; at++) {
        const place = ready[at] ?? 0;
        const unit = ranked[place];
        if (!unit || keeping.isGone(unit)) continue;
        const answer = to(unit);
        if (answer === 'stop') break;
        if (answer === 'left') left.push(place);
      }
      for (const place of left.reverse()) ready[--at] = place;
      head = at;
      if (head < KEPT_MAX || 2 * head < ready.length) return;
      ready.splice(0, head);
      head = 0;
    },
  };
}

/** So many that were taken are kept at least, so that whoever takes one moves none. */
const KEPT_MAX = 256;

interface Links {
  /** By place: the places of those that wait for the unit there. */
  readonly after: readonly number[][];
  /** By place: how many that the unit there waits for have not ended. */
  readonly open: number[];
}

function linksOf(ranked: readonly Unit[], { unitOf, hasEnded }: Keeping): Links {
  const places = new Map(ranked.map(({ id }, place) => [id, place]));
  const after = ranked.map((): number[] => []);
  const open = ranked.map((unit, place) => {
    const before = new Set(waitsOf(unit).map((task) => unitOf(task) ?? task));
    before.delete(unit.id);
    const waits = [...before].filter((id) => !places.has(id) || !hasEnded(id));
    for (const id of waits) after[places.get(id) ?? -1]?.push(place);
    return waits.length;
  });
  return { after, open };
}

const waitsOf = ({ dependsOn, tasks }: Unit): readonly string[] => [
  ...dependsOn,
  ...tasks.flatMap(({ depends_on, when }) => (when ? [...depends_on, when.task] : depends_on)),
];

const ascending = (one: number, other: number): number => one - other;

/** Puts a number where it belongs in an ascending list, at `from` at the earliest. */
function insert(sorted: number[], value: number, from: number): void {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, value);
}
