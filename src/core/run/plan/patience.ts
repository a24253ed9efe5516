/** Keeps units from starving that need files of several others at once, which others take again and again. */
import { TEAM_LIMITS } from '../../limits.ts';
import type { Unit } from './graph.ts';
import { overlaps } from './scopes.ts';

export interface Patience {
  /** The unit is ready and was not started. Who waits for one other has its turn after it, so it is not counted. */
  look(unit: Unit, running: ReadonlyMap<string, Unit>): void;
  /** False while too few write files for anybody to wait for several of them: nobody need be looked at. */
  isContested(): boolean;
  started(unit: Unit): void;
  ended(unit: Unit): void;
  /** Another one waits for these files and has waited long enough. */
  isReserved(unit: Unit): boolean;
}

interface Options {
  readonly scopeOf: (unit: Unit) => readonly string[];
  readonly starved?: ((unit: Unit, times: number) => void) | undefined;
}

export function createPatience({ scopeOf, starved }: Options): Patience {
  const waiting = new Map<string, { readonly unit: Unit; times: number }>();
  const isStarved = (id: string): boolean => (waiting.get(id)?.times ?? 0) >= TEAM_LIMITS.passedOver;
  const writers = new Set<Unit>();
  return {
    isContested: () => writers.size > 1,
    look(unit, running) {
      if (waiting.has(unit.id) || running.size < 2) return;
      const scope = scopeOf(unit);
      if (scope.length === 0) return;
      const holders = [...running.values()].filter((other) => overlaps(scope, scopeOf(other)));
      if (holders.length > 1) waiting.set(unit.id, { unit, times: 0 });
    },
    ended(unit) {
      writers.delete(unit);
    },
    started(unit) {
      if (scopeOf(unit).length > 0) writers.add(unit);
      waiting.delete(unit.id);
      for (const each of waiting.values()) {
        if (!overlaps(scopeOf(each.unit), scopeOf(unit))) continue;
        each.times += 1;
        if (each.times === TEAM_LIMITS.passedOver) starved?.(each.unit, each.times);
      }
    },
    isReserved: (unit) =>
      !isStarved(unit.id) &&
      [...waiting.values()].some(
        (each) =>
          each.unit.id !== unit.id && isStarved(each.unit.id) && overlaps(scopeOf(each.unit), scopeOf(unit)),
      ),
  };
}
