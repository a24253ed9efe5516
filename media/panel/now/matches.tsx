import type { VNode } from 'preact';
import { Badge } from '../parts/badge.tsx';
import { useRun, useTaskTitle } from '../run/use-run.ts';
import type { AgentView } from '../../../src/protocol/view.ts';
import { roleName } from '../state/names.ts';
import { endpointName, endpointsNow, healthName, healthTone, matchedNow } from '../state/registry.ts';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';

/** Who asks another model than the first of its role, and why; and how models do, where that is worth a line. */
export function Matches(): VNode {
  const matched = useRun(matchedNow);
  const endpoints = useRun(endpointsNow);
  return (
    <>
      {matched.map((agent) => (
        <Matched key={agent.id} agent={agent} />
      ))}
      {endpoints.map(({ id, name, health, why, load }) => (
        <p key={id} class="active-step" data-testid="endpoint-now" data-endpoint={id} data-health={health}>
          <span class="active-what">{name}</span>
          <Badge tone={healthTone(health)}>{healthName(health)}</Badge>
          <span class="tool-time">{t('{0} under way', load)}</span>
          {why !== undefined && <span class="match-why">{visible(toldWhy(why))}</span>}
        </p>
      ))}
    </>
  );
}

function Matched({ agent: { role, task, endpoint, matched = '' } }: { agent: AgentView }): VNode {
  const title = useTaskTitle(task);
  const name = useRun((run) => endpointName(run, endpoint));
  return (
    <p class="active-step" data-testid="match" data-endpoint={endpoint}>
      <span class="active-what">{t('{0} asks {1}', roleName(role), name)}</span>
      {title !== undefined && <span class="turn-task">{title}</span>}
      <span class="match-why">{visible(toldWhy(matched))}</span>
    </p>
  );
}
