import type { VNode } from 'preact';
import type { HandAnswer } from '../../../src/protocol/people.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** A task that the person does: open its working copy, give it back, or leave it to the team. */
export function HandNeed({ need }: { need: NeedView }): VNode {
  const { post } = usePanel();
  const { run, busy, draft, write, answer } = useNeed(need.signal);
  const decide = (decision: HandAnswer['decision']): void =>
    answer({ decision, ...(draft.trim() !== '' && { summary: draft.trim() }) } satisfies HandAnswer);
  return (
    <>
      <code>{need.ask.folder}</code>
      <div class="composer">
        <GrowText
          value={draft}
          label={t('What you changed')}
          placeholder={t('What did you change, and why? The reviewer reads it.')}
          testid="hand-summary"
          maxLength={4000}
          onInput={write}
        />
      </div>
      <p class="dim small">
        {t('The folder is yours alone. If you leave it to the team, what you did is kept with the run.')}
      </p>
      <div class="buttons">
        <Button testid="hand-give" kind="primary" disabled={busy} onClick={() => decide('give')}>
          {t('Give back')}
        </Button>
        <Button testid="hand-open" onClick={() => post({ type: 'hand.open', run, signal: need.signal })}>
          {t('Open working copy')}
        </Button>
        <Button testid="hand-drop" disabled={busy} onClick={() => decide('drop')}>
          {t('Leave it to the team')}
        </Button>
      </div>
    </>
  );
}
