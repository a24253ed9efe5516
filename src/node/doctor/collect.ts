/** Puts together what the doctor judges. The doors say what only they know. */
import { arch, platform, release } from 'node:os';
import type { EndpointFacts, Facts, ModelFacts, NetworkFacts, TeamFacts } from '../../core/doctor/facts.ts';
import type { Log } from '../../core/ports.ts';
import { createRedactor } from '../../core/policy/redact.ts';
import { readInstructions } from '../../core/team/instructions.ts';
import { createRegistry } from '../../core/team/registry.ts';
import { judgeRoles, type JudgedRole } from '../../core/team/role-files.ts';
import { TOOLS } from '../../core/tools/catalogue.ts';
import { createRunViews } from '../../core/run/views/views.ts';
import type { Endpoint, Route } from '../../protocol/settings.ts';
import { createNodePorts } from '../ports.ts';
import { authorityFacts, gitFacts, ripgrepFacts, runFacts, storageFacts, testFacts } from './place.ts';

/** The models that a run would use; a failure to find any is the doctor's to tell. */
export interface FoundForDoctor {
  readonly source: string;
  readonly endpoints: readonly Endpoint[];
  readonly routes: Readonly<Record<string, Route>>;
}

export interface CollectNeeds {
  readonly versions: Omit<Facts['versions'], 'node' | 'system'>;
  readonly folder: Facts['folder'];
  /** Absolute path of the storage folder, where there is a folder to work on. */
  readonly storage: string | undefined;
  readonly find: () => Promise<FoundForDoctor | undefined>;
  readonly check: (endpoint: Endpoint) => Promise<EndpointFacts>;
  /** The proxy in force, and whether the authorities of the system are. */
  readonly network: Pick<NetworkFacts, 'proxy' | 'noProxy' | 'proxyProblem' | 'systemAuthorities'>;
  readonly ripgrep: readonly string[];
  readonly testCommand: string | undefined;
  /** Tools of other programs; absent where this door has none. */
  readonly hostTools?: Pick<TeamFacts, 'granted' | 'changed'>;
  readonly log: Log;
}

export async function collectFacts(needs: CollectNeeds): Promise<Facts> {
  const { storage, folder } = needs;
  const [git, ripgrep, models, authorities, stored] = await Promise.all([
    gitFacts(),
    ripgrepFacts(needs.ripgrep),
    modelFacts(needs),
    authorityFacts(process.env),
    storage === undefined ? undefined : storageFacts(storage),
  ]);
  const isReadable = folder.path !== undefined && storage !== undefined && stored?.problem === undefined;
  return {
    versions: { ...needs.versions, node: process.version, system: `${platform()} ${release()} ${arch()}` },
    folder,
    git,
    ...(ripgrep !== undefined && { ripgrep }),
    ...(stored !== undefined && { storage: stored }),
    models,
    network: { ...needs.network, ...authorities },
    ...(isReadable && (await workFacts(needs, folder.path, storage))),
  };
}

async function workFacts(
  { log, testCommand, hostTools }: CollectNeeds,
  root: string,
  storage: string,
): Promise<Pick<Facts, 'tests' | 'runs' | 'instructions' | 'roles' | 'team'>> {
  const ports = createNodePorts({ workspaceRoot: root, storage, log });
  const { files, store, hasher } = ports;
  const views = createRunViews(store, hasher);
  const kept = await ports.tests.kept().catch(() => undefined);
  const [tests, runs, instructions, roles] = await Promise.all([
    testFacts(files, root, { setting: testCommand, kept: kept?.command }),
    runFacts({ storage, store, views, log }).catch(() => undefined),
    readInstructions(ports, root),
    ports.roles.list(),
  ]);
  const judged = judgeRoles(roles).map(roleFacts);
  return {
    tests,
    instructions: instructions.map(({ path, text, cut, globs }) => ({
      path,
      globs,
      cut: cut ?? false,
      characters: text.length,
      secrets: holdsSecrets(text),
    })),
    roles: judged,
    team: { ...teamFacts(judged), ...hostTools },
    ...(runs !== undefined && { runs }),
  };
}

const holdsSecrets = (text: string): boolean => createRedactor().redact(text) !== text;

function teamFacts(own: NonNullable<Facts['roles']>): TeamFacts {
  const registry = createRegistry();
  const usable = own.flatMap(({ name, approved }) => (name !== undefined && approved ? [name] : []));
  return {
    roles: [...new Set([...registry.names, ...usable])],
    tools: [...TOOLS.values()].map(({ name, version = '1' }) => ({ name, version })),
  };
}

function roleFacts({ path, approved, role, problems }: JudgedRole): NonNullable<Facts['roles']>[number] {
  return {
    path,
    approved,
    problems: problems.map(({ line, message }) => `line ${line}: ${message}`),
    ...(role && { name: role.name }),
  };
}

async function modelFacts({ find, check }: CollectNeeds): Promise<ModelFacts> {
  try {
    const found = await find();
    if (found === undefined) return { source: '', endpoints: [], routes: {} };
    const { source, endpoints } = found;
    const routes = Object.fromEntries(
      Object.entries(found.routes).map(([role, places]) => [role, places.flat()]),
    );
    return { source, routes, endpoints: await Promise.all(endpoints.map((endpoint) => check(endpoint))) };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { source: '', endpoints: [], routes: {}, problem };
  }
}
