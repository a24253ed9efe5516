import type { VNode } from 'preact';
import type { ApplyAnswer } from '../../../src/protocol/answers.ts';
import type { NeedView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t, told } from '../texts.ts';
import { useNeed } from './use-need.ts';

/** Apply what is not proved, or what is left of it? What the two answers mean is in their names. */
export function ApplyNeed({ need }: { need: NeedView }): VNode {
  const { run, busy, answer } = useNeed(need.signal);
  const [yes = t('Apply anyway'), no = t('Do not apply')] = need.ask.options ?? [];
  const { post } = usePanel();
  const decide = (apply: boolean): void => answer({ apply } satisfies ApplyAnswer);
  if (need.ask.conflict)
    return (
      <div class="buttons">
        <Button
          testid="conflict-open"
          kind="primary"
          icon="diff"
          onClick={() => post({ type: 'conflict.open', run })}
        >
          {t('Resolve')}
        </Button>
        <Button testid="conflict-apply" disabled={busy} onClick={() => post({ type: 'conflict.apply', run })}>
          {t('Apply')}
        </Button>
        <Button testid="apply-not" disabled={busy} onClick={() => decide(false)}>
          {told(no)}
        </Button>
      </div>
    );
  return (
    <div class="buttons">
      <Button testid="apply-not" kind="primary" disabled={busy} onClick={() => decide(false)}>
        {told(no)}
      </Button>
      <Button testid="apply-anyway" disabled={busy} onClick={() => decide(true)}>
        {told(yes)}
      </Button>
    </div>
  );
}
