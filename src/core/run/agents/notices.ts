/**
 * What the host tells agents of what happens beside them: a task that theirs builds on is done, a merge came out red, the plan changed.
 * It goes over the bus as whatever teammates say, so that it is read between turns and stands in the record.
 */
import type { GateReport } from '../../../protocol/events.ts';
import { planChange, planChangeText } from '../../../protocol/plan-change.ts';
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { isBelow } from '../../../protocol/plan-tree.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { kindOf, type Message } from '../../team/message.ts';
import { taintOf } from '../../tools/outward.ts';
import type { Attempt, Author } from '../attempt.ts';
import type { Run } from '../run.ts';

interface Told {
  readonly attempt: Attempt;
  /** Of what it tells; part of its keys. */
  readonly key: string;
  readonly author: Author;
}

/** Tasks that build on the unit are told what it came to, whoever works on them and whenever. */
export function tellDone({ attempt, key, author }: Told, said: string): void {
  const { work, unit } = attempt;
  const done = new Set(unit.tasks.map(({ id }) => id));
  const next = work.current.plan.tasks.filter(
    ({ id, depends_on, when }) =>
      !done.has(id) && (depends_on.some((on) => done.has(on)) || (when !== undefined && done.has(when.task))),
  );
  for (const { id } of next)
    tell(work.run, `notice/${key}/${id}`, {
      ...about(attempt, author, 'task done'),
      to: id,
      text: `${[...done].join(', ')} is done and merged: ${inShort(said)}`,
    });
}

/** Characters of what an author or a gate said that others are told. */
const SAID_CHARS = 600;

const inShort = (said: string): string => plainText(said).slice(0, SAID_CHARS);

/** Whoever works beside a unit hears that it was not taken, so as not to look for that failure in its own work. */
export function tellRed({ attempt, key, author }: Told, { reasons }: GateReport): void {
  const { work, unit } = attempt;
  const own = new Set(unit.tasks.map(({ id }) => id));
  const why = reasons[0] === undefined ? '' : `: ${inShort(reasons[0])}`;
  for (const { agent } of beside(work.run, own))
    tell(work.run, `notice/${key}/${agent}`, {
      ...about(attempt, author, 'gate red'),
      to: agent,
      text: `With the change of ${[...own].join(', ')} merged the gate is red${why}. It was not taken; its author mends it.`,
    });
}

/** Characters of what was said of a file that others who know it are told. */
const FILE_CHARS = 400;

/**
 * What teammates say of a file, to somebody or as a fact, is told to whoever else at work has read that file: a subscription by content,
 * by the header that the host stamps. Runs that began before there was one go without.
 */
export function followFiles(run: Run): void {
  const { bus, crew } = run.team;
  if (run.settings.tellsFiles !== true) return;
  bus.observe(isOfFile, (message) => {
    const files = (message.headers?.['file'] ?? '').split(', ');
    const reached = new Set(bus.reached(message).map(({ agent }) => agent));
    for (const { agent, task } of crew.atWork) {
      const file = files.find((path) => crew.known.get(agent)?.(path) === true);
      const isOwn = agent === message.by || (task !== undefined && task === message.task);
      if (file === undefined || isOwn || reached.has(agent)) continue;
      const { from, text, tainted } = message;
      tell(run, `notice/file/${message.id}/${agent}`, {
        to: agent,
        text: `${from} says of ${file}, which you have read: ${plainText(text).slice(0, FILE_CHARS)}`,
        headers: { event: 'said of a file', file },
        ...(message.task !== undefined && { task: message.task }),
        ...(tainted !== undefined && { tainted }),
      });
    }
  });
}

const isOfFile = (message: Message): boolean =>
  message.headers?.['file'] !== undefined && message.from !== 'host' && kindOf(message) === 'notification';

interface NewPlan {
  readonly former: PlanSpec;
  readonly next: PlanSpec;
  /** What whoever made it has read of strangers. */
  readonly tainted?: string | undefined;
}

/**
 * Whoever works on while the plan is changed hears what is different; where what its own task is part of differs, how that reads now, and
 * when it is done.
 */
export function tellPlan(run: Run, key: string, { former, next, tainted }: NewPlan): void {
  const change = planChangeText(planChange(former, next));
  if (change === '') return;
  for (const { agent, task = '' } of beside(run, new Set())) {
    const whole = wholeNow(task, { former, next });
    tell(run, `notice/${key}/${agent}`, {
      to: agent,
      text: [`The person changed the plan while you work (${change}). Your own task stands.`, ...whole].join(
        '\n\n',
      ),
      headers: { event: 'plan changed' },
      ...(whole.length > 0 && tainted !== undefined && { tainted }),
    });
  }
}

/** Characters of the description of a whole that those who work on its parts are told anew. */
const WHOLE_CHARS = 2000;

/** How the tasks that one is part of read now, outermost first, where they read otherwise before. */
function wholeNow(task: string, { former, next }: NewPlan): readonly string[] {
  const textOf = ({ title, description, acceptance }: TaskSpec): string =>
    [
      `${title}\n${plainText(description).slice(0, WHOLE_CHARS)}`,
      ...(acceptance.length > 0 ? [`Done means:\n${acceptance.map((each) => `- ${each}`).join('\n')}`] : []),
    ].join('\n');
  return next.tasks
    .filter(({ id }) => isBelow(task, id))
    .filter((whole) => {
      const old = former.tasks.find(({ id }) => id === whole.id);
      return old !== undefined && textOf(old) !== textOf(whole);
    })
    .map(
      (whole) =>
        `What your task is part of, ${whole.id}, is another now. See that what you do fits it:\n${textOf(whole)}`,
    );
}

const beside = (run: Run, own: ReadonlySet<string>) =>
  run.team.bus
    .reached({ from: 'host', to: 'team' })
    .filter(({ task }) => task !== undefined && !own.has(task));

const about = ({ unit, number }: Attempt, { agent }: Author, event: string) => ({
  task: unit.id,
  headers: { event, attempt: String(number) },
  ...taintOf(agent.taint),
});

function tell({ steps, team }: Run, id: string, notice: Omit<Message, 'id' | 'from'>): void {
  const data = { from: 'host', ...notice };
  const taken = (): void => {
    steps.record({ type: 'message.posted', key: id, data });
  };
  const posting = team.bus.post({ ...data, id }, { taken });
  // Whoever has so much to read already goes without, and the record says so.
  if (!posting.taken && posting.limit !== undefined)
    steps.record({ type: 'limit.reached', key: id, data: { limit: 'messages', value: posting.limit } });
}
