import type { VNode } from 'preact';
import type { KeptView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { Section } from '../parts/section.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { visible } from '../state/visible.ts';
import { t, told } from '../texts.ts';
import { useRun, useTaskTitle } from './use-run.ts';

const NOTHING: readonly KeptView[] = [];

/** What the person did by hand and is no part of the result: why, and how it is got back. */
export function Kept(): VNode | null {
  const kept = useRun((view) => view.kept ?? NOTHING);
  if (kept.length === 0) return null;
  return (
    <Section title={t('What you did by hand')} testid="kept" open aside={kept.length}>
      <ul class="unread">
        {kept.map((each) => (
          <Work key={each.id} kept={each} />
        ))}
      </ul>
    </Section>
  );
}

function Work({ kept: { id, task, why } }: { kept: KeptView }): VNode {
  const { post } = usePanel();
  const run = useRun((view) => view.id);
  const title = useTaskTitle(task) ?? task;
  return (
    <li class="letter" data-testid="kept-work">
      <p>{visible(title)}</p>
      <p class="dim small">
        {t('It is no part of the result, and kept as long as the run is.')} {visible(told(why))}
      </p>
      <div class="buttons">
        <Button testid="kept-back" onClick={() => post({ type: 'kept.back', run, kept: id })}>
          {t('Get it back…')}
        </Button>
      </div>
    </li>
  );
}
