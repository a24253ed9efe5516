import type { VNode } from 'preact';
import type { ChangedFile } from '../../../src/protocol/events.ts';
import type { ChangesView } from '../../../src/protocol/view.ts';
import { PathText } from '../parts/place.tsx';
import { Section } from '../parts/section.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { own } from '../state/own.ts';
import { t, told } from '../texts.ts';
import { useRun } from './use-run.ts';

const KINDS = {
  added: { letter: 'A', name: () => t('added') },
  modified: { letter: 'M', name: () => t('modified') },
  deleted: { letter: 'D', name: () => t('deleted') },
} as const;

/** The files that the run proposes to change, and what became of each. */
export function Changes(): VNode | null {
  const changes = useRun((run) => run.changes);
  if (!changes || changes.files.length === 0) return null;
  const sum = (count: (file: ChangedFile) => number): number =>
    changes.files.reduce((total, file) => total + count(file), 0);
  return (
    <Section
      testid="changes"
      title={changes.files.length === 1 ? t('1 changed file') : t('{0} changed files', changes.files.length)}
      aside={<Lines additions={sum((file) => file.additions)} deletions={sum((file) => file.deletions)} />}
    >
      <ul class="list-rows">
        {changes.files.map((file) => (
          <li key={file.path}>
            <FileRow file={file} changes={changes} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function FileRow({ file, changes }: { file: ChangedFile; changes: ChangesView }): VNode {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  const { letter, name } = KINDS[file.kind];
  return (
    <button
      type="button"
      class="list-row changed-file"
      data-testid="changed-file"
      data-path={file.path}
      data-kind={file.kind}
      title={t('{0}: show the difference', file.path)}
      onClick={() => post({ type: 'review.open', run, path: file.path })}
    >
      <span class="file-kind" aria-hidden="true">
        {letter}
      </span>
      <PathText path={file.path} />
      <span class="unseen">{name()}</span>
      {file.binary ? <span class="dim small">{t('binary')}</span> : <Lines {...file} />}
      <Fate path={file.path} changes={changes} />
    </button>
  );
}

const Lines = ({ additions, deletions }: { additions: number; deletions: number }): VNode => (
  <span class="lines" aria-label={t('{0} lines added, {1} removed', additions, deletions)}>
    {additions > 0 && <span class="lines-added">+{additions}</span>}
    {deletions > 0 && <span class="lines-removed">−{deletions}</span>}
  </span>
);

const APPLIED: Readonly<Record<string, () => string>> = {
  written: () => t('applied'),
  deleted: () => t('deleted'),
  merged: () => t('merged'),
  unchanged: () => t('unchanged'),
  conflict: () => t('conflict'),
};

/** What the person decided on a file, and how it was applied. */
function Fate({ path, changes }: { path: string; changes: ChangesView }): VNode | null {
  const applied = changes.applied?.find((file) => file.path === path);
  if (applied) {
    const tone = applied.how === 'conflict' ? 'bad' : 'good';
    return (
      <span class="fate" data-tone={tone} title={applied.note && told(applied.note)}>
        {own(APPLIED, applied.how)?.() ?? applied.how}
      </span>
    );
  }
  const left = changes.decided?.rejected.filter((file) => file.path === path) ?? [];
  const rejected = left.find(({ hunk }) => hunk === undefined);
  if (rejected) {
    return (
      <span class="fate" data-tone="bad" title={rejected.reason}>
        {t('rejected')}
      </span>
    );
  }
  if (!changes.decided?.accepted.includes(path)) return null;
  return (
    <span class="fate" data-tone="good">
      {left.length > 0 ? t('accepted in part') : t('accepted')}
    </span>
  );
}
