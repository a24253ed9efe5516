/** What stands at lines of a change set: remarks of reviewers, findings of QA, and the person's own; and what a person made of each. */
import { readTree } from '../../core/run/handover/read-tree.ts';
import type { ReviewRemark } from '../../protocol/answers.ts';
import type { ReviewComment } from '../../protocol/handover.ts';
import type { RunView } from '../../protocol/view.ts';

/** `fix`: goes to the coder with the next round. `resolved`: settled. */
export interface RemarkProgress {
  readonly state: 'open' | 'fix' | 'resolved';
  readonly replies: readonly string[];
  /** For a remark of the person: where it stands, and that it is theirs. */
  readonly own?: { readonly path: string; readonly line: number; readonly tree?: string };
}

export interface Remark {
  /** Tells it from others, in every round. */
  readonly key: string;
  readonly from: 'reviewer' | 'qa' | 'person';
  readonly path: string;
  /** Of the text in `tree`, from 1; 0 is the whole file. */
  readonly line: number;
  /** The tree that was read; absent where the record does not tell. */
  readonly tree?: string | undefined;
  readonly severity?: ReviewComment['severity'];
  /** Absent for a remark of the person, whose words are its replies. */
  readonly body?: string;
  /** The run words it; absent where a model, a program or a person does. */
  readonly isRecorded?: true;
  /** Title of the task it belongs to. */
  readonly task?: string;
  readonly progress: RemarkProgress;
}

const OPEN: RemarkProgress = { state: 'open', replies: [] };

/** All remarks on the files of the run's change set. */
export function remarksOf(view: RunView, known: Readonly<Record<string, RemarkProgress>>): readonly Remark[] {
  const paths = new Set(view.changes?.files.map(({ path }) => path));
  const found = [...reviewers(view), ...findings(view)].filter(({ path }) => paths.has(path));
  const unique = new Map(found.map((remark) => [remark.key, remark]));
  const own = Object.entries(known).flatMap(([key, progress]) =>
    progress.own && paths.has(progress.own.path)
      ? [{ key, from: 'person' as const, ...progress.own, progress }]
      : [],
  );
  const withProgress = [...unique.values()].map((remark) => ({
    ...remark,
    progress: Object.hasOwn(known, remark.key) ? (known[remark.key] ?? OPEN) : OPEN,
  }));
  return [...withProgress, ...own];
}

type Found = Omit<Remark, 'progress'>;

const keyOf = (from: string, { path, line, body }: ReviewComment | Omit<ReviewComment, 'severity'>) =>
  JSON.stringify([from, path, line, body]);

function reviewers(view: RunView): readonly Found[] {
  return view.tasks.flatMap(({ spec, review }) =>
    (review?.comments ?? []).map((comment) => ({
      ...comment,
      key: keyOf(spec.id, comment),
      from: 'reviewer' as const,
      task: spec.title,
      tree: readTree(view, spec.id),
    })),
  );
}

/** What QA says at lines: tests made weaker, rules made looser, and tests that fail. */
function findings(view: RunView): readonly Found[] {
  const { tasks, evidence } = view;
  const reports = [
    ...tasks.flatMap(({ spec, gate }) =>
      gate ? [{ task: spec.title, tree: readTree(view, spec.id), report: gate }] : [],
    ),
    ...(evidence.integrated ? [{ task: undefined, tree: undefined, report: evidence.integrated }] : []),
  ];
  return reports.flatMap(({ task, tree, report }) => {
    const demands = [...(report.weakened ?? []), ...(report.loosened ?? [])];
    const weakened = demands.map(({ path, line, reason, blocks }) => ({
      path,
      line,
      body: reason,
      isRecorded: true as const,
      severity: blocks ? ('blocking' as const) : ('suggestion' as const),
    }));
    const failing = [...report.newlyFailing, ...report.stillFailing].flatMap(({ id, file, line, message }) =>
      file === undefined
        ? []
        : [
            {
              path: file,
              line: line ?? 0,
              body: [id, message].filter(Boolean).join('\n'),
              severity: 'blocking' as const,
            },
          ],
    );
    return [...weakened, ...failing].map((note) => ({
      ...note,
      key: keyOf('qa', note),
      from: 'qa' as const,
      tree,
      ...(task !== undefined && { task }),
    }));
  });
}

/** What goes to the coder with the next round. */
export function remarksToFix(remarks: readonly Remark[]): readonly ReviewRemark[] {
  return remarks.flatMap(({ path, line, body, progress }) => {
    if (progress.state !== 'fix') return [];
    const words = [body, ...progress.replies].filter((text) => text !== undefined);
    return [{ path, ...(line > 0 && { line }), body: words.join('\n').slice(0, 4000) }];
  });
}
