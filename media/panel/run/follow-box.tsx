import type { VNode } from 'preact';
import { Button } from '../parts/button.tsx';
import { GrowText, isEnter } from '../parts/grow-text.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { ModelPicker } from '../start/model-picker.tsx';
import { withText } from '../state/drafts.ts';
import { t } from '../texts.ts';
import { useRun } from './use-run.ts';

/** Goes on from a finished run: another question, or another goal. What was said is known there. */
export function FollowBox(): VNode {
  const { drafts, post, context } = usePanel();
  const id = useRun((run) => run.id);
  const demo = useRun((run) => run.demo);
  const asks = useRun(({ mode }) => mode === 'ask');
  const draft = drafts.value.steer[id] ?? '';
  const ready = draft.trim() !== '' && context.value?.obstacle === undefined;
  const write = (text: string): void => {
    drafts.value = { ...drafts.value, steer: withText(drafts.value.steer, id, text) };
  };
  const start = (mode: 'ask' | 'team'): void => {
    if (!ready) return;
    post({ type: 'run.start', goal: draft.trim(), mode, demo, follows: id });
    write('');
  };
  return (
    <div class="steer" data-testid="follow-box">
      <div class="composer">
        <GrowText
          value={draft}
          label={t('Go on from here')}
          placeholder={asks ? t('Ask on, or say what to do about it…') : t('Now also…')}
          testid="follow-input"
          maxLength={20_000}
          onInput={write}
          onKeyDown={(event) => {
            if (!isEnter(event) || event.shiftKey) return;
            event.preventDefault();
            start(asks ? 'ask' : 'team');
          }}
        />
        {draft !== '' && (
          <div class="composer-bar">
            <Button
              testid="follow-ask"
              kind={asks ? 'primary' : 'secondary'}
              disabled={!ready}
              onClick={() => start('ask')}
            >
              {t('Ask')}
            </Button>
            <Button
              testid="follow-run"
              kind={asks ? 'secondary' : 'primary'}
              disabled={!ready}
              onClick={() => start('team')}
            >
              {t('Let the team do it')}
            </Button>
          </div>
        )}
        {draft !== '' && !demo && (
          <div class="pickers">
            <ModelPicker />
          </div>
        )}
      </div>
    </div>
  );
}
