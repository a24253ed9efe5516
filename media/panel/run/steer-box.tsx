import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Avatar } from '../parts/avatar.tsx';
import { IconButton } from '../parts/button.tsx';
import { GrowText, isEnter } from '../parts/grow-text.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { withText } from '../state/drafts.ts';
import { roleName } from '../state/names.ts';
import { completions, parseSteer } from '../state/steer.ts';
import { t } from '../texts.ts';
import { useRun } from './use-run.ts';

/** A message to the team, or with `@role` to one of it. Enter sends, Shift+Enter begins a new line. */
export function SteerBox(): VNode {
  const { drafts, post } = usePanel();
  const id = useRun((run) => run.id);
  const agents = useRun((run) => run.agents);
  const roles = [...new Set(agents.map(({ role }) => role))];
  const draft = drafts.value.steer[id] ?? '';
  const input = useRef<HTMLTextAreaElement>(null);
  const write = (text: string): void => {
    drafts.value = { ...drafts.value, steer: withText(drafts.value.steer, id, text) };
  };
  const offer = useOffer(roles, (role) => {
    write(`@${role} `);
    input.current?.focus();
  });
  const message = parseSteer(draft, roles);
  const send = (): void => {
    if (!message) return;
    post({ type: 'run.steer', run: id, ...message });
    write('');
  };
  return (
    <div class="steer">
      <RoleList {...offer} />
      <div class="composer composer-line">
        <GrowText
          value={draft}
          label={t('Message to the team')}
          placeholder={t('Message the team, or @role…')}
          testid="steer-input"
          maxLength={20_000}
          inputRef={input}
          onInput={(text, caret) => {
            write(text);
            offer.look(text, caret);
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

interface Offer {
  readonly found: readonly string[];
  readonly at: number;
  pick(role: string): void;
  look(draft: string, caret: number): void;
  /** Whether the key was for the offer. */
  key(event: KeyboardEvent): boolean;
}

function useOffer(roles: readonly string[], picked: (role: string) => void): Offer {
  const [found, setFound] = useState<readonly string[]>([]);
  const [at, setAt] = useState(0);
  const pick = (role: string): void => {
    setFound([]);
    picked(role);
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: () => setAt((at + 1) % found.length),
    ArrowUp: () => setAt((at + found.length - 1) % found.length),
    Enter: () => pick(found[at] ?? ''),
    Tab: () => pick(found[at] ?? ''),
    Escape: () => setFound([]),
  };
  return {
    found,
    at,
    pick,
    look(draft, caret) {
      setFound(completions(draft, caret, roles));
      setAt(0);
    },
    key(event) {
      const act = found.length === 0 || event.isComposing ? undefined : keys[event.key];
      if (act === undefined) return false;
      event.preventDefault();
      act();
      return true;
    },
  };
}

function RoleList({ found, at, pick }: Offer): VNode | null {
  if (found.length === 0) return null;
  return (
    <ul class="offer-list" role="listbox" aria-label={t('Roles')}>
      {found.map((role, index) => (
        <li
          key={role}
          role="option"
          class="row"
          aria-selected={index === at}
          onMouseDown={(event) => {
            event.preventDefault();
            pick(role);
          }}
        >
          <Avatar name={role} />
          {roleName(role)}
          <span class="dim">@{role}</span>
        </li>
      ))}
    </ul>
  );
}
