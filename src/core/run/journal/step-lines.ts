/** The data of a step's lines. */
import type { EventData } from '../../../protocol/events.ts';
import { PortError, StepFailed, type Hasher, type OwnedRun, type StepSpec } from '../../ports.ts';
import type { Recorded } from './past.ts';

/** Who waits for the end of a step or for the answer to a signal. */
export interface Waiter {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Lets a waiter hear an end as it was recorded. */
export async function settleAsRecorded(
  end: Recorded,
  waiter: Waiter,
  readBlob: (sha256: string) => Promise<string>,
): Promise<void> {
  if (end.kind === 'failed') waiter.reject(new StepFailed(end.key, end.data));
  else if (end.kind === 'received') waiter.resolve(end.data.value);
  else if (end.data.blob === undefined) waiter.resolve(end.data.output);
  else waiter.resolve(JSON.parse(await readBlob(end.data.blob)));
}

/** What `step.started` says. */
export function startOf<T>(spec: StepSpec<T>, digest: string, times: number): EventData<'step.started'> {
  return {
    kind: spec.kind,
    title: spec.title,
    digest,
    ...(spec.who && { who: spec.who }),
    ...(spec.note !== undefined && { input: spec.note }),
    ...(spec.reserved && { reserved: spec.reserved }),
    ...(times > 0 && { again: times }),
  };
}

/** What `step.failed` says of whatever an effect threw. */
export function failureOf(error: unknown): EventData<'step.failed'> {
  if (error instanceof PortError) {
    return {
      code: error.code,
      message: error.message,
      retryable: error.retryable,
      ...(error.advice !== undefined && { advice: error.advice }),
    };
  }
  return {
    code: 'internal',
    message: error instanceof Error ? error.message : String(error),
    retryable: false,
  };
}

/** The program and its record disagree. */
export function divergence(message: string): PortError {
  return new PortError('journal.diverged', message, {
    advice:
      'This version of Quartet does not run as the one that wrote the journal. Its finished work stays readable.',
  });
}

/** Outputs whose JSON is longer than this, in characters, go to a blob. */
const BLOB_CHARS = 16 * 1024;

interface EndPorts {
  readonly run: Pick<OwnedRun, 'writeBlob'>;
  readonly hasher: Hasher;
}

/** Data of the line that a finished step ends with. `text` is the JSON of its output. */
export async function endOf<T>(
  { run, hasher }: EndPorts,
  spec: StepSpec<T>,
  { output, text }: { readonly output: T; readonly text: string },
): Promise<EventData<'step.finished'>> {
  const extra = {
    ...(spec.spent && { spent: spec.spent(output) }),
    ...(spec.brief && { brief: spec.brief(output) }),
    ...(spec.facts && { facts: spec.facts(output) }),
  };
  if (text.length <= BLOB_CHARS) return { output: output ?? null, ...extra };
  const blob = hasher.sha256(text);
  await run.writeBlob(blob, text);
  return { blob, ...extra };
}
