/** What a gate found beside its tests, as the panel shows it. */
import type { GateReport } from '../../../src/protocol/events.ts';
import { t, told } from '../texts.ts';

type Checks = NonNullable<GateReport['checks']>;

/** One check in a line. */
export interface CheckRow {
  readonly name: string;
  readonly command: string;
  /** Where it ran, below the root. */
  readonly folder: string | undefined;
  readonly tone: 'good' | 'bad' | 'warn' | 'none';
  readonly said: string;
  /** What the base does not have. */
  readonly findings: Checks[number]['findings'];
}

export function checkRows({ checks = [] }: GateReport): readonly CheckRow[] {
  const names = { types: t('Types'), lint: t('Lint'), build: t('Build') };
  return checks.map(({ kind, command, folder, verdict, blocks, findings, still, mended }) => {
    const said = {
      clean: t('nothing new'),
      same: t('as before'),
      worse: blocks ? t('worse') : t('worse, told only'),
      unknown: t('not comparable'),
    }[verdict];
    const counts = [
      ...(mended > 0 ? [t('{0} mended', mended)] : []),
      ...(still > 0 ? [t('{0} as before', still)] : []),
    ];
    const tone = { clean: 'good', same: 'none', worse: blocks ? 'bad' : 'warn', unknown: 'none' } as const;
    const its = { name: names[kind], command, folder };
    return { ...its, tone: tone[verdict], said: [said, ...counts].join(', '), findings };
  });
}

/** One rule of the project that the change loosens. */
export interface LooserRow {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
  readonly tone: 'bad' | 'none';
}

/** What they are, with a title; none where no rule is looser. */
export function looserRows({
  loosened = [],
}: GateReport): { readonly title: string; readonly rows: readonly LooserRow[] } | undefined {
  if (loosened.length === 0) return undefined;
  const title = loosened.some(({ blocks }) => blocks)
    ? t('Rules of the project are looser, which the task did not ask for')
    : t('Rules of the project are looser, as the task asked');
  const rows = loosened.map(({ path, line, reason, blocks }) => {
    return { path, line, reason, tone: blocks ? ('bad' as const) : ('none' as const) };
  });
  return { title, rows };
}

/** One new test, without the change and with it. */
export interface ProofRow {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  /** It fails without the change and passes with it. */
  readonly proves: boolean;
}

export function proofRows({ proof }: GateReport): readonly ProofRow[] {
  const words = { failed: t('fails'), passed: t('passes'), skipped: t('skipped'), absent: t('no result') };
  return (proof?.tests ?? []).map(({ id, base, now }) => ({
    id,
    before: words[base],
    after: words[now],
    proves: base === 'failed' && now === 'passed',
  }));
}

/** Whether the tests load the changed code; undefined where nothing of that is known. */
export function loadRow({
  probe,
}: GateReport): { readonly text: string; readonly tone: 'good' | 'warn' | 'none' } | undefined {
  if (probe === undefined) return undefined;
  const { outcome, files, takenAt } = probe;
  const text = {
    loaded:
      takenAt === undefined
        ? t('Tests load the changed code: with {0} files of it broken on purpose they fail', files)
        : t('Tests load the code of the workspace, as an earlier run of the same set-up showed'),
    elsewhere: t('Tests do not load the changed code: they pass although {0} files of it cannot run', files),
    unclear: t('Whether tests load the changed code is not known: with broken code they came to no end'),
    off: t('Whether tests load the changed code was not looked at'),
  }[outcome];
  const tone = ({ loaded: 'good', elsewhere: 'warn', unclear: 'warn', off: 'none' } as const)[outcome];
  return { text, tone };
}

/** The share of changed lines that tests reach, or why it is not known; undefined where nothing is said of it. */
export function coverageText({ coverage }: GateReport): string | undefined {
  if (coverage === undefined) return undefined;
  const { covered, total, why } = coverage;
  if (why !== undefined) return t('Which changed lines the tests reach is not known: {0}', told(why));
  if (total === 0) return undefined;
  const percent = Math.floor((100 * covered) / total);
  return t('Tests reach {0} of {1} changed lines ({2} %)', covered, total, percent);
}

/** Changed lines that no test reaches: the first of each stretch, by file. */
export function missedPlaces({
  coverage,
}: GateReport): readonly { readonly path: string; readonly line: number }[] {
  return (coverage?.files ?? []).flatMap(({ path, missed }) =>
    missed.filter((line, index) => missed[index - 1] !== line - 1).map((line) => ({ path, line })),
  );
}
