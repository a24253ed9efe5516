/** Puts together what a story needs: settings, team, budget and bus, from the journal's beginning. */
import type { EventData, JournalLine } from '../../protocol/events.ts';
import { createLedger } from '../tools/ledger.ts';
import { Policy } from '../../protocol/policy.ts';
import type { BudgetLimits, Limits } from '../../protocol/settings.ts';
import { TEAM_LIMITS } from '../limits.ts';
import { createRedactor } from '../policy/redact.ts';
import { fenced, type Fence } from '../policy/untrusted.ts';
import { PortError, type Steps } from '../ports.ts';
import type { TeamWorld } from '../team/life.ts';
import { createBus, type Bus } from '../team/bus.ts';
import { heartbeat, isHeartbeat, stepOf } from '../team/message.ts';
import { createCrew } from '../team/crew.ts';
import { createFacts, type Facts } from '../team/facts.ts';
import { createRegistry, type RoleRegistry } from '../team/registry.ts';
import { createPages } from '../tools/pages.ts';
import { createStandings } from '../team/standing.ts';
import { createWindows } from '../team/windows.ts';
import { createActiveTime } from './journal/active-time.ts';
import type { EnginePorts, LiveText, ResumeChanges } from './contract.ts';
import { createExchanges } from './agents/exchanges.ts';
import { inPlace } from './agents/away.ts';
import { createOffers } from './agents/offers.ts';
import { createHistory } from './budget/history.ts';
import { classOfAttached } from './attached.ts';
import { createGallery } from './images.ts';
import type { Past } from './journal/past.ts';
import { createPurse } from './budget/purse.ts';
import { watchSilence } from './agents/silence.ts';
import type { Run } from './run.ts';
import { presentLife } from './journal/upgrade.ts';

interface Parts {
  readonly lines: readonly JournalLine[];
  readonly past: Past;
  readonly resumed: ResumeChanges | undefined;
  readonly steps: Steps;
  readonly ports: EnginePorts;
  readonly onText: (text: Omit<LiveText, 'run'>) => void;
  /** Gives up steps that fall silent. */
  readonly givesUp?: boolean;
}

/** Errors: `journal.damaged` where the journal does not begin with the start of a run. */
export function makeRun(parts: Parts): Run {
  const { lines, ports } = parts;
  const started = startOf(lines);
  const silence = watchSilence(parts.steps, ports.clock, (kind) => silentMs(kind, started.settings.limits));
  const steps = parts.givesUp ? silence.steps : parts.steps;
  const budget = parts.resumed?.budget ?? changedBudget(lines) ?? started.settings.budget;
  const settings = { ...started.settings, budget };
  const { run: id, goal, mode, images = [], attached = [] } = started;
  // Nobody who wrote the text knew what this run would be called.
  const seed = started.fence ?? id;
  const fence: Fence = (origin, text) =>
    fenced(text, origin, ports.hasher.sha256(`${seed}\n${origin}\n${text}`).slice(0, 12));
  const active = createActiveTime(steps, ports.clock, lines);
  const history = createHistory();
  const purse = createPurse({ lines, past: parts.past, settings, active, history });
  const roles = createRegistry();
  const bus = busOf(lines, active.steps, roles);
  bus.observe(isHeartbeat, (message) => {
    silence.beat(stepOf(message));
  });
  const team = {
    ...teamOf(parts, settings, { purse, bus }),
    fence,
    textClass: classOfAttached(attached),
    bus,
    crew: createCrew(),
    facts: factsOf(lines),
  };
  // Known from the start where the run goes on, or is taken up once more after its end.
  const base = lines.findLast((line) => line.type === 'base.taken');
  const enforced = base?.type === 'base.taken' ? base.data.enforced : undefined;
  return {
    id,
    goal,
    mode,
    images,
    attached,
    carried: started.carried,
    settings,
    heard: { budget: started.settings.budget },
    steps: active.steps,
    ports,
    roles,
    roleFiles: new Map(),
    refusedRoles: new Set(),
    offers: createOffers(active.steps),
    history,
    team,
    away: inPlace,
    exchanges: createExchanges(),
    fence,
    redactor: createRedactor(ports.knownSecrets),
    pages: createPages(),
    ledger: createLedger(settings.policy ?? Policy.parse({}), (event) => {
      active.steps.record(event);
    }),
    ...(enforced && { enforced }),
  };
}

/** Model calls are alive while they speak; tool calls have what commands and tests may take, and some more. */
function silentMs(kind: string, { commandSeconds, testSeconds }: Limits): number {
  const { silentModelSeconds, silentToolSeconds } = TEAM_LIMITS;
  if (kind === 'model') return silentModelSeconds * 1000;
  return kind === 'tool' ? (Math.max(commandSeconds, testSeconds) + silentToolSeconds) * 1000 : Infinity;
}

/** The bus with what the person has said so far, at whatever moment. */
function busOf(lines: readonly JournalLine[], steps: Steps, roles: RoleRegistry): Bus {
  const bus = createBus({
    dead({ message, agent, why, tries }) {
      const key = agent === undefined ? message.id : `${message.id}/${agent}`;
      const data = { message: message.id, why, tries, ...(agent !== undefined && { agent }) };
      steps.record({ type: 'message.dead', key, data });
    },
    forgot() {
      const data = { limit: 'messageIds', value: TEAM_LIMITS.ids };
      steps.record({ type: 'limit.reached', key: 'messages/ids', data });
    },
    roles: () => ['planner', 'synthesizer', ...roles.forTasks],
  });
  for (const line of lines)
    if (line.type === 'message.posted' && isSteering(line.key)) bus.say({ ...line.data, id: line.key });
  return bus;
}

const isSteering = (key: string | undefined): key is string => key?.startsWith('steer/') === true;

/** What former lives of the run established holds on; this life notes its own again. */
function factsOf(lines: readonly JournalLine[]): Facts {
  const facts = createFacts();
  const present = lines.length - presentLife(lines).lines.length;
  for (const line of lines.slice(0, present)) if (line.type === 'fact.noted') facts.keep(line.data);
  return facts;
}

function teamOf(
  { ports, onText, lines }: Parts,
  settings: TeamWorld['settings'],
  { purse, bus }: Pick<TeamWorld, 'purse' | 'bus'>,
): Omit<TeamWorld, 'fence' | 'textClass' | 'bus' | 'crew' | 'facts'> {
  return {
    models: ports.models,
    clock: ports.clock,
    settings,
    purse,
    windows: createWindows(),
    standings: createStandings(),
    ...createGallery(
      ports.hasher,
      async (blob) => JSON.parse(await ports.store.readBlob(startOf(lines).run, blob)) as string,
    ),
    onWait: (key, who) => {
      bus.pass(heartbeat(who, key));
    },
    onText: (key, who, text) => {
      bus.pass(heartbeat(who, key));
      onText({ key, role: who.role, text, ...(who.task !== undefined && { task: who.task }) });
    },
  };
}

function startOf(lines: readonly JournalLine[]): EventData<'run.started'> {
  const first = lines[0];
  if (first?.type === 'run.started') return first.data;
  throw new PortError('journal.damaged', 'The journal does not begin with the start of a run.');
}

/** The budget as it was changed last, while the run worked or when it went on; undefined where it never was. */
export function changedBudget(lines: readonly JournalLine[]): BudgetLimits | undefined {
  const changes = lines.flatMap((line) =>
    (line.type === 'run.resumed' || line.type === 'settings.changed') && line.data.budget
      ? [line.data.budget]
      : [],
  );
  return changes.at(-1);
}
