/** Questions that a run has open, and the answers on their way to them. An answer is durable before the story hears it (I3). */
import type { SignalFile } from '../../../protocol/answers.ts';
import type { RunEvent } from '../../../protocol/events.ts';

export interface Questions {
  /** A question is asked. An answer that came before is taken. */
  ask(name: string): void;
  /** What a person may say at any time, by the name `CHANGE`, is taken under this one from now on. What came before is taken. */
  stand(name: string): void;
  /** Nobody waits for the answer any more. */
  withdraw(name: string): void;
  /** An answer comes in. One that came too soon is kept until its question is asked or the story has come to rest. */
  deliver(signal: SignalFile, taken: () => Promise<void>): void;
  /**
   * Journals as unknown what nobody asked for. Changes are heard one after the other, and the one before may wait for the person: they are
   * refused only with `all`, once the story ends.
   */
  refuseEarly(which: 'answers' | 'all'): void;
  /** Names of questions that have no answer yet. */
  open(): readonly string[];
  /** True while something that was received is on its way to the story. */
  isHearing(): boolean;
}

/** Name of the signal by which a person changes a run. */
export const CHANGE = 'change';

interface QuestionsOptions {
  readonly write: (event: RunEvent) => Promise<void>;
  readonly answered: (name: string, value: unknown) => void;
  readonly failed: (error: unknown) => void;
}

interface Early {
  readonly signal: SignalFile;
  readonly taken: () => Promise<void>;
}

export function createQuestions({ write, answered, failed }: QuestionsOptions): Questions {
  const asked = new Set<string>();
  const onTheWay = new Set<string>();
  let early: Early[] = [];
  let standing: string | undefined;

  const receive = ({ signal, taken }: Early): void => {
    asked.delete(signal.name);
    onTheWay.add(signal.name);
    write({ type: 'signal.received', key: signal.name, data: { value: signal.value, from: signal.from } })
      .then(() => {
        // At once: the story hears of ends in the order of their lines.
        onTheWay.delete(signal.name);
        answered(signal.name, signal.value);
        return taken();
      })
      .catch(failed);
  };

  /** What came too soon, in the order in which it came. */
  const takeEarly = (called: string): Early | undefined => {
    const answer = early.find((each) => each.signal.name === called);
    early = early.filter((each) => each !== answer);
    return answer;
  };
  const change = ({ signal, taken }: Early, name: string): void => {
    standing = undefined;
    receive({ signal: { ...signal, name }, taken });
  };

  return {
    ask(name) {
      asked.add(name);
      const answer = takeEarly(name);
      if (answer) receive(answer);
    },
    stand(name) {
      standing = name;
      const said = takeEarly(CHANGE);
      if (said) change(said, name);
    },
    withdraw(name) {
      asked.delete(name);
    },
    deliver(signal, taken) {
      if (asked.has(signal.name)) receive({ signal, taken });
      else if (signal.name === CHANGE && standing !== undefined) change({ signal, taken }, standing);
      else early.push({ signal, taken });
    },
    refuseEarly(which) {
      const isLeft = ({ signal }: Early): boolean => which === 'answers' && signal.name === CHANGE;
      const refused = early.filter((each) => !isLeft(each));
      early = early.filter(isLeft);
      for (const { signal, taken } of refused) {
        const data = { ...signal, reason: 'No question of this name is open.' };
        write({ type: 'signal.unknown', data }).then(taken).catch(failed);
      }
    },
    open: () => [...asked],
    isHearing: () => onTheWay.size > 0,
  };
}
