/**
 * How long a run has been active: the time in which at least one step was under way, over all its lives. Waiting for people does not
 * count, since nothing is under way then.
 */
import type { JournalLine } from '../../protocol/events.ts';
import type { Clock, Steps } from '../ports.ts';

const MINUTE_MS = 60_000;

export interface ActiveTime {
  /** The same steps, timed. */
  readonly steps: Steps;
  /** Active minutes so far. */
  minutes(): number;
}

/** `lines` are the run's so far. */
export function createActiveTime(
  steps: Steps,
  clock: Pick<Clock, 'now'>,
  lines: readonly JournalLine[],
): ActiveTime {
  let total = activeMs(lines);
  let underWay = 0;
  let since = 0;
  const timed: Steps['step'] = (key, spec, effect) =>
    steps.step(key, spec, async (context) => {
      if (underWay === 0) since = clock.now();
      underWay += 1;
      try {
        return await effect(context);
      } finally {
        underWay -= 1;
        if (underWay === 0) total += Math.max(0, clock.now() - since);
      }
    });
  return {
    steps: {
      step: timed,
      signal: (name, ask) => steps.signal(name, ask),
      record: (event) => {
        steps.record(event);
      },
      pause: (reason, message, retry) => steps.pause(reason, message, retry),
    },
    minutes: () => (total + (underWay > 0 ? Math.max(0, clock.now() - since) : 0)) / MINUTE_MS,
  };
}

/** Milliseconds in which a step was under way, as the lines tell. A step that was cut off ends with the last line of its life. */
function activeMs(lines: readonly JournalLine[]): number {
  const open = new Set<string>();
  let total = 0;
  let former = 0;
  for (const line of lines) {
    // The time between a crash and the next life was nobody's.
    if (line.type === 'run.resumed') open.clear();
    if (open.size > 0) total += Math.max(0, line.at - former);
    former = line.at;
    if (line.type === 'step.started') open.add(line.key ?? '');
    if (line.type === 'step.finished' || line.type === 'step.failed') open.delete(line.key ?? '');
    if (line.type === 'run.paused') open.clear();
  }
  return total;
}
