/** Makes agents of a run: role, prompt, place, keys. */
import type { Actor } from '../../../protocol/events.ts';
import { labelOf } from '../../tools/commanding.ts';
import { error, ok, type Observation, type ToolWorld } from '../../tools/contract.ts';
import { createTaint } from '../../tools/outward.ts';
import { createShelf } from '../../tools/more.ts';
import { createReadings, type Readings } from '../../tools/readings.ts';
import { createAgent, type Agent } from '../../team/agent.ts';
import type { AgentSpec } from '../../team/life.ts';
import { topicOf } from '../../team/message.ts';
import type { Role } from '../../team/role.ts';
import { describeRun } from '../../qa/evidence.ts';
import { confinementOf } from '../confinement.ts';
import { portsOf } from '../gate/copy-ports.ts';
import type { Baseline } from '../gate/baseline.ts';
import { testIn } from '../gate/testing.ts';
import type { CopyPlace } from '../place.ts';
import { whyNoAgent } from './own-roles.ts';
import { systemText } from './prompts.ts';
import type { Replanner } from '../attempt.ts';
import type { Run } from '../run.ts';
import type { Asker } from './answering.ts';
import { askTeammate } from './teammates.ts';

export interface Recruit {
  readonly role: string;
  /** Where its keys begin. */
  readonly key: string;
  readonly attempt: number;
  readonly place: CopyPlace;
  readonly task?: string;
  /** Which of several on the task. */
  readonly candidate?: number | undefined;
  /** Id of the endpoint that is asked first. */
  readonly model?: string | undefined;
  readonly temperature?: number | undefined;
  /** What its task cannot do without. */
  readonly requires?: readonly string[] | undefined;
  /** Topics that it follows from the start. */
  readonly topics?: readonly string[] | undefined;
  /** What it may write; absent: what its place allows. */
  readonly scope?: readonly string[];
  /** For `run_tests`; absent where the tests are not known yet. */
  readonly baseline?: Baseline | undefined;
  /** Asked for another plan where it goes round in circles; absent where it works on none. */
  readonly replan?: Replanner | undefined;
  /** The role, made fit for what it is wanted for. */
  readonly as?: (role: Role) => Role;
}

/** A new agent. Its id is its key, so that it is the same on every replay. */
export function recruit(run: Run, spec: Recruit): Agent {
  const role = roleFor(run, spec);
  const file = fileOf(run, spec.role);
  const who: Actor & { agent: string } = {
    role: role.name,
    agent: spec.key,
    ...(spec.task !== undefined && { task: spec.task, attempt: spec.attempt }),
    ...(spec.candidate !== undefined && { candidate: spec.candidate }),
  };
  const { files, search, shell, copies, hasher, permissions, clock } = run.ports;
  const { history, http, languages, hostTools } = run.ports;
  const place = spec.scope ? narrowed(spec.place, spec.scope) : spec.place;
  const system = systemText(run, role);
  const world = {
    files,
    search,
    shell,
    copies,
    place,
    limits: run.settings.limits,
    confine: (writable: readonly string[]) => confinementOf(run, writable),
    ...(run.settings.qa && { env: () => portsOf(run, place.root) }),
    hash: (text: string) => hasher.sha256(text),
    sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms, signal),
    history,
    http,
    languages,
    hostTools,
    browse: browseFor(run, spec, who),
    web: run.settings.web && { settings: run.settings.web, pages: run.pages },
    test: (filter: string | undefined, signal: AbortSignal) =>
      testFor(run, spec, { filter, signal, key: who.agent }),
  };
  const topics = new Set(spec.topics?.map(topicOf));
  const taint = createTaint();
  const readings = readingsOf(run, who.agent);
  const asker: Asker = {
    me: { agent: who.agent, role: role.name, task: spec.task, candidate: spec.candidate },
    who,
    attempt: spec.attempt,
    place: spec.place,
    taint,
    readings,
    requires: spec.requires ?? [],
    model: spec.model,
    make: (other, key, as, model = spec.model) =>
      recruit(run, { ...spec, role: other, key, as, model, scope: [], topics: [] }),
  };
  const testCommand = spec.baseline?.setup.label;
  const stance = stanceOf(run, testCommand);
  const use = {
    steps: run.steps,
    world,
    stance,
    taint,
    permits: { shell, permissions, clock, hasher, run: run.id },
    ledger: run.ledger,
    redactor: run.redactor,
    shelf: createShelf(),
    bus: run.team.bus,
    crew: run.team.crew,
    facts: run.team.facts,
    ask: (call, question) => askTeammate(run, asker, call, question),
    readings,
  } satisfies AgentSpec['use'];
  const { key, attempt, model, temperature, requires } = spec;
  const agent = { role, who, key, attempt, model, temperature, requires, file, system, topics, use };
  return createAgent({ ...agent, ...replansOf(spec) }, run.team, hasher.sha256(system));
}

