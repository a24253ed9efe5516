import type { VNode } from 'preact';
import type { RunView } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { unreadableText } from '../state/names.ts';
import { t } from '../texts.ts';
import { useRun } from './use-run.ts';

/** What is wrong with the record of the run, and what can still be done with it. */
export function RecordNotes(): VNode | null {
  const unreadable = useRun((run) => run.unreadable);
  const later = useRun((run) => run.later);
  const strange = useRun((run) => run.strange);
  if (unreadable) return <Unreadable {...unreadable} />;
  if (!later && !strange) return null;
  return (
    <div class="note-box" data-tone="calm" role="note" data-testid="later">
      <Icon name="info" />
      <div class="note-box-body">
        {later && (
          <p>
            {t('A later version of Quartet worked on this run. Going on here begins unfinished tasks anew.')}
          </p>
        )}
        {strange && (
          <p>
            {strange.count === 1
              ? t(
                  'Line {0} of the record is of a kind that this version does not know; it is not shown.',
                  strange.first,
                )
              : t(
                  '{0} lines of the record, from line {1} on, are of kinds that this version does not know; they are not shown.',
                  strange.count,
                  strange.first,
                )}
          </p>
        )}
      </div>
    </div>
  );
}

function Unreadable(unreadable: NonNullable<RunView['unreadable']>): VNode {
  const { post } = usePanel();
  const run = useRun(({ id }) => id);
  return (
    <div class="note-box" data-tone="bad" role="alert" data-testid="unreadable">
      <Icon name="warning" />
      <div class="note-box-body">
        <p title={unreadable.message}>{unreadableText(unreadable)}</p>
        <div class="buttons">
          {unreadable.why === 'damaged' && unreadable.line > 1 && (
            <Button kind="link" testid="export-run" onClick={() => post({ type: 'run.export', run })}>
              {t('Export…')}
            </Button>
          )}
          <Button kind="link" testid="delete-run" onClick={() => post({ type: 'run.delete', run })}>
            {t('Delete…')}
          </Button>
        </div>
      </div>
    </div>
  );
}
