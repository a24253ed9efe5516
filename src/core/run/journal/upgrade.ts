/**
 * Going on with a run that another version of the story wrote: step by step is no longer possible, so plan, approvals, spend, the
 * integration tree and finished tasks come from the fold of its lines, and the other tasks start new attempts.
 */
import type { EventData, JournalLine } from '../../../protocol/events.ts';
import type { Steps } from '../../ports.ts';
import { pastOf, type Past } from './past.ts';

/** What a run's former lives left. */
export type Inherited = EventData<'run.upgraded'>;

/** The lines of the run's present life, and what it inherited; undefined in its first. */
export function presentLife(lines: readonly JournalLine[]): {
  readonly lines: readonly JournalLine[];
  readonly inherited: Inherited | undefined;
} {
  const start = lines.findLastIndex((line) => line.type === 'run.upgraded');
  const line = lines[start];
  if (line?.type !== 'run.upgraded') return { lines, inherited: undefined };
  return { lines: lines.slice(start + 1), inherited: line.data };
}

/** What the next life inherits; undefined where not even the base was taken, so that it begins anew. */
export function inheritFrom(
  lines: readonly JournalLine[],
  engine: string,
  why: string,
): Inherited | undefined {
  const base = lines.findLast((line) => line.type === 'base.taken');
  const former = presentLife(lines).inherited;
  if (base?.type !== 'base.taken') return former && { ...former, life: former.life + 1, engine, why };
  const integrated = integrationIn(lines, former?.tree ?? startIn(lines) ?? base.data.tree);
  const decided = lines.findLast((line) => line.type === 'plan.decided');
  const hands = handsIn(lines, base.data.tree);
  const approved = decided?.type === 'plan.decided' && decided.data.approved ? decided.data : undefined;
  return {
    life: (former?.life ?? 1) + 1,
    engine,
    why,
    base: base.data.tree,
    tree: integrated.tree,
    done: integrated.done,
    attempts: attemptsIn(lines),
    ...(hands.length > 0 && { hands }),
    ...(base.data.enforced && { enforced: base.data.enforced }),
    ...(approved && { plan: approved.plan }),
    ...(approved?.tainted !== undefined && { tainted: approved.tainted }),
    ...((integrated.verdict ?? former?.verdict) && { verdict: integrated.verdict ?? former?.verdict }),
  };
}

/** The tree that a run which follows another went on from; undefined where it follows none. */
function startIn(lines: readonly JournalLine[]): string | undefined {
  const end = lines.find((line) => line.type === 'step.finished' && line.key === 'start');
  const output = end?.type === 'step.finished' ? end.data.output : undefined;
  const isTree = typeof output === 'object' && output !== null && 'tree' in output;
  return isTree && typeof output.tree === 'string' ? output.tree : undefined;
}

/** The last tree whose gate on the integrated tree was not red, and the tasks that are done. */
function integrationIn(lines: readonly JournalLine[], first: string) {
  let tree = first;
  let merged = first;
  let verdict: EventData<'gate.finished'>['report'] | undefined;
  const done = new Set<string>();
  for (const line of lines) {
    if (line.type === 'merge.finished' && line.data.conflicts.length === 0) merged = line.data.tree;
    if (
      line.type === 'gate.finished' &&
      line.data.scope === 'integrated' &&
      line.data.report.verdict !== 'red'
    ) {
      tree = merged;
      verdict = line.data.report;
    }
    if (line.type === 'task.changed' && line.data.state === 'done') done.add(line.data.task);
  }
  return { tree, done: [...done], verdict };
}

function attemptsIn(lines: readonly JournalLine[]): Record<string, number> {
  const attempts: Record<string, number> = {};
  for (const line of lines)
    if (line.type === 'task.changed')
      attempts[line.data.task] = Math.max(attempts[line.data.task] ?? 0, line.data.attempt);
  return attempts;
}

/** Tasks that a person was asked to do and that have not ended since: what lies in their folders is theirs. */
function handsIn(lines: readonly JournalLine[], base: string): NonNullable<Inherited['hands']> {
  const hands = new Map<string, NonNullable<Inherited['hands']>[number]>();
  for (const line of lines) {
    if (line.type === 'signal.opened' && line.data.kind === 'hand') {
      const { task, attempt } = line.data.who ?? {};
      if (task === undefined || attempt === undefined) continue;
      const { id = `${task}-${String(attempt)}`, from = base } = line.data.copy ?? {};
      hands.set(task, { task, attempt, copy: id, from });
    }
    const isOver = line.type === 'task.changed' && ['done', 'failed'].includes(line.data.state);
    if (isOver || line.type === 'hand.kept') hands.delete(line.data.task);
  }
  return [...hands.values()];
}

/** The past of the present life. */
export const pastOfLife = (lines: readonly JournalLine[]): Past => pastOf(presentLife(lines).lines);

const LIFE = 'life/';

/** A key without the life that it belongs to. */
export function keyInStory(key: string): string {
  return key.startsWith(LIFE) ? key.slice(key.indexOf('/', LIFE.length) + 1) : key;
}

/** The same steps under keys of their own life. */
export function inLife(steps: Steps, life: number | undefined): Steps {
  if (life === undefined) return steps;
  const own = (key: string): string => `${LIFE}${life}/${key}`;
  return {
    step: (key, spec, effect) => steps.step(own(key), spec, effect),
    signal: (name, ask) => steps.signal(own(name), ask),
    standing: (name) => steps.standing(own(name)),
    withdraw: (name, reason) => {
      steps.withdraw(own(name), reason);
    },
    record: (event) => {
      steps.record({ ...event, key: own(event.key) });
    },
    pause: (reason, message, retry) => steps.pause(reason, message, retry.map(own)),
  };
}

/** The version of the story that wrote the last lines. */
export function lastEngine(lines: readonly JournalLine[]): string {
  const engines = lines.flatMap((line) =>
    line.type === 'run.started' || line.type === 'run.upgraded' ? [line.data.engine] : [],
  );
  return engines.at(-1) ?? '';
}
