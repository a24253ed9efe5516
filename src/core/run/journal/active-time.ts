/**
 * How long a run, or a role in it, has been active: the time in which at least one of its steps was under way, over all its lives.
 * Waiting for people does not count, since nothing is under way then.
 */
import type { JournalLine } from '../../../protocol/events.ts';
import type { Clock, Steps } from '../../ports.ts';
import { withStep } from './with-step.ts';

const MINUTE_MS = 60_000;

export interface ActiveTime {
  /** The same steps, timed. */
  readonly steps: Steps;
  /** Active minutes so far, of the run or of one role. */
  minutes(role?: string): number;
}

/** `lines` are the run's so far. */
export function createActiveTime(
  steps: Steps,
  clock: Pick<Clock, 'now'>,
  lines: readonly JournalLine[],
): ActiveTime {
  const meters = new Map<string | undefined, Meter>();
  const meterOf = (role: string | undefined): Meter => {
    const meter = meters.get(role) ?? { total: activeMs(lines, role), underWay: 0, since: 0 };
    meters.set(role, meter);
    return meter;
  };
  const timed: Steps['step'] = (key, spec, effect) =>
    steps.step(key, spec, async (context) => {
      const role = spec.who?.role;
      const running = [meterOf(undefined), ...(role === undefined ? [] : [meterOf(role)])];
      for (const meter of running) begin(meter, clock.now());
      try {
        return await effect(context);
      } finally {
        for (const meter of running) end(meter, clock.now());
      }
    });
  return {
    steps: withStep(steps, timed),
    minutes: (role) => {
      const { total, underWay, since } = meterOf(role);
      return (total + (underWay > 0 ? Math.max(0, clock.now() - since) : 0)) / MINUTE_MS;
    },
  };
}

/** Milliseconds that are over, and since when at least one step is under way. */
interface Meter {
  total: number;
  underWay: number;
  since: number;
}

function begin(meter: Meter, now: number): void {
  if (meter.underWay === 0) meter.since = now;
  meter.underWay += 1;
}

function end(meter: Meter, now: number): void {
  meter.underWay -= 1;
  if (meter.underWay === 0) meter.total += Math.max(0, now - meter.since);
}

/** Milliseconds in which a step was under way, as the lines tell. A step that was cut off ends with the last line of its life. */
function activeMs(lines: readonly JournalLine[], role: string | undefined): number {
  const open = new Set<string>();
  let total = 0;
  let former = 0;
  for (const line of lines) {
    // The time between a crash and the next life was nobody's.
    if (line.type === 'run.resumed') open.clear();
    if (open.size > 0) total += Math.max(0, line.at - former);
    former = line.at;
    if (line.type === 'step.started' && (role === undefined || line.data.who?.role === role))
      open.add(line.key ?? '');
    if (line.type === 'step.finished' || line.type === 'step.failed') open.delete(line.key ?? '');
    if (line.type === 'run.paused') open.clear();
  }
  return total;
}
