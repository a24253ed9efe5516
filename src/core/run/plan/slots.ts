/**
 * Who has a slot. A unit that waits for somebody gives slots back for the time of the wait and takes as many again before it goes on:
 * those that come back in the order they came, and before anything new. How much may be away is bounded (I10): what is more than that
 * counts as at work for whatever would begin, never for who comes back. All of it follows from the story's own order.
 */
import type { Unit } from './graph.ts';

/** Slots that were given back. */
export interface Left {
  /** So much is away that nothing new begins in its place. */
  readonly isCrowded: boolean;
  /** Takes the slots again: resolves once there are as many; undefined where they were there at once. To be called once. */
  back(): Promise<void> | undefined;
}

/** The slots of one unit that is worked on. */
export interface Seat {
  /** Where it began without them: how it takes them. */
  readonly begun: Left | undefined;
  /** Gives back so many, as far as it has them. */
  leave(count: number): Left;
}

export interface Slots {
  begin(unit: Unit, count: number, isAway: boolean): Seat;
  /** It is not worked on any more: its slots are free, and nobody of it comes back. */
  end(unit: Unit): void;
  /** Nothing new may begin. */
  isFull(): boolean;
  /** So many more may begin; what is wider than all there is, only when nothing else is at work. */
  takes(count: number): boolean;
  /** There are so many from here on. */
  resize(count: number): void;
}

interface Options {
  readonly size: number;
  /** Slots that may be given to others at a time. */
  readonly parked: number;
  /** Something new may begin. */
  readonly freed: () => void;
}

/** What a unit has and what it gave back, in slots. */
interface Holding {
  held: number;
  away: number;
}

interface Coming {
  readonly holding: Holding;
  readonly count: number;
  readonly go: () => void;
}

const NOTHING: Left = { isCrowded: false, back: () => undefined };

export function createSlots({ size, parked, freed }: Options): Slots {
  const holdings = new Map<Unit, Holding>();
  const all: Holding = { held: 0, away: 0 };
  let most = size;
  let coming: readonly Coming[] = [];

  const move = (holding: Holding, count: number): void => {
    for (const each of [holding, all]) [each.held, each.away] = [each.held + count, each.away - count];
  };
  const fits = (count: number): boolean => all.held === 0 || all.held + count <= most;
  const admit = (): void => {
    for (let [first] = coming; first && fits(first.count); [first] = coming) {
      coming = coming.slice(1);
      move(first.holding, first.count);
      first.go();
    }
  };
  const goBack = (holding: Holding, count: number): Promise<void> | undefined => {
    if (coming.length === 0 && fits(count)) {
      move(holding, count);
      return undefined;
    }
    return new Promise((go) => {
      coming = [...coming, { holding, count, go }];
    });
  };
  const leftBy = (unit: Unit, holding: Holding, count: number): Left => ({
    isCrowded: all.away > parked,
    back: () => (holdings.get(unit) === holding ? goBack(holding, count) : undefined),
  });

  /** What counts as at work for whatever would begin. */
  const load = (): number => all.held + Math.max(0, all.away - parked);
  const isFull = (): boolean => coming.length > 0 || load() >= most;

  return {
    begin(unit, count, isAway) {
      const holding: Holding = { held: 0, away: 0 };
      holdings.set(unit, holding);
      for (const each of [holding, all]) each[isAway ? 'away' : 'held'] += count;
      return {
        begun: isAway ? leftBy(unit, holding, count) : undefined,
        leave(wanted) {
          const given = Math.min(wanted, holding.held);
          if (given === 0 || holdings.get(unit) !== holding) return NOTHING;
          move(holding, -given);
          admit();
          freed();
          return leftBy(unit, holding, given);
        },
      };
    },
    end(unit) {
      const holding = holdings.get(unit);
      if (!holding) return;
      holdings.delete(unit);
      coming = coming.filter((each) => each.holding !== holding);
      all.held -= holding.held;
      all.away -= holding.away;
      admit();
    },
    isFull,
    takes: (count) => !isFull() && (load() === 0 || load() + count <= most),
    resize(count) {
      most = count;
      admit();
    },
  };
}
