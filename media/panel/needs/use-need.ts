import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { answerName, withText } from '../state/drafts.ts';

export interface NeedHandle {
  readonly run: string;
  /** The answer is on its way. */
  readonly busy: boolean;
  /** What the person has begun to write to it. */
  readonly draft: string;
  write(text: string): void;
  /** Answers with a value that `protocol/answers` describes for the kind of the need. */
  answer(value: unknown): void;
}

/** What a card of the inbox works with. */
export function useNeed(signal: string): NeedHandle {
  const { sent, drafts, answer } = usePanel();
  const run = useRun(({ id }) => id);
  const name = answerName(run, signal);
  const write = (text: string): void => {
    drafts.value = { ...drafts.value, answers: withText(drafts.value.answers, name, text) };
  };
  return {
    run,
    busy: sent.value.has(signal),
    draft: drafts.value.answers[name] ?? '',
    write,
    answer: (value) => answer(signal, value),
  };
}
