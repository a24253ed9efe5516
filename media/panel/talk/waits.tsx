import type { VNode } from 'preact';
import type { Wait } from '../../../src/protocol/team-view.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { useRun } from '../run/use-run.ts';
import { roleName } from '../state/names.ts';
import { endpointName } from '../state/registry.ts';
import { t, toldWhy } from '../texts.ts';

/** Waits that are shown. */
const SHOWN_MAX = 6;

/** Of agents: what tasks wait for stands in the plan, what waits for the person in the inbox. */
const agentWaits = ({ team }: RunView): readonly Wait[] =>
  (team?.waits ?? []).filter(({ who, on }) => who.includes('/') && on !== 'person').slice(0, SHOWN_MAX);

const ENDPOINT = 'endpoint:';

/** An agent by its role and task, an endpoint by its name, a task as it is. */
function nameOf(run: RunView, id: string): string {
  if (id.startsWith(ENDPOINT)) return endpointName(run, id.slice(ENDPOINT.length));
  const [, task, , , role] = id.split('/');
  return role === undefined || task === undefined ? id : `${roleName(role)} (${task})`;
}

/** Who of the team waits for whom. */
export function Waits(): VNode {
  const waits = useRun((run) =>
    agentWaits(run).map((wait) => ({ ...wait, who: nameOf(run, wait.who), on: nameOf(run, wait.on) })),
  );
  return (
    <>
      {waits.map(({ who, on, why }) => (
        <p key={`${who} ${on}`} class="active-step" data-testid="wait" title={toldWhy(why)}>
          <span class="active-what">{t('{0} waits for {1}', who, on)}</span>
        </p>
      ))}
    </>
  );
}
