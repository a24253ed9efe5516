/**
 * Steps of one piece of work that can be given up: what is in flight is ended, its questions are taken back, and whatever the work asks
 * for afterwards is refused, so that its code unwinds. A step that was given up ends in the record as failed, or finished if it was
 * faster; both are heard by nobody, now and on every replay.
 */
import { PortError, type Steps } from '../../ports.ts';

/** The work was given up. Nobody but whoever gave it up catches this. */
export class GivenUp extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'GivenUp';
  }
}

export interface Cancellable {
  readonly steps: Steps;
  readonly isOver: () => boolean;
  /** What others do for it, which goes on without it: rejects once it is given up. */
  readonly unlessOver: <T>(work: Promise<T>) => Promise<T>;
  /** Resolves when nothing of the work is in flight any more. */
  cancel(why: string): Promise<void>;
}

/** Hears what others come to until the work is given up. A race with one promise for all of them would hold each result until then. */
function createEnd() {
  const waiting = new Set<(reason: GivenUp) => void>();
  let over: GivenUp | undefined;
  return {
    unlessOver: <T>(work: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        const forget = (): void => void waiting.delete(reject);
        waiting.add(reject);
        work.then(resolve, reject).then(forget, forget);
        if (over) reject(over);
      }),
    unwind: (reason: GivenUp): void => {
      over = reason;
      for (const reject of waiting) reject(reason);
    },
  };
}

export function createCancellable(steps: Steps): Cancellable {
  const abort = new AbortController();
  const inFlight = new Set<Promise<unknown>>();
  const asked = new Set<string>();
  const agents = new Set<string>();
  let over: GivenUp | undefined;
  const { unlessOver, unwind } = createEnd();

  const followed = <T>(work: Promise<T>): Promise<T> => {
    inFlight.add(work);
    const forget = (): void => void inFlight.delete(work);
    work.then(forget, forget);
    return unlessOver(work);
  };
  const own: Steps = {
    step(key, spec, effect) {
      if (over) return Promise.reject(over);
      return followed(
        steps.step(key, spec, async (context) => {
          if (over) throw new PortError('run.givenUp', over.message);
          return effect({ ...context, signal: AbortSignal.any([context.signal, abort.signal]) });
        }),
      );
    },
    async signal(name, ask) {
      if (over) throw over;
      asked.add(name);
      const answer = await unlessOver(steps.signal(name, ask));
      asked.delete(name);
      return answer;
    },
    standing: (name) => (over ? Promise.reject(over) : unlessOver(steps.standing(name))),
    withdraw(name, reason) {
      if (!over) steps.withdraw(name, reason);
    },
    record(event) {
      if (over) return;
      if (event.type === 'agent.created') agents.add(event.data.agent);
      steps.record(event);
    },
    pause: (reason, message, retry) =>
      over ? Promise.reject(over) : unlessOver(steps.pause(reason, message, retry)),
  };
  return {
    steps: own,
    isOver: () => over !== undefined,
    unlessOver,
    async cancel(why) {
      if (over) return;
      over = new GivenUp(why);
      for (const name of asked) steps.withdraw(name, why);
      for (const agent of agents)
        steps.record({
          type: 'agent.changed',
          key: `${agent}/given-up`,
          data: { agent, state: 'idle', note: why },
        });
      const last = [...inFlight];
      abort.abort(new PortError('run.givenUp', why));
      unwind(over);
      await Promise.allSettled(last);
    },
  };
}
