import type { VNode } from 'preact';
import type { EndpointEntry, RoleEntry, ToolEntry } from '../../../src/protocol/registry.ts';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/section.tsx';
import { roleName } from '../state/names.ts';
import { healthName, healthTone } from '../state/registry.ts';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';
import { useRun } from './use-run.ts';

/** What the run has: models and how they do, roles, tools with the versions of their contracts. Closed until somebody wants to know. */
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
        {roles.map(({ name, version, agents, file }) => (
          <tr key={name} data-name={name} title={file}>
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
