/** A fork is a copy of a journal's beginning under a new name, with something changed: what came before is not paid again. */
import type { SignalFile } from '../../../protocol/answers.ts';
import type { JournalLine, RunEvent } from '../../../protocol/events.ts';
import type { PlanSpec } from '../../../protocol/plan.ts';
import { isBelow } from '../../../protocol/plan-tree.ts';
import type { RunSettings } from '../../../protocol/settings.ts';
import { PortError } from '../../ports.ts';
import type { RoleRegistry } from '../../team/registry.ts';
import { chained } from './bundle.ts';
import type { EnginePorts, ForkRequest } from '../contract.ts';
import { checkDraft } from '../plan/draft-check.ts';
import { assertOwnRecord } from './imported.ts';
import { rolesNow } from '../agents/own-roles.ts';
import { handsMoved } from './hands-moved.ts';
import { pastOf } from '../journal/past.ts';
import { readWhatCanBe, storedJournal } from '../journal/reader.ts';
import { keyInStory } from '../journal/upgrade.ts';
import { blobsIn } from '../journal/verify.ts';

/** Makes the fork and returns its id; resume it to let it work. A damaged run is forked before the damage. Errors: `fork.point`, `fork.plan`, `run.imported`, those of the store. */
export async function forkRun(ports: EnginePorts, runId: string, request: ForkRequest): Promise<string> {
  const source = storedJournal(ports.store, runId);
  const lines = await readWhatCanBe(source, ports.hasher);
  assertOwnRecord(lines);
  const point = pointOf(lines, request);
  if (typeof request.plan === 'object')
    assertHolds(request.plan, settingsIn(lines), await rolesNow(ports.roles, request.plan.new_roles));
  const id = ports.ids.next('run');
  const kept = lines.filter((line) => line.seq <= point.seq && line.type !== 'run.finished');
  const beginning = {
    id,
    forked: { run: runId, seq: kept.length },
    settings: { ...request.settings, ...point.settings },
  };
  const move = handsMoved(kept, (copy) => ports.copies.rootOf(`${id}-${copy}`));
  const chain = chained(kept, ports.hasher, (line) => move(begun(line, beginning)));
  const blobs = new Map<string, string>();
  for (const name of blobsIn(kept)) blobs.set(name, await source.readBlob(name));
  for (const { blob } of chain) if (blob) blobs.set(blob.name, blob.text);
  await ports.copies.retain(id, treesIn(kept, blobs));
  const owned = await ports.store.create(id, chain.map(({ text }) => text).join(''), blobs);
  await owned.close();
  for (const signal of signalsFor(request, point)) await ports.store.putSignal(id, signal);
  return id;
}

/** What the fork finds in its inbox. */
function signalsFor({ plan, instruction }: ForkRequest, { question }: Point): readonly SignalFile[] {
  const from = 'person';
  const signals: SignalFile[] = [];
  if (typeof plan === 'object' && question !== undefined)
    signals.push({ name: question, value: { decision: 'approve', plan }, from });
  if (instruction !== undefined)
    signals.push({ name: 'steer', value: { text: instruction, to: 'team' }, from });
  return signals;
}

/** The last line that is kept, the question about the plan that is open then, and settings that differ. */
interface Point {
  readonly seq: number;
  readonly question?: string | undefined;
  readonly settings?: Partial<RunSettings>;
}

function pointOf(lines: readonly JournalLine[], { plan, task, at }: ForkRequest): Point {
  if (plan !== undefined) return planPoint(lines, plan);
  if (task !== undefined) {
    const first = lines.find(
      (line) =>
        line.type === 'task.changed' &&
        (line.data.task === task || isBelow(line.data.task, task)) &&
        line.data.state === 'working',
    );
    if (!first) throw noPoint(`the task "${task}" was never worked on`);
    return { seq: first.seq - 1 };
  }
  const seq = at ?? lastPoint(lines);
  if (seq < 1 || seq > lines.length) throw noPoint(`it has lines 1 to ${lines.length}`);
  return { seq };
}

