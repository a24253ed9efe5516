import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { deadText, isDead, isUnread, type MessageView } from '../../../src/protocol/team-view.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { Section } from '../parts/section.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { isActive, roleName } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { t, told } from '../texts.ts';
import { useRun, useTaskTitle } from './use-run.ts';

/** Those that somebody will not read any more, then those that may still be read. */
const unreadIn = ({ team }: RunView): readonly MessageView[] => {
  const { messages = [] } = team ?? {};
  const unread = messages.filter(isUnread);
  return [...unread.filter(isDead), ...unread.filter((message) => !isDead(message))];
};

/** Messages that somebody they are for has not read: dead letters can be sent again, or to somebody else. */
export function Unread(): VNode | null {
  const unread = useRun(unreadIn);
  const dead = unread.filter(isDead).length;
  if (unread.length === 0) return null;
  return (
    <Section
      title={t('Messages nobody has read')}
      testid="unread"
      open={dead > 0}
      aside={dead > 0 ? t('{0} not delivered', dead) : unread.length}
    >
      <ul class="unread">
        {unread.map((message) => (
          <Letter key={message.id} message={message} />
        ))}
      </ul>
    </Section>
  );
}

function Letter({ message }: { message: MessageView }): VNode {
  const { from, to, state, text } = message;
  const task = useTaskTitle(message.task);
  return (
    <li class="letter" data-testid="letter" data-state={state}>
      <p class="facts small">
        <span>{t('{0} to {1}', roleName(from), roleName(to))}</span>
        {task !== undefined && <span class="dim">{visible(task)}</span>}
      </p>
      <p class="verbatim">{visible(text)}</p>
      <p class="dim small">
        {isDead(message) ? visible(told(deadText(message)) || t('Nobody read it.')) : t('Not read yet')}
      </p>
      <Again message={message} />
    </li>
  );
}

/** A finished run has nobody to read it. */
function Again({ message }: { message: MessageView }): VNode | null {
  const { id } = message;
  const { post, announce } = usePanel();
  const [sent, setSent] = useState(false);
  const run = useRun((view) => view.id);
  const over = useRun(({ finished, imported }) => finished !== undefined || imported === true);
  const active = useRun(isActive);
  if (over) return null;
  const done = active ? t('Sent again.') : t('Sent again. It is read when the run goes on.');
  if (sent) return <p class="dim small">{done}</p>;
  return (
    <div class="buttons">
      {isDead(message) && (
        <Button
          testid="letter-again"
          onClick={() => {
            setSent(true);
            announce(done);
            post({ type: 'message.resend', run, message: id });
          }}
        >
          {t('Send again')}
        </Button>
      )}
      <Button
        kind="link"
        testid="letter-elsewhere"
        onClick={() => post({ type: 'message.resend', run, message: id, elsewhere: true })}
      >
        {t('To somebody else…')}
      </Button>
    </div>
  );
}
