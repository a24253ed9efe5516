import type { VNode } from 'preact';
import { countsOf, presentOf, type Present } from '../../../src/protocol/present.ts';
import type { ActiveStep } from '../../../src/protocol/view.ts';
import { Spinner } from '../icons.tsx';
import { Section } from '../parts/section.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import { stepTitle } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';
import { AgentRow, Since } from './agent-row.tsx';
import { Matches } from './matches.tsx';

/** Agents that have a row; more are counted. */
const SHOWN_MAX = 24;

/** Who does what right now, always in sight: the conversation may be read anywhere meanwhile. */
export function Now(): VNode | null {
  const present = useRun(presentOf);
  const { agents, steps } = present;
  if (agents.length + steps.length === 0) return null;
  const more = agents.length - SHOWN_MAX;
  return (
    <div class="now">
      <Section title={t('Now')} testid="now" aside={<Counts present={present} />}>
        <ul class="now-rows" aria-label={t('Who does what')}>
          {agents.slice(0, SHOWN_MAX).map((each) => (
            <AgentRow key={each.agent.id} now={each} />
          ))}
          {steps.map((step) => (
            <Step key={step.key} step={step} />
          ))}
        </ul>
        {more > 0 && <p class="dim small">{t('{0} more', more)}</p>}
        <TeamSize />
        <Matches />
      </Section>
    </div>
  );
}

function Counts({ present }: { present: Present }): VNode {
  const { working, waiting } = countsOf(present);
  if (waiting === 0) return <>{t('{0} at work', working)}</>;
  return <>{working === 0 ? t('{0} waiting', waiting) : t('{0} at work, {1} waiting', working, waiting)}</>;
}

/** A step that no agent is about. */
function Step({ step }: { step: ActiveStep }): VNode {
  const task = useTaskTitle(step.who?.task);
  return (
    <li class="now-row" data-testid="active-step" data-kind={step.kind}>
      <Spinner />
      <span class="now-who">
        <span class="now-step">{stepTitle(step.kind, step.title, step.who?.role)}</span>
        {task !== undefined && <span class="turn-task">{task}</span>}
      </span>
      <Since at={step.since} />
    </li>
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
