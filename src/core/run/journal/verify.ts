/** Whether a run is whole: its chain, its blobs, its order. */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError, type Hasher, type RunStore } from '../../ports.ts';
import { decodeJournal } from './codec.ts';
import { fill } from './reader.ts';

export interface Verification {
  readonly lines: number;
  readonly blobs: number;
  /** What is wrong, in words; none: the run is whole. */
  readonly problems: readonly string[];
}

type VerifyStore = Pick<RunStore, 'read' | 'readBlob'>;

/** Reads everything of a run and checks it. Errors: `run.missing`. */
export async function verifyRun(store: VerifyStore, hasher: Hasher, runId: string): Promise<Verification> {
  const text = await store.read(runId);
  try {
    const { lines, torn } = decodeJournal(text, hasher);
    const blobs = await blobProblems(store, hasher, { runId, lines });
    const tail =
      torn === '' ? [] : [`The last line is cut off after ${torn.length} characters; resuming drops it.`];
    return {
      lines: lines.length,
      blobs: blobs.count,
      problems: [...tail, ...orderProblems(lines), ...blobs.problems],
    };
  } catch (error) {
    if (!(error instanceof PortError)) throw error;
    return { lines: text.split('\n').length - 1, blobs: 0, problems: [error.message] };
  }
}

function orderProblems(lines: readonly JournalLine[]): readonly string[] {
  const problems: string[] = [];
  const open = new Set<string>();
  const finished = new Set<string>();
  for (const line of lines) {
    const key = line.key ?? '';
    if (line.type === 'step.started') {
      if (finished.has(key)) problems.push(`Line ${line.seq}: the finished step ${key} is started again.`);
      open.add(key);
    }
    if (line.type === 'step.finished' || line.type === 'step.failed') {
      if (!open.delete(key)) problems.push(`Line ${line.seq}: the step ${key} ends without having begun.`);
      if (line.type === 'step.finished') finished.add(key);
    }
  }
  if (lines[0]?.type !== 'run.started') problems.push('The first line is not the start of a run.');
  return problems;
}

async function blobProblems(
  store: VerifyStore,
  hasher: Hasher,
  { runId, lines }: { runId: string; lines: readonly JournalLine[] },
): Promise<{ count: number; problems: readonly string[] }> {
  for (const line of lines) {
    // A blob that is missing or altered is told below.
    if (line.blob !== undefined)
      await fill(line, (name) => store.readBlob(runId, name)).catch(() => undefined);
  }
  const names = blobsIn(lines);
  const problems: string[] = [];
  for (const name of names) {
    const problem = await store
      .readBlob(runId, name)
      .then((text) => (hasher.sha256(text) === name ? undefined : 'was altered'), blobTrouble);
    if (problem !== undefined) problems.push(`The blob ${name} ${problem}.`);
  }
  return { count: names.length, problems };
}

function blobTrouble(error: unknown): string {
  const code = error instanceof PortError ? error.code : '';
  if (code === 'blob.missing') return 'is missing';
  if (code === 'blob.damaged') return 'was altered';
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** Names of the blobs that the lines refer to. */
export function blobsIn(lines: readonly JournalLine[]): readonly string[] {
  const own = lines.flatMap((line) => (line.blob === undefined ? [] : [line.blob]));
  const images = lines.flatMap((line) =>
    line.type === 'run.started' ? (line.data.images ?? []).map(({ blob }) => blob) : [],
  );
  return [...new Set([...own, ...images, ...outputBlobsIn(lines)])];
}

/** Names of the blobs that hold outputs of steps. */
export function outputBlobsIn(lines: readonly JournalLine[]): readonly string[] {
  return [
    ...new Set(
      lines.flatMap((line) =>
        line.type === 'step.finished' && line.data.blob !== undefined ? [line.data.blob] : [],
      ),
    ),
  ];
}
