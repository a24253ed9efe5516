import type { VNode } from 'preact';
import { agentsNow } from '../../../src/protocol/present.ts';
import type { EndpointEntry, RoleEntry, ToolEntry } from '../../../src/protocol/registry.ts';
import type { AgentView } from '../../../src/protocol/view.ts';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/section.tsx';
import { roleName } from '../state/names.ts';
import { agentState, endpointName, healthName, healthTone } from '../state/registry.ts';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';
import { useRun, useTaskTitle } from './use-run.ts';

/**
 * What the run has: models and how they do, agents that live, roles and tools with their versions. Closed until somebody wants to know.
 */
export function Registry(): VNode | null {
  const registry = useRun((run) => run.registry);
  if (!registry || registry.roles.length === 0) return null;
  const { endpoints, roles, tools } = registry;
  const ill = endpoints.filter(({ health }) => health !== 'fine').length;
  return (
    <Section
      title={t('Registry')}
      testid="registry"
      open={false}
      aside={ill === 0 ? undefined : <Badge tone="warn">{t('{0} not well', ill)}</Badge>}
    >
      <Endpoints endpoints={endpoints} />
      <Agents />
      <Roles roles={roles} />
      <Tools tools={tools} />
    </Section>
  );
}

function Endpoints({ endpoints }: { endpoints: readonly EndpointEntry[] }): VNode {
  return (
    <table class="totals costs">
      <thead>
        <tr>
          <th scope="col">{t('Endpoint')}</th>
          <th scope="col">{t('under way')}</th>
          <th scope="col">{t('answered')}</th>
          <th scope="col">{t('failed')}</th>
        </tr>
      </thead>
      <tbody>
        {endpoints.map(({ id, name, health, why, load, answered, failed }) => (
          <tr key={id} data-name={id} data-testid="registry-endpoint" data-health={health}>
            <th scope="row">
              {name} <Badge tone={healthTone(health)}>{healthName(health)}</Badge>
              {why !== undefined && <div class="dim small">{visible(toldWhy(why))}</div>}
            </th>
            <td data-tone="none">{load}</td>
            <td data-tone="none">{answered}</td>
            <td data-tone="none">{failed}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Agents(): VNode | null {
  const agents = useRun(agentsNow);
  if (agents.length === 0) return null;
  return (
    <table class="totals costs">
      <thead>
        <tr>
          <th scope="col">{t('Agent')}</th>
          <th scope="col">{t('State')}</th>
          <th scope="col">{t('Endpoint')}</th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <Living key={agent.id} agent={agent} />
        ))}
      </tbody>
    </table>
  );
}

function Living({ agent: { id, role, task, state, endpoint } }: { agent: AgentView }): VNode {
  const title = useTaskTitle(task);
  const name = useRun((run) => endpointName(run, endpoint));
  return (
    <tr data-testid="registry-agent" data-name={id} title={id}>
      <th scope="row">
        {roleName(role)}
        {title !== undefined && <div class="dim small">{visible(title)}</div>}
      </th>
      <td data-tone="none">{agentState(state)}</td>
      <td data-tone="none">{name}</td>
    </tr>
  );
}

function Roles({ roles }: { roles: readonly RoleEntry[] }): VNode {
  return (
    <table class="totals costs">
      <thead>
        <tr>
          <th scope="col">{t('Role')}</th>
          <th scope="col">{t('version')}</th>
          <th scope="col">{t('agents')}</th>
        </tr>
      </thead>
      <tbody>
        {roles.map(({ name, version, digest, agents, file }) => (
          <tr key={name} data-name={name} title={file === undefined ? digest : t('{0}: {1}', file, digest)}>
            <th scope="row">{roleName(name)}</th>
            <td data-tone="none">{version}</td>
            <td data-tone="none">{agents}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Tools({ tools }: { tools: readonly ToolEntry[] }): VNode {
  return (
    <table class="totals costs">
      <thead>
        <tr>
          <th scope="col">{t('Tool')}</th>
          <th scope="col">{t('version')}</th>
        </tr>
      </thead>
      <tbody>
        {tools.map(({ name, version, roles }) => (
          <tr key={name} data-name={name} title={roles.map(roleName).join(', ')}>
            <th scope="row">{name}</th>
            <td data-tone="none">{version ?? t('unknown')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
