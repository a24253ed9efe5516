/** The part of the fold that keeps what a run has: endpoints and how they do, tools and roles with their versions. */
import type { EventData, JournalLine } from '../../../protocol/events.ts';
import {
  FIRST_VERSION,
  type EndpointEntry,
  type RegistryView,
  type RoleEntry,
  type ToolEntry,
} from '../../../protocol/registry.ts';
import type { RunView } from '../../../protocol/view.ts';
import type { StepStart } from './state-parts.ts';

const NONE: RegistryView = { endpoints: [], tools: [], roles: [] };

/** Characters of a failure that are kept. */
const WHY_CHARS = 200;
const DIGEST_CHARS = 8;

/** The registry after a line. Calls under way are counted when it is looked at: see `loaded`. */
export function registryAfter(
  registry: RegistryView | undefined,
  line: JournalLine,
  start: StepStart | undefined,
): RegistryView | undefined {
  switch (line.type) {
    case 'run.started':
      return { ...NONE, endpoints: line.data.settings.endpoints.map(entryOf) };
    case 'agent.created':
      return registry && withAgent(registry, line.data);
    case 'step.finished':
      return registry && start?.data.kind === 'model' ? answered(registry, line.data) : registry;
    case 'step.failed':
      return registry && start?.data.kind === 'model' ? unanswered(registry, line.data) : registry;
    default:
      return registry;
  }
}

function entryOf({
  id,
  label,
  model,
  requestsPerMinute,
  tokensPerMinute,
}: EventData<'run.started'>['settings']['endpoints'][number]): EndpointEntry {
  return {
    id,
    name: label ?? id,
    model,
    health: 'fine',
    load: 0,
    answered: 0,
    failed: 0,
    ...(requestsPerMinute !== undefined && { requestsPerMinute }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
  };
}

function withAgent(registry: RegistryView, agent: EventData<'agent.created'>): RegistryView {
  return { ...registry, tools: toolsWith(registry.tools, agent), roles: rolesWith(registry.roles, agent) };
}

/** The last version of each tool: agents of before a change of the program had another. */
function toolsWith(
  tools: readonly ToolEntry[],
  { tools: names, contracts = {}, role }: EventData<'agent.created'>,
): readonly ToolEntry[] {
  const known = new Map(tools.map((tool) => [tool.name, tool]));
  for (const name of names) {
    const version = contracts[name];
    const former = known.get(name);
    if (former?.roles.includes(role) === true && (version === undefined || version === former.version))
      continue;
    known.set(name, {
      ...(former ?? { name }),
      roles: [...new Set([...(former?.roles ?? []), role])],
      ...(version !== undefined && { version }),
    });
  }
  return [...known.values()];
}

function rolesWith(
  roles: readonly RoleEntry[],
  { role, roleVersion = FIRST_VERSION, promptDigest, file }: EventData<'agent.created'>,
): readonly RoleEntry[] {
  const former = roles.find(({ name }) => name === role);
  const entry: RoleEntry = {
    name: role,
    version: roleVersion,
    digest: (file?.digest ?? promptDigest).slice(0, DIGEST_CHARS),
    agents: (former?.agents ?? 0) + 1,
    ...(file && { file: file.path }),
  };
  return former ? roles.map((each) => (each === former ? entry : each)) : [...roles, entry];
}

function answered(registry: RegistryView, { facts, spent }: EventData<'step.finished'>): RegistryView {
  const by = facts?.match?.endpoint ?? spent?.endpoint;
  const seen = new Map(facts?.match?.seen.map((each) => [each.id, each]));
  const endpoints = registry.endpoints.map((endpoint): EndpointEntry => {
    const { why: _former, ...entry } = endpoint;
    const now = seen.get(entry.id);
    const isBy = entry.id === by;
    return {
      ...(now ? { ...entry, health: now.health, ...(now.why !== undefined && { why: now.why }) } : endpoint),
      answered: entry.answered + (isBy ? 1 : 0),
      failed: entry.failed + Math.max(0, triesAt(entry.id, spent) - (isBy ? 1 : 0)),
    };
  });
  return { ...registry, endpoints };
}

function triesAt(endpoint: string, spent: EventData<'step.finished'>['spent']): number {
  if (!spent) return 0;
  if (spent.parts) return spent.parts.find((part) => part.endpoint === endpoint)?.calls ?? 0;
  return spent.endpoint === endpoint ? spent.calls : 0;
}

function unanswered(
  registry: RegistryView,
  { code, message, spent }: EventData<'step.failed'>,
): RegistryView {
  if (!code.startsWith('endpoint.')) return registry;
  const endpoints = registry.endpoints.map((entry): EndpointEntry => {
    const tries = triesAt(entry.id, spent);
    if (tries === 0) return entry;
    return { ...entry, health: 'doubtful', why: message.slice(0, WHY_CHARS), failed: entry.failed + tries };
  });
  return { ...registry, endpoints };
}

/** With the calls that are under way now, each where its agent asks. */
export function loaded(
  registry: RegistryView,
  { active, agents }: Pick<RunView, 'active' | 'agents'>,
): RegistryView {
  const calls = active.filter(({ kind }) => kind === 'model').map(({ who }) => who?.agent);
  const asked = calls.map((agent) => agents.find(({ id }) => id === agent)?.endpoint);
  const endpoints = registry.endpoints.map((entry) => ({
    ...entry,
    load: asked.filter((id) => id === entry.id).length,
  }));
  return { ...registry, endpoints };
}
