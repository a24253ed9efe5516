/** A fork is a copy of a journal's beginning under a new name, with something changed: what came before is not paid again. */
import type { JournalLine, RunEvent } from '../../protocol/events.ts';
import { PortError } from '../ports.ts';
import { chained } from './bundle.ts';
import type { EnginePorts, ForkRequest } from './contract.ts';
import { pastOf } from './past.ts';
import { readJournal, storedJournal } from './reader.ts';
import { blobsIn } from './verify.ts';

/** Makes the fork and returns its id; resume it to let it work. Errors: `fork.point`, those of the store. */
export async function forkRun(ports: EnginePorts, runId: string, request: ForkRequest): Promise<string> {
  const source = storedJournal(ports.store, runId);
  const { lines } = await readJournal(source, ports.hasher);
  const point = pointOf(lines, request);
  const id = ports.ids.next('run');
  const kept = lines.filter((line) => line.seq <= point.seq && line.type !== 'run.finished');
  const chain = chained(kept, ports.hasher, (line) => begun(line, { id, runId, seq: kept.length, request }));
  const blobs = new Map<string, string>();
  for (const name of blobsIn(kept)) blobs.set(name, await source.readBlob(name));
  for (const { blob } of chain) if (blob) blobs.set(blob.name, blob.text);
  await ports.copies.retain(id, treesIn(kept, blobs));
  const owned = await ports.store.create(id, chain.map(({ text }) => text).join(''), blobs);
  await owned.close();
  if (request.plan && point.signal !== undefined) {
    await ports.store.putSignal(id, {
      name: point.signal,
      value: { decision: 'approve', plan: request.plan },
      from: 'person',
    });
  }
  if (request.instruction !== undefined)
    await ports.store.putSignal(id, {
      name: 'steer',
      value: { text: request.instruction, to: 'team' },
      from: 'person',
    });
  return id;
}

/** The last line that is kept, and the question that is answered anew. */
function pointOf(lines: readonly JournalLine[], request: ForkRequest): { seq: number; signal?: string } {
  if (request.plan) {
    const answered = lines.findLast(
      (line) => line.type === 'signal.received' && line.key?.startsWith('plan/'),
    );
    if (answered?.key === undefined) throw noPoint('no plan of this run was approved by a person');
    return { seq: answered.seq - 1, signal: answered.key };
  }
  if (request.task !== undefined) {
    const first = lines.find(
      (line) =>
        line.type === 'task.changed' && line.data.task === request.task && line.data.state === 'working',
    );
    if (!first) throw noPoint(`the task "${request.task}" was never worked on`);
    return { seq: first.seq - 1 };
  }
  const seq = request.at ?? lastPoint(lines);
  if (seq < 1 || seq > lines.length) throw noPoint(`it has lines 1 to ${lines.length}`);
  return { seq };
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
  readonly runId: string;
  readonly seq: number;
  readonly request: ForkRequest;
}

/** The first line tells where the fork comes from; pauses of the old run are not the fork's. */
function begun(line: JournalLine, { id, runId, seq, request }: Beginning): RunEvent {
  if (line.type !== 'run.started') return line;
  const settings = { ...line.data.settings, ...request.settings };
  return { ...line, data: { ...line.data, run: id, settings, forked: { run: runId, seq } } };
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
