/** How far a person is with reviewing change sets. Kept in workspace state, so that it survives a reload. */
import { UNDECIDED, type FileProgress } from './decisions.ts';
import type { RemarkProgress } from './remarks.ts';

/** One round of a run's review. */
export interface Round {
  readonly run: string;
  readonly revision: number;
  /** Where it is about a conflict: the question. */
  readonly signal?: string | undefined;
}

interface Stored {
  readonly revision: number;
  readonly files: Readonly<Record<string, FileProgress>>;
  /** By key of the remark. They outlive a round. */
  readonly remarks?: Readonly<Record<string, RemarkProgress>>;
}

/** The part of `vscode.Memento` that is needed. */
export interface State {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

export interface ReviewProgress {
  file(round: Round, path: string): FileProgress;
  change(round: Round, path: string, change: Partial<FileProgress>): Promise<void>;
  /** What becomes of remarks, by their keys. */
  remarks(run: string): Readonly<Record<string, RemarkProgress>>;
  changeRemark(round: Round, key: string, progress: RemarkProgress | undefined): Promise<void>;
  /** The next round begins with these; a round that nothing was carried into begins from nothing. */
  carry(round: Round, files: Readonly<Record<string, FileProgress>>): Promise<void>;
  clear(run: string, signal?: string): Promise<void>;
}

const key = (run: string, signal?: string) =>
  `quartet.review.${run}${signal === undefined ? '' : `#${signal}`}`;

export function createReviewProgress(state: State): ReviewProgress {
  const stored = ({ run, revision, signal }: Round): Stored => {
    const found = state.get<Stored>(key(run, signal));
    return found?.revision === revision ? found : { ...found, revision, files: {} };
  };
  // Own keys only: a path may be called "constructor".
  const file = (round: Round, path: string) => {
    const { files } = stored(round);
    return Object.hasOwn(files, path) ? (files[path] ?? UNDECIDED) : UNDECIDED;
  };
  return {
    file,
    async change(round, path, change) {
      const { files, ...rest } = stored(round);
      const others = Object.entries(files).filter(([other]) => other !== path);
      const next = { ...file(round, path), ...change };
      await state.update(key(round.run, round.signal), {
        ...rest,
        files: Object.fromEntries([...others, [path, next]]),
      });
    },
    remarks: (run) => state.get<Stored>(key(run))?.remarks ?? {},
    async changeRemark(round, name, progress) {
      const now = stored(round);
      const others = Object.entries(now.remarks ?? {}).filter(([other]) => other !== name);
      const remarks = Object.fromEntries([...others, ...(progress ? [[name, progress] as const] : [])]);
      await state.update(key(round.run), { ...now, remarks });
    },
    async carry(round, files) {
      await state.update(key(round.run), { ...stored(round), revision: round.revision + 1, files });
    },
    clear: async (run, signal) => state.update(key(run, signal), undefined),
  };
}
