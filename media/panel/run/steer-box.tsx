import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';
import { GrowText, isEnter } from '../parts/grow-text.tsx';
import { comboAria, OfferList, useOffer } from '../parts/offer.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { withText } from '../state/drafts.ts';
import { roleName } from '../state/names.ts';
import { completions, parseSteer } from '../state/steer.ts';
import { t } from '../texts.ts';
import { useRun } from './use-run.ts';

const LIST = 'steer-roles';

/** A message to the team, or with `@role` or `@task` to one of it. Enter sends, Shift+Enter begins a new line. */
export function SteerBox(): VNode {
  const { drafts, post } = usePanel();
  const id = useRun((run) => run.id);
  const agents = useRun((run) => run.agents);
  const tasks = useRun((run) => run.tasks);
  const roles = [...new Set(agents.map(({ role }) => role))];
  const names = [...roles, ...tasks.map(({ spec }) => spec.id).filter((task) => !roles.includes(task))];
  const draft = drafts.value.steer[id] ?? '';
  const input = useRef<HTMLTextAreaElement>(null);
  const write = (text: string): void => {
    drafts.value = { ...drafts.value, steer: withText(drafts.value.steer, id, text) };
  };
  const [caret, setCaret] = useState(0);
  const offer = useOffer(completions(draft, caret, names), (role) => {
    write(`@${role} `);
    input.current?.focus();
  });
  const message = parseSteer(draft, names);
  const send = (): void => {
    if (!message) return;
    post({ type: 'run.steer', run: id, ...message });
    write('');
  };
  return (
    <div class="steer">
      <OfferList offer={offer} label={t('Roles')} id={LIST}>
        {(role) => (
          <>
            <Avatar name={role} />
            {roleName(role)}
            <span class="dim">@{role}</span>
          </>
        )}
      </OfferList>
      <div class="composer composer-line">
        <GrowText
          value={draft}
          label={t('Message to the team')}
          placeholder={t('Message the team, or @role…')}
          testid="steer-input"
          maxLength={20_000}
          inputRef={input}
          combo={comboAria(offer, LIST)}
          onInput={(text, at) => {
            write(text);
            setCaret(at);
            offer.look();
          }}
          onKeyDown={(event) => {
            if (offer.key(event) || !isEnter(event) || event.shiftKey) return;
            event.preventDefault();
            send();
          }}
        />
        <IconButton icon="arrowUp" label={t('Send')} testid="steer-send" disabled={!message} onClick={send} />
      </div>
    </div>
  );
}
