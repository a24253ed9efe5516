/** Somebody who answers what a run asks, from a list. */
import type { Disposable } from '../../src/core/ports.ts';
import type { Engine, RunViews } from '../../src/core/run/contract.ts';

export interface Answering {
  readonly engine: Engine;
  readonly views: RunViews;
  readonly run: string;
  /** Answers to questions by name, given when they open. */
  readonly answers: Readonly<Record<string, unknown>>;
  /** Called before an answer is given. */
  readonly before?: (signal: string) => void;
}

/** Answers each question once, until disposed. */
export function answerAll({ engine, views, run, answers, before }: Answering): Disposable {
  const answered = new Set<string>();
  return views.follow(run, (view) => {
    for (const { signal } of view.needs) {
      const answer = answers[signal];
      if (answer === undefined || answered.has(signal)) continue;
      answered.add(signal);
      before?.(signal);
      // Somebody else may have answered, or the run may be over.
      engine.answer(run, signal, answer, 'person').catch(() => undefined);
    }
  });
}
