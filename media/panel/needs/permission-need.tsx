import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PermissionAnswer } from '../../../src/protocol/answers.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { visible } from '../state/visible.ts';
import { t } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** May an agent do this? A denial can say why, which the agent reads. */
export function PermissionNeed({ need }: { need: NeedView }): VNode {
  const { busy, draft, write, answer } = useNeed(need.signal);
  const [why, setWhy] = useState(draft !== '');
  const decide = (allow: boolean, always = false): void => {
    const reason = draft.trim();
    answer({ allow, ...(always && { always }), ...(reason !== '' && { reason }) } satisfies PermissionAnswer);
  };
  const offered = need.ask.always ?? [];
  return (
    <>
      {why && (
        <div class="composer composer-line">
          <GrowText
            value={draft}
            label={t('Reason')}
            placeholder={t('What should it do instead?')}
            maxLength={2000}
            onInput={write}
          />
        </div>
      )}
      <ul class="plain-list dim small need-ways" data-testid="permission-ways">
        <li>{t('Allow: this one time.')}</li>
        {offered.length > 0 && (
          <li>
            {t(
              'Always allow this here: from now on in this workspace, without asking: {0}',
              visible(offered.join('; ')),
            )}
          </li>
        )}
        <li>{t('Deny: it is not done; the team goes on without it.')}</li>
      </ul>
      <div class="buttons">
        <Button kind="primary" testid="allow-button" disabled={busy} onClick={() => decide(true)}>
          {t('Allow')}
        </Button>
        {offered.length > 0 && (
          <Button testid="always-button" disabled={busy} onClick={() => decide(true, true)}>
            {t('Always allow this here')}
          </Button>
        )}
        <Button testid="deny-button" disabled={busy} onClick={() => decide(false)}>
          {t('Deny')}
        </Button>
        {!why && (
          <Button kind="link" onClick={() => setWhy(true)}>
            {t('With a reason…')}
          </Button>
        )}
      </div>
    </>
  );
}