/** I8: whoever asks for an agent has looked whether there may be one. */
function roleFor(run: Run, { role: name, as }: Recruit): Role {
  const strange = whyNoAgent(run, name);
  if (strange !== undefined) throw new Error(`No agent can be made: ${strange}`);
  const role = run.roles.get(name);
  return as ? as(role) : role;
}

/** What the agent has read, for itself and for whoever is to know who has read a file. */
function readingsOf({ team }: Run, agent: string): Readings {
  const readings = createReadings();
  team.crew.known.set(agent, (path) => readings.of(path) !== undefined);
  return readings;
}

/** Another plan for its task, where it may ask for one. */
function replansOf({ replan, task, attempt }: Recruit): Pick<AgentSpec, 'replans'> {
  if (!replan || task === undefined) return {};
  const ask = (key: string, evidence: string) => replan.ask({ task, attempt, key, evidence });
  return { replans: { isLeft: replan.isLeft, ask } };
}

function fileOf(run: Run, name: string): AgentSpec['file'] {
  const found = run.roleFiles.get(name);
  return found && { path: found.role.path, from: found.role.from, digest: found.digest };
}

/** What decides about the agent's calls. The person may change how much is asked while it lives. */
function stanceOf({ settings, enforced }: Run, testCommand: string | undefined) {
  const { approvals, interactive } = settings;
  return {
    approvals,
    interactive,
    testCommand,
    enforced,
    get policy() {
      return settings.policy;
    },
  };
}

/** The same place with another scope. */
function narrowed(place: CopyPlace, scope: readonly string[]): CopyPlace {
  return Object.create(place, { scope: { value: scope } }) as CopyPlace;
}

/** `browse_page` of an agent: with a fresh profile, held as its commands are. */
function browseFor(run: Run, { place }: Recruit, who: Actor): ToolWorld['browse'] {
  const { browser, files, hasher } = run.ports;
  const { browse } = run.settings;
  if (!browser || !browse) return undefined;
  return async (request, { key, signal }) => {
    const name = `${run.id}-browse-${hasher.sha256(key).slice(0, 12)}`;
    const profile = await files.scratch(name);
    const start = {
      profile,
      confined: confinementOf(run, [profile]),
      beside: place.root,
      label: labelOf({ who }),
      ...(browse.browser !== undefined && { program: browse.browser }),
    };
    try {
      return await browser.look(request, start, signal);
    } finally {
      await files.discardScratch(name);
    }
  };
}

/** `run_tests` of an agent: information for it, never a verdict. */
async function testFor(
  run: Run,
  spec: Recruit,
  how: { filter: string | undefined; signal: AbortSignal; key: string },
): Promise<Observation> {
  if (!spec.baseline?.setup.found) return error(spec.baseline?.setup.why ?? 'The tests are not known yet.');
  const copy = await spec.place.open();
  const name = `${run.id}-tests-${run.ports.hasher.sha256(how.key).slice(0, 12)}`;
  const result = await testIn(run, copy.root, {
    setup: spec.baseline.setup,
    signal: how.signal,
    name,
    key: how.key,
    filter: how.filter,
  });
  const text = describeRun(result);
  const { enforced } = result;
  return { ...(result.exitCode === 0 ? ok(text) : error(text)), ...(enforced && { enforced }) };
}
