import type { VNode } from 'preact';
import type { ActiveStep, RunView } from '../../../src/protocol/view.ts';
import { Spinner } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { duration, tokens } from '../state/format.ts';
import { stepTitle } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';
import { Turn } from './group.tsx';
import { Matches } from './matches.tsx';
import { Waits } from './waits.tsx';

/** Latest entries among which a running step may already stand as a tool call. */
const TAIL = 80;

/** The steps that run and do not stand in the conversation as tool calls. */
function unshown({ active, feed }: RunView): readonly ActiveStep[] {
  const running = feed.slice(-TAIL).filter((item) => item.kind === 'tool' && item.state === 'running');
  return active.filter(
    ({ kind, since, title }) =>
      kind !== 'tool' &&
      !running.some((item) => item.at === since && item.kind === 'tool' && item.title === title),
  );
}

/** What is going on: replies as they come, then the steps that have nothing to read yet. */
export function Now(): VNode {
  const { live } = usePanel();
  const active = useRun(unshown);
  const speaking = new Set(live.value.map(({ key }) => key));
  const silent = active.filter(({ key }) => !speaking.has(key));
  return (
    <div class="now">
      {live.value.map(({ key, role, task, text }) => (
        <div key={key} class="group" data-testid="live" aria-busy="true">
          <Turn name={role} task={task}>
            <Markdown text={text} />
          </Turn>
        </div>
      ))}
      {silent.map((step) => (
        <Silent key={step.key} step={step} />
      ))}
      <TeamSize />
      <Waits />
      <Matches />
    </div>
  );
}

/** How many work at once, where something holds others back. */
function TeamSize(): VNode | null {
  const size = useRun(({ team, paused }) => (paused ? undefined : team?.size));
  if (!size) return null;
  return (
    <p class="active-step" data-testid="team-size" data-agents={size.agents}>
      <span class="active-what">{t('Team of {0}, though {1} could work at once', size.agents, size.of)}</span>
      <span class="match-why">{visible(toldWhy(size.why))}</span>
    </p>
  );
}

function Silent({ step }: { step: ActiveStep }): VNode {
  const { now } = usePanel();
  const task = useTaskTitle(step.who?.task);
  const passedMs = now.value - step.since;
  const what = stepTitle(step.kind, step.title, step.who?.role);
  return (
    <p class="active-step" data-testid="active-step" data-kind={step.kind}>
      <Spinner />
      <span class="active-what">{what}</span>
      {task !== undefined && <span class="turn-task">{task}</span>}
      {passedMs >= 1000 && <span class="tool-time">{duration(passedMs)}</span>}
      {step.kind === 'model' && <ContextUse agent={step.who?.agent} />}
    </p>
  );
}

/** How much of its model's window an agent's conversation takes. */
function ContextUse({ agent }: { agent: string | undefined }): VNode | null {
  const context = useRun(({ agents }) => agents.find(({ id }) => id === agent)?.context);
  if (context === undefined) return null;
  const share = Math.round((context.tokens / context.window) * 100);
  return (
    <span
      class="tool-time context-use"
      data-testid="context-use"
      title={t(
        'The conversation takes {0} of {1} tokens of the model’s window',
        context.tokens,
        context.window,
      )}
    >
      {t('context {0} of {1} ({2}%)', tokens(context.tokens), tokens(context.window), share)}
    </span>
  );
}
