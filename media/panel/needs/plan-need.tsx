import type { Ref, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { PlanAnswer } from '../../../src/protocol/answers.ts';
import { suggestionFor } from '../../../src/protocol/suggestion.ts';
import type { NeedView, RunView, SuggestionView } from '../../../src/protocol/view.ts';
import { Button } from '../parts/button.tsx';
import { GrowText } from '../parts/grow-text.tsx';
import { useOpened } from '../parts/use-opened.ts';
import { PlanProblems } from '../plan/plan-problems.tsx';
import { usePlanDraft } from '../plan/use-plan-draft.ts';
import { useRun } from '../run/use-run.ts';
import { cost, tokens } from '../state/format.ts';
import { estimatedTokens } from '../state/plan-draft.ts';
import { t } from '../texts.ts';
import { Suggested } from './suggested.tsx';
import { useNeed, type NeedHandle } from './use-need.ts';

/** A plan waits: approve it, change it first, or send it back with a reason. */
export function PlanNeed({ need }: { need: NeedView }): VNode {
  const handle = useNeed(need.signal);
  const draft = usePlanDraft(need.signal);
  const suggestion = useRun((run) => suggestionFor(run, need.signal));
  const [sendingBack, setSendingBack] = useState(handle.draft !== '');
  const reasonBox = useOpened(sendingBack);
  if (draft.plan) return <Editing signal={need.signal} handle={handle} />;
  if (sendingBack)
    return (
      <SendBack
        handle={handle}
        box={reasonBox}
        end={endOf(suggestion)}
        onCancel={() => setSendingBack(false)}
      />
    );
  return (
    <>
      {suggestion ? <Suggested suggestion={suggestion} /> : <Estimate />}
      <div class="buttons">
        <Button
          kind="primary"
          icon="check"
          testid="plan-approve"
          disabled={handle.busy}
          onClick={() => handle.answer({ decision: 'approve' } satisfies PlanAnswer)}
        >
          {t('Approve')}
        </Button>
        <Button icon="edit" testid="plan-edit" disabled={handle.busy} onClick={draft.begin}>
          {t('Edit')}
        </Button>
        <Button testid="plan-reject" disabled={handle.busy} onClick={() => setSendingBack(true)}>
          {t('Send back…')}
        </Button>
        {suggestion && (
          <Button
            testid="plan-leave"
            disabled={handle.busy}
            onClick={() => handle.answer({ decision: 'end' } satisfies PlanAnswer)}
          >
            {endOf(suggestion)}
          </Button>
        )}
      </div>
    </>
  );
}

/** What comes of neither approving nor sending back. */
function endOf(suggestion: SuggestionView | undefined): string {
  if (!suggestion) return t('End the run');
  return suggestion.kind === 'breakdown' ? t('Do it in one go') : t('Leave the plan as it is');
}

const planOf = ({ plan }: RunView): RunView['plan'] => plan;

function Estimate(): VNode | null {
  const plan = useRun(planOf);
  if (!plan) return null;
  const { tasks } = plan.spec;
  const estimate = plan.estimates?.reduce((sum, each) => sum + each.tokens, 0) ?? estimatedTokens(tasks);
  return (
    <p class="need-facts facts">
      <span>{tasks.length === 1 ? t('1 task') : t('{0} tasks', tasks.length)}</span>
      {estimate !== undefined && <span>{t('about {0} tokens', tokens(estimate))}</span>}
      <span>{plan.costUsd === null ? t('cost unknown') : t('about {0}', cost(plan.costUsd))}</span>
    </p>
  );
}

function Editing({ signal, handle }: { signal: string; handle: NeedHandle }): VNode {
  const draft = usePlanDraft(signal);
  const blocked = handle.busy || draft.problems.length > 0;
  return (
    <>
      <PlanProblems problems={draft.problems} />
      <div class="buttons">
        <Button
          kind="primary"
          icon="check"
          testid="plan-save"
          disabled={blocked}
          onClick={() => {
            const { plan } = draft;
            if (plan) handle.answer({ decision: 'approve', plan } satisfies PlanAnswer);
          }}
        >
          {t('Approve edited plan')}
        </Button>
        <Button testid="plan-discard" disabled={handle.busy} onClick={draft.discard}>
          {t('Discard edits')}
        </Button>
      </div>
    </>
  );
}

interface SendBackProps {
  readonly handle: NeedHandle;
  readonly box: Ref<HTMLTextAreaElement>;
  readonly end: string;
  readonly onCancel: () => void;
}

function SendBack({ handle, box, end, onCancel }: SendBackProps): VNode {
  const reason = handle.draft.trim();
  return (
    <>
      <div class="composer">
        <GrowText
          value={handle.draft}
          label={t('What should the planner change?')}
          placeholder={t('What should the planner change?')}
          testid="plan-reject-reason"
          maxLength={4000}
          rows={2}
          inputRef={box}
          onInput={handle.write}
        />
      </div>
      <div class="buttons">
        <Button
          kind="primary"
          testid="plan-reject-send"
          disabled={handle.busy || reason === ''}
          onClick={() => handle.answer({ decision: 'revise', reason } satisfies PlanAnswer)}
        >
          {t('Send back')}
        </Button>
        <Button
          testid="plan-end"
          disabled={handle.busy}
          onClick={() => handle.answer({ decision: 'end' } satisfies PlanAnswer)}
        >
          {end}
        </Button>
        <Button
          kind="link"
          testid="plan-reject-cancel"
          onClick={() => {
            handle.write('');
            onCancel();
          }}
        >
          {t('Cancel')}
        </Button>
      </div>
    </>
  );
}
