/**
 * Ends steps that fell silent. Commands, tests and servers have limits of their own; this is for whatever has none or does not keep to
 * it: a tool of another program, an editor that never answers. It lives in the process that does the work and is no part of the story:
 * what the story sees is a step that failed.
 */
import { SILENT } from '../../limits.ts';
import { PortError, type Clock, type StepContext, type Steps } from '../../ports.ts';
import { withStep } from '../journal/with-step.ts';

/** Signs of life of steps. */
export interface Silence {
  /** The same steps, each given up once it gave no sign of life for so long. */
  readonly steps: Steps;
  /** The step of that key said something. */
  beat(key: string): void;
}

/** `silentMs` is asked for at each step: its kind has limits that it may use up. */
export function watchSilence(
  steps: Steps,
  clock: Pick<Clock, 'now' | 'sleep'>,
  silentMs: (kind: string) => number,
): Silence {
  const beats = new Map<string, number>();
  const watched = async <T>(
    effect: (context: StepContext) => Promise<T>,
    context: StepContext,
    ms: number,
  ): Promise<T> => {
    const over = new AbortController();
    const given = new AbortController();
    const signal = AbortSignal.any([context.signal, given.signal]);
    beats.set(context.key, clock.now());
    const silence = untilSilent(clock, { last: () => beats.get(context.key) ?? 0, ms }, over.signal).then(
      () => {
        const error = silent(ms);
        given.abort(error);
        throw error;
      },
    );
    silence.catch(() => undefined);
    try {
      return await Promise.race([effect({ ...context, signal }), silence]);
    } finally {
      over.abort(new PortError('run.stopped', 'The step is over.'));
      beats.delete(context.key);
    }
  };
  return {
    steps: withStep(steps, (key, spec, effect) => {
      const ms = silentMs(spec.kind);
      return steps.step(key, spec, ms === Infinity ? effect : (context) => watched(effect, context, ms));
    }),
    beat: (key) => {
      if (beats.has(key)) beats.set(key, clock.now());
    },
  };
}

/** Resolves once nothing was heard for `ms`; rejects when aborted. */
async function untilSilent(
  clock: Pick<Clock, 'now' | 'sleep'>,
  { last, ms }: { readonly last: () => number; readonly ms: number },
  signal: AbortSignal,
): Promise<void> {
  for (let left = ms; left > 0; left = last() + ms - clock.now()) await clock.sleep(left, signal);
}

function silent(ms: number): PortError {
  return new PortError(
    SILENT,
    `It gave no sign of life for ${String(Math.round(ms / 1000))} s and was given up.`,
    {
      retryable: true,
    },
  );
}
