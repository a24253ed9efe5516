import type { VNode } from 'preact';
import { isHeld, type AgentNow } from '../../../src/protocol/present.ts';
import { ENDPOINT } from '../../../src/protocol/team-view.ts';
import type { ActiveStep, AgentView, RunView } from '../../../src/protocol/view.ts';
import { Icon, Spinner } from '../icons.tsx';
import { Avatar } from '../parts/avatar.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { cost, duration, percent, tokens } from '../state/format.ts';
import { roleName } from '../state/names.ts';
import { own } from '../state/own.ts';
import { agentState, endpointName } from '../state/registry.ts';
import { visible } from '../state/visible.ts';
import { t, told, toldWhy } from '../texts.ts';

/** Share of its model's window from which an agent's conversation is near its end. */
const NEARLY_FULL = 0.8;

/** One agent: who it is and what it is about; what it does and how long already; what it took. Leads to its part of the conversation. */
export function AgentRow({ now }: { now: AgentNow }): VNode {
  const { filter } = usePanel();
  const { agent } = now;
  const task = useTaskTitle(agent.task);
  return (
    <li class="now-row" data-testid="agent-now" data-agent={agent.id}>
      <Avatar name={agent.role} />
      <button
        type="button"
        class="now-who"
        title={t('Show only what {0} says and does', roleName(agent.role))}
        onClick={() =>
          (filter.value = {
            ...{ text: '', role: agent.role, task: agent.task ?? '' },
            ...{ agent: agent.id, called: {} },
          })
        }
      >
        <span class="turn-name">{roleName(agent.role)}</span>
        {task !== undefined && <span class="turn-task">{task}</span>}
      </button>
      <Since at={now.need?.at ?? now.step?.since} />
      <span class="now-more">
        <Doing now={now} />
        <span class="facts">
          {now.tokens > 0 && <span>{t('{0} tokens', tokens(now.tokens))}</span>}
          {now.tokens > 0 && <span>{now.costUsd === null ? t('cost unknown') : cost(now.costUsd)}</span>}
          <ContextUse context={agent.context} />
        </span>
      </span>
    </li>
  );
}

/** How long already; nothing where that is not known. */
export function Since({ at }: { at: number | undefined }): VNode {
  const { now } = usePanel();
  return (
    <span class="now-time tool-time">{at !== undefined && duration(Math.max(1000, now.value - at))}</span>
  );
}

/** What agents share, by the names that waits have for it. */
const SHARED: Readonly<Record<string, () => string>> = {
  slot: () => t('a free place in the team'),
  budget: () => t('the budget'),
};

/** What it does, or whom it waits for; why it waits or takes long, for who points at it. */
function Doing({ now }: { now: AgentNow }): VNode {
  const { agent, wait, need, step } = now;
  const { live } = usePanel();
  const on = useRun((run) => (wait ? nameOf(run, wait.on) : ''));
  if (need !== undefined)
    return (
      <span class="now-doing" data-tone="warn">
        <Icon name="warning" />
        <span>{t('waits for you')}</span>
      </span>
    );
  const writes = step !== undefined && live.value.some(({ key }) => key === step.key);
  const what = visible(isHeld(now) ? t('waits for {0}', on) : doingText(agent, step, writes));
  return (
    <span
      class="now-doing"
      title={wait ? visible(toldWhy(wait.why)) : what}
      {...(wait && { 'data-testid': 'wait' })}
    >
      {step && <Spinner />}
      <span>{what}</span>
    </span>
  );
}

function doingText(agent: AgentView, step: ActiveStep | undefined, writes: boolean): string {
  if (step === undefined) return agentState(agent.state);
  if (step.kind !== 'model') return told(step.title);
  return writes ? t('writing') : agentState('thinking');
}

/** An agent by its role and task, an endpoint by its name, a task by its title. */
function nameOf(run: RunView, id: string): string {
  if (id.startsWith(ENDPOINT)) return endpointName(run, id.slice(ENDPOINT.length));
  const [, task, , , role] = id.split('/');
  if (role !== undefined && task !== undefined) return `${roleName(role)} (${task})`;
  const spec = run.tasks.find((each) => each.spec.id === id)?.spec;
  return spec?.title ?? own(SHARED, id)?.() ?? roleName(id);
}

/** How much of its model's window the conversation of an agent takes. */
function ContextUse({ context }: { context: AgentView['context'] }): VNode | null {
  if (context === undefined) return null;
  const share = context.tokens / context.window;
  return (
    <span
      class="context-use"
      data-testid="context-use"
      data-tone={share >= NEARLY_FULL ? 'warn' : 'calm'}
      title={t(
        'The conversation takes {0} of {1} tokens of the model’s window',
        context.tokens,
        context.window,
      )}
    >
      <svg viewBox="0 0 24 6" aria-hidden="true">
        <rect width="24" height="6" rx="1" />
        <rect width={24 * Math.min(1, share)} height="6" rx="1" />
      </svg>
      <span class="unseen">{t('context')} </span>
      {percent(Math.round(share * 100) / 100)}
    </span>
  );
}
