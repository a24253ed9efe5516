import type { VNode } from 'preact';
import type { QuestionAnswer } from '../../../src/protocol/answers.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { Button, IconButton } from '../parts/button.tsx';
import { GrowText, isEnter } from '../parts/grow-text.tsx';
import { t, told } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** A question: pick an offered answer or write one. An agent's has no detail; what the run itself asks has one, and its answers are ours. */
export function QuestionNeed({ need }: { need: NeedView }): VNode {
  const { busy, draft, write, answer } = useNeed(need.signal);
  const { options = [], detail } = need.ask;
  const reply = (text: string): void => answer({ text } satisfies QuestionAnswer);
  const send = (): void => {
    if (draft.trim() !== '' && !busy) reply(draft.trim());
  };
  return (
    <>
      {options.length > 0 && (
        <div class="buttons options">
          {options.map((option) => (
            <Button key={option} disabled={busy} testid="question-option" onClick={() => reply(option)}>
              {detail === undefined ? option : told(option)}
            </Button>
          ))}
        </div>
      )}
      <div class="composer composer-line">
        <GrowText
          value={draft}
          label={t('Your answer')}
          placeholder={options.length > 0 ? t('Or answer in your own words…') : t('Your answer…')}
          testid="question-input"
          maxLength={20_000}
          disabled={busy}
          onInput={write}
          onKeyDown={(event) => {
            if (!isEnter(event) || event.shiftKey) return;
            event.preventDefault();
            send();
          }}
        />
        <IconButton
          icon="arrowUp"
          label={t('Answer')}
          testid="question-send"
          disabled={busy || draft.trim() === ''}
          onClick={send}
        />
      </div>
    </>
  );
}
