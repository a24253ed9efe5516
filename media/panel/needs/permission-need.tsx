import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PermissionAnswer } from '../../../src/protocol/answers.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { useOpened } from '../parts/use-opened.ts';
import { roleName } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { t } from '../texts.ts';
import { useNeed } from './use-need.ts';

function denied(role: NeedView['ask']['role']): string {
  if (!role) return t('Deny: it is not done; the team goes on without it.');
  const { instead } = role;
  return instead === undefined
    ? t('Deny: it is planned without this role.')
    : t('Deny: {0} is asked instead.', roleName(instead));
}

/** May an agent do this? A denial can say why, which the agent reads. Where it is dangerous, to deny is what is offered first. */
export function PermissionNeed({ need }: { need: NeedView }): VNode {
  const { busy, draft, write, answer } = useNeed(need.signal);
  const [why, setWhy] = useState(draft !== '');
  const reasonBox = useOpened(why);
  const decide = (allow: boolean, always = false): void => {
    const reason = draft.trim();
    answer({ allow, ...(always && { always }), ...(reason !== '' && { reason }) } satisfies PermissionAnswer);
  };
  const { always: offered = [], danger, role } = need.ask;
  const isDangerous = danger !== undefined;
  const deny = (
    <Button
      kind={isDangerous ? 'primary' : 'secondary'}
      testid="deny-button"
      disabled={busy}
      onClick={() => decide(false)}
    >
      {t('Deny')}
    </Button>
  );
  return (
    <>
      {why && (
        <div class="composer composer-line">
          <GrowText
            value={draft}
            label={t('Reason')}
            testid="reason-input"
            inputRef={reasonBox}
            placeholder={t('What should it do instead?')}
            maxLength={2000}
            onInput={write}
          />
        </div>
      )}
      <Ways offered={offered} denyFirst={isDangerous} role={role} />
      <div class="buttons">
        {isDangerous && deny}
        <Button
          kind={isDangerous ? 'secondary' : 'primary'}
          testid="allow-button"
          disabled={busy}
          onClick={() => decide(true)}
        >
          {t('Allow')}
        </Button>
        {offered.length > 0 && (
          <Button testid="always-button" disabled={busy} onClick={() => decide(true, true)}>
            {t('Always allow this here')}
          </Button>
        )}
        {!isDangerous && deny}
        {!why && !role && (
          <Button kind="link" testid="reason-button" onClick={() => setWhy(true)}>
            {t('With a reason…')}
          </Button>
        )}
      </div>
    </>
  );
}

interface WaysProps {
  /** What would be allowed for good. */
  readonly offered: readonly string[];
  readonly denyFirst: boolean;
  /** The role that is asked about, where it is one. */
  readonly role: NeedView['ask']['role'];
}

/** What each answer means, in the order of the buttons. */
function Ways({ offered, denyFirst, role }: WaysProps): VNode {
  const deny = <li>{denied(role)}</li>;
  return (
    <ul class="plain-list dim small need-ways" data-testid="permission-ways">
      {denyFirst && deny}
      <li>
        {role
          ? t('Allow: the role is used as its file reads here, in later runs as well.')
          : t('Allow: this one time.')}
      </li>
      {offered.length > 0 && (
        <li>
          {t(
            'Always allow this here: from now on in this workspace, without asking: {0}',
            visible(offered.join('; ')),
          )}
        </li>
      )}
      {!denyFirst && deny}
    </ul>
  );
}