/** Before the plan was decided, by whomever. A record of that has the name of the question that a person answered. */
function planPoint(lines: readonly JournalLine[], plan: PlanSpec | 'ask'): Point {
  const settings = settingsIn(lines);
  const decided = lines.findLast(
    (line) => line.type === 'plan.decided' && !IN_MID_RUN.test(keyInStory(line.key ?? '')),
  );
  if (decided === undefined) return stillAsked(lines);
  if (keyInStory(decided.key ?? '') === 'quick') throw noPoint('a quick edit has no plan that was proposed');
  const answered = lines.find((line) => line.type === 'signal.received' && line.key === decided.key);
  if (answered !== undefined) return { seq: answered.seq - 1, question: answered.key };
  const { approvals, interactive } = settings;
  // Who was not to be asked at all is asked about the plan alone.
  const others = interactive ? approvals : { commands: false, changes: false };
  const asking = { approvals: { ...others, plan: true }, interactive: true };
  return { seq: decided.seq - 1, settings: plan === 'ask' ? asking : { plan } };
}

/** Keys of plans that took another's place while it was carried out: going back there would not ask about a plan again. */
const IN_MID_RUN = /^plan\/(?:change|task|taken)\//u;

/** A plan that waits is changed by answering; the fork waits as well. */
function stillAsked(lines: readonly JournalLine[]): Point {
  const asked = lines.findLast((line) => line.type === 'signal.opened' && line.data.kind === 'plan');
  const isOpen = !lines.some((line) => line.type === 'signal.received' && line.key === asked?.key);
  if (asked === undefined || !isOpen) throw noPoint('it has no plan that was proposed to a person');
  return { seq: lines.length, question: asked.key };
}

function settingsIn([first]: readonly JournalLine[]): RunSettings {
  if (first?.type !== 'run.started') throw noPoint('it does not begin with the start of a run');
  return first.data.settings;
}

/** Errors: `fork.plan`. */
function assertHolds(plan: PlanSpec, settings: RunSettings, roles: RoleRegistry): void {
  const { problems } = checkDraft(plan, { settings, roles });
  if (problems.length === 0) return;
  throw new PortError('fork.plan', `The plan does not hold: ${problems.join(' ')}`, {
    advice: 'Correct it and fork again.',
  });
}

/** The end; where a run failed without a plan, the same record would fail again, so it goes back to before the planner. */
function lastPoint(lines: readonly JournalLine[]): number {
  const isOver = lines.some((line) => line.type === 'run.finished');
  const isPlanned = lines.some((line) => line.type === 'plan.decided');
  const planning = lines.find(
    (line) => line.type === 'step.started' && line.key?.startsWith('plan/') === true,
  );
  return isOver && !isPlanned && planning ? planning.seq - 1 : lines.length;
}

function noPoint(why: string): PortError {
  return new PortError('fork.point', `The run cannot be forked there: ${why}.`);
}

interface Beginning {
  readonly id: string;
  readonly forked: { readonly run: string; readonly seq: number };
  readonly settings: Partial<RunSettings>;
}

/** The first line tells where the fork comes from; pauses of the old run are not the fork's. */
function begun(line: JournalLine, { id, forked, settings }: Beginning): RunEvent {
  if (line.type !== 'run.started') return line;
  return {
    ...line,
    data: { ...line.data, run: id, settings: { ...line.data.settings, ...settings }, forked },
  };
}

/** Trees that the kept steps left: the fork needs them as long as it lives. */
function treesIn(lines: readonly JournalLine[], blobs: ReadonlyMap<string, string>): readonly string[] {
  const trees = new Set<string>();
  for (const end of pastOf(lines).ends) {
    if (end.kind !== 'finished') continue;
    const { blob, output } = end.data;
    const value: unknown = blob === undefined ? output : JSON.parse(blobs.get(blob) ?? 'null');
    for (const tree of treeOf(value)) trees.add(tree);
  }
  return [...trees];
}

function treeOf(output: unknown): readonly string[] {
  if (typeof output === 'string' && /^[0-9a-f]{40,64}$/.test(output)) return [output];
  const tree = typeof output === 'object' && output !== null && 'tree' in output ? output.tree : undefined;
  return typeof tree === 'string' ? [tree] : [];
}
