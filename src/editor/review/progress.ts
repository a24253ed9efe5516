/** How far a person is with reviewing change sets. Kept in workspace state, so that it survives a reload. */
import type { ReviewAnswer } from '../../protocol/answers.ts';
import type { ChangedFile } from '../../protocol/events.ts';

export type Decision = 'undecided' | 'accepted' | 'rejected';

/** What the person made of one file. `edited` is the text as changed by hand, absent where it is as proposed. */
export interface FileProgress {
  readonly decision: Decision;
  readonly reason?: string | undefined;
  readonly edited?: string | undefined;
}

/** One round of a run's review. A new revision of the change set starts from nothing. */
export interface Round {
  readonly run: string;
  readonly revision: number;
}

interface Stored {
  readonly revision: number;
  readonly files: Readonly<Record<string, FileProgress>>;
}

/** The part of `vscode.Memento` that is needed. */
export interface State {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

export interface ReviewProgress {
  file(round: Round, path: string): FileProgress;
  change(round: Round, path: string, change: Partial<FileProgress>): Promise<void>;
  clear(run: string): Promise<void>;
}

const UNDECIDED: FileProgress = { decision: 'undecided' };
const key = (run: string) => `quartet.review.${run}`;

export function createReviewProgress(state: State): ReviewProgress {
  const stored = ({ run, revision }: Round): Stored => {
    const found = state.get<Stored>(key(run));
    return found?.revision === revision ? found : { revision, files: {} };
  };
  // Own keys only: a path may be called "constructor".
  const file = (round: Round, path: string) => {
    const { files } = stored(round);
    return Object.hasOwn(files, path) ? (files[path] ?? UNDECIDED) : UNDECIDED;
  };
  return {
    file,
    async change(round, path, change) {
      const { revision, files } = stored(round);
      const others = Object.entries(files).filter(([other]) => other !== path);
      const next = { ...file(round, path), ...change };
      await state.update(key(round.run), { revision, files: Object.fromEntries([...others, [path, next]]) });
    },
    clear: async (run) => state.update(key(run), undefined),
  };
}

/** The answer to the question `review`. What is undecided counts as rejected, without a reason. */
export function reviewAnswer(
  decision: ReviewAnswer['decision'],
  files: readonly ChangedFile[],
  of: (path: string) => FileProgress,
): ReviewAnswer {
  const accepted = files.filter(({ path }) => of(path).decision === 'accepted').map(({ path }) => path);
  const rejected = files.filter(({ path }) => of(path).decision !== 'accepted');
  const edited = accepted.flatMap((path) => {
    const text = of(path).edited;
    return text === undefined ? [] : [[path, text] as const];
  });
  return {
    decision,
    accepted,
    rejected: rejected.map(({ path }) => {
      const { reason } = of(path);
      return reason === undefined ? { path } : { path, reason };
    }),
    edited: Object.fromEntries(edited),
  };
}
