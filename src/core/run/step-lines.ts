/** The data of a step's lines. */
import type { EventData } from '../../protocol/events.ts';
import { PortError, type StepSpec } from '../ports.ts';

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
