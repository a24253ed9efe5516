/** What is well, what is doubtful, and what stands in the way, with what to do. Pure: the doors collect the facts. */
import type { EndpointFacts, Facts, NetworkFacts, StorageFacts, TeamFacts } from './facts.ts';

export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly area:
    | 'Versions'
    | 'Folder'
    | 'Tools'
    | 'Storage'
    | 'Models'
    | 'Network'
    | 'Tests'
    | 'Team'
    | 'Project'
    | 'Runs';
  readonly level: Level;
  /** What was found. */
  readonly text: string;
  /** What to do; never missing where something stands in the way. */
  readonly advice?: string;
}

const NODE_MAJOR_MIN = 20;
const FREE_BYTES_MIN = 256 * 1024 ** 2;
const FREE_BYTES_LOW = 2 * 1024 ** 3;
const USED_BYTES_MUCH = 10 * 1024 ** 3;
const UNFINISHED_SHOWN = 5;

export function judge(facts: Facts): readonly Finding[] {
  return [
    ...versions(facts),
    ...folder(facts),
    ...tools(facts),
    ...(facts.storage === undefined ? [] : storage(facts.storage)),
    ...models(facts),
    ...network(facts.network),
    ...tests(facts),
    ...(facts.team === undefined ? [] : team(facts.team)),
    ...project(facts),
    ...runs(facts),
  ];
}

/** Something stands in the way of a run. */
export const isIll = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === 'problem');

type Area = Finding['area'];
const ok = (area: Area, text: string): Finding => ({ area, level: 'ok', text });
const warning = (area: Area, text: string, advice: string): Finding => ({
  area,
  level: 'warning',
  text,
  advice,
});
const problem = (area: Area, text: string, advice: string): Finding => ({
  area,
  level: 'problem',
  text,
  advice,
});

function versions({ versions: { quartet, node, editor, system } }: Facts): readonly Finding[] {
  const text = [`Quartet ${quartet}`, ...(editor === undefined ? [] : [editor]), `Node ${node}`, system].join(
    ', ',
  );
  const major = Number(/\d+/.exec(node)?.[0] ?? 0);
  return [
    major >= NODE_MAJOR_MIN
      ? ok('Versions', `${text}.`)
      : problem('Versions', `${text}: this Node is too old.`, `Use Node ${NODE_MAJOR_MIN} or newer.`),
  ];
}

function folder({ folder: { path, trusted, obstacle } }: Facts): readonly Finding[] {
  if (obstacle !== undefined) return [problem('Folder', obstacle, adviceForFolder(path, trusted))];
  if (path === undefined)
    return [problem('Folder', 'No folder is open.', 'Open the folder that the team should work on.')];
  return [ok('Folder', trusted === true ? `${path}, trusted.` : `${path}.`)];
}

const adviceForFolder = (path: string | undefined, trusted: boolean | undefined): string => {
  if (path === undefined) return 'Open a folder that lies on a disk.';
  return trusted === false ? 'Trust the folder ("Manage Workspace Trust").' : 'Open another folder.';
};

function tools({ git, ripgrep }: Facts): readonly Finding[] {
  return [
    git.problem === undefined
      ? ok('Tools', `Git ${git.version ?? ''} works.`)
      : warning(
          'Tools',
          `Git does not work (${git.problem}): working copies are plain copies.`,
          'Install git, and see that it is on the PATH: it is faster, and agents can look at the history.',
        ),
    ripgrep === undefined
      ? warning('Tools', 'Ripgrep was not found: searches are slow.', 'Install ripgrep (rg).')
      : ok('Tools', `Ripgrep: ${ripgrep}.`),
  ];
}

function storage({ path, problem: why, freeBytes, usedBytes }: StorageFacts): readonly Finding[] {
  if (why !== undefined)
    return [
      problem('Storage', `${path} cannot be written: ${why}`, 'Make it writable, or name another folder.'),
    ];
  const used = usedBytes === undefined ? '' : `; ${sizeText(usedBytes)} are used`;
  const free = freeBytes === undefined ? '' : `; ${sizeText(freeBytes)} are free`;
  const text = `${path} is writable${used}${free}.`;
  const findings: Finding[] = [];
  if (freeBytes !== undefined && freeBytes < FREE_BYTES_MIN)
    findings.push(problem('Storage', text, 'Free some space on this disk: working copies need it.'));
  else if (freeBytes !== undefined && freeBytes < FREE_BYTES_LOW)
    findings.push(
      warning('Storage', text, 'Space is short: each task that works has a checkout of its own.'),
    );
  else findings.push(ok('Storage', text));
  if ((usedBytes ?? 0) > USED_BYTES_MUCH)
    findings.push(
      warning('Storage', 'Runs take much space.', '"quartet gc" removes what no run needs, and old runs.'),
    );
  return findings;
}

const CONFIGURE =
  'Run "Quartet: Configure Models" in the editor; at the terminal name one with --base-url and --model, or set OPENAI_API_KEY.';

function models({ models: { endpoints, routes, source, problem: why } }: Facts): readonly Finding[] {
  if (why !== undefined) return [problem('Models', why, CONFIGURE)];
  if (endpoints.length === 0) return [problem('Models', 'No model was found.', CONFIGURE)];
  const ids = new Set(endpoints.map(({ id }) => id));
  const lost = Object.entries(routes).flatMap(([role, route]) =>
    route.filter((id) => !ids.has(id)).map((id) => `${role} → ${id}`),
  );
  const usable = endpoints.some(({ failure }) => failure === undefined);
  const isNeeded = (id: string) =>
    Object.values(routes).some(
      (route) => route.includes(id) && route.every((each) => isDown(each, endpoints)),
    );
  return [
    ok('Models', `From: ${source}. ${routesText(routes)}`),
    ...endpoints.flatMap((each) => [...endpoint(each, !usable || isNeeded(each.id)), ...nowOf(each)]),
    ...(lost.length === 0
      ? []
      : [problem('Models', `Routes lead to endpoints that are not there: ${lost.join(', ')}.`, CONFIGURE)]),
  ];
}

const routesText = (routes: Facts['models']['routes']): string =>
  Object.entries(routes)
    .map(([role, ids]) => `${role}: ${ids.join(' → ')}`)
    .join('; ');

const isDown = (id: string, endpoints: readonly EndpointFacts[]): boolean =>
  endpoints.find((each) => each.id === id)?.failure !== undefined;

/** One that does not answer stands in the way where nobody stands behind it. */
function endpoint(facts: EndpointFacts, isNeeded: boolean): readonly Finding[] {
  const { name, address, failure, tools: called, listed, hasKey, hasPrice, kind } = facts;
  const where = address === undefined ? name : `${name} at ${address}`;
  if (failure !== undefined) {
    const text = `${where}: ${failure.message}`;
    const advice = failure.advice ?? 'Look at the settings of this endpoint.';
    return [isNeeded ? problem('Models', text, advice) : warning('Models', text, advice)];
  }
  const key = kind === 'openai' ? (hasKey ? 'with a key' : 'without a key') : '';
  const said = [`${where} answers`, ...(key === '' ? [] : [key])].join(' ');
  return [
    called === 'called'
      ? ok('Models', `${said}, and calls tools.`)
      : warning(
          'Models',
          `${said}, but called no tool when asked to.`,
          'Choose a model that can call tools: the team works through them.',
        ),
    ...(listed === false
      ? [
          warning(
            'Models',
            `${name}: the server does not list this model, though it answers.`,
            'Nothing, while it works.',
          ),
        ]
      : []),
    ...(hasPrice || kind === 'scripted' || kind === 'cassette'
      ? []
      : [
          ok(
            'Models',
            `${name} has no price: its cost reads "unknown", and a run with a cost limit refuses it.`,
          ),
        ]),
  ];
}

/** How it does for what works now. */
function nowOf({ name, now }: EndpointFacts): readonly Finding[] {
  if (now === undefined) return [];
  const { health, inFlight, why = 'it is not well' } = now;
  const calls = inFlight === 0 ? '' : `${inFlight} ${inFlight === 1 ? 'call' : 'calls'} under way`;
  if (health !== 'fine')
    return [
      warning(
        'Models',
        `${name} at the moment: ${why}${calls === '' ? '' : `; ${calls}`}.`,
        'Nothing, where another stands behind it: agents that begin now ask that one. Else look at the server.',
      ),
    ];
  return calls === '' ? [] : [ok('Models', `${name} at the moment: ${calls}.`)];
}

function network(facts: NetworkFacts): readonly Finding[] {
  const { proxy, noProxy, proxyProblem, extraAuthorities, systemAuthorities, unchecked } = facts;
  const isPassedOver =
    facts.systemOnlyByProxy === true && proxy !== undefined && extraAuthorities !== undefined;
  const authorities = systemAuthorities
    ? 'Certificate authorities of the system are trusted too.'
    : undefined;
  return [
    proxy === undefined
      ? ok('Network', 'No proxy is set.')
      : proxyProblem === undefined
        ? ok('Network', `Proxy ${proxy}${noProxy === undefined ? '' : `, but not for ${noProxy}`}.`)
        : problem(
            'Network',
            `Proxy ${proxy} is set, but not used: ${proxyProblem}`,
            'Use a newer Node, or list the server in NO_PROXY if it can be reached directly.',
          ),
    ...(extraAuthorities === undefined
      ? []
      : [
          extraAuthorities.problem === undefined
            ? ok('Network', `Certificate authorities of ${extraAuthorities.path} are trusted.`)
            : problem(
                'Network',
                `NODE_EXTRA_CA_CERTS names ${extraAuthorities.path}: ${extraAuthorities.problem}`,
                'Correct the path; Node ignores it silently.',
              ),
        ]),
    ...(isPassedOver
      ? [
          warning(
            'Network',
            'By way of a proxy the editor trusts the authorities of the system only, not those of NODE_EXTRA_CA_CERTS.',
            'Add the authority to the store of the system; on Linux SSL_CERT_FILE may name another store.',
          ),
        ]
      : []),
    ...(authorities === undefined ? [] : [ok('Network', authorities)]),
    ...(unchecked
      ? [
          warning(
            'Network',
            'Certificates are not checked (NODE_TLS_REJECT_UNAUTHORIZED=0): anybody in between can read keys and code.',
            'Unset it, and set NODE_EXTRA_CA_CERTS instead.',
          ),
        ]
      : []),
  ];
}

function tests({ tests: found }: Facts): readonly Finding[] {
  if (found === undefined) return [];
  return [
    found.label === undefined
      ? warning(
          'Tests',
          `No way to run tests was found. ${found.why}`,
          'Without tests a change is "not proved". Name the command with quartet.testCommand or --test-command.',
        )
      : ok('Tests', `${found.label}. ${found.why}`),
  ];
}

function team({ roles, tools, granted = [], changed = [] }: TeamFacts): readonly Finding[] {
  const others = tools
    .filter(({ version }) => version !== '1')
    .map(({ name, version }) => `${name} ${version}`);
  const versions = others.length === 0 ? 'all of version 1' : `version 1 but for ${others.join(', ')}`;
  return [
    ok('Team', `${roles.length} roles: ${roles.join(', ')}.`),
    ok('Team', `${tools.length} tools, ${versions}.`),
    ...(granted.length === 0 ? [] : [ok('Team', `Tools of other programs: ${granted.join(', ')}.`)]),
    ...(changed.length === 0
      ? []
      : [
          warning(
            'Team',
            `Refused, as they describe themselves otherwise than when you granted them: ${changed.join(', ')}.`,
            'Look at them and grant them again: "Quartet: Grant Tools of Other Programs".',
          ),
        ]),
  ];
}

function project({ instructions = [], roles = [] }: Facts): readonly Finding[] {
  return [
    ...(instructions.length === 0
      ? []
      : [ok('Project', `Agents are told what stands in ${instructions.map(instructionText).join(', ')}.`)]),
    ...instructions
      .filter(({ cut }) => cut)
      .map(({ path, characters }) =>
        warning(
          'Project',
          `Of ${path} only the first ${characters} characters are told.`,
          'Say what matters first, or make it shorter.',
        ),
      ),
    ...instructions
      .filter(({ secrets }) => secrets)
      .map(({ path }) =>
        warning(
          'Project',
          `${path} holds what looks like a key or a password. Agents are told "[secret]" in its place.`,
          'Take it out of the file: whoever can read the project can read it.',
        ),
      ),
    ...roles.flatMap((role) => roleFinding(role)),
  ];
}

const instructionText = ({ path, globs }: NonNullable<Facts['instructions']>[number]): string =>
  globs.length === 0 ? path : `${path} (for ${globs.join(', ')})`;

function roleFinding({
  path,
  name,
  approved,
  problems,
}: NonNullable<Facts['roles']>[number]): readonly Finding[] {
  const wrong = problems.map((each) => warning('Project', `${path}, ${each}`, 'Mend the role file.'));
  if (name === undefined) return wrong;
  if (approved) return [...wrong, ok('Project', `Role "${name}": ${path}.`)];
  const text = `The role "${name}" of the workspace (${path}) is not approved as it reads now.`;
  return [...wrong, warning('Project', text, 'Look at the file. You are asked before it is first used.')];
}

function runs({ runs: found }: Facts): readonly Finding[] {
  if (found === undefined) return [];
  const { unfinished, leftovers, ill = [] } = found;
  const more =
    unfinished.length > UNFINISHED_SHOWN ? ` and ${unfinished.length - UNFINISHED_SHOWN} more` : '';
  return [
    unfinished.length === 0
      ? ok('Runs', 'No run is unfinished.')
      : ok(
          'Runs',
          `Unfinished: ${unfinished.slice(0, UNFINISHED_SHOWN).join(', ')}${more}. They can be resumed.`,
        ),
    ...ill.map(({ run, name, why }) =>
      warning('Runs', `In ${run}, ${name}: ${why}`, `"quartet show ${run} --registry" tells how it does.`),
    ),
    ...(leftovers === 0
      ? []
      : [
          warning(
            'Runs',
            `${leftovers} folders of former runs are left over.`,
            'They go when the next run starts, or with "quartet gc".',
          ),
        ]),
  ];
}

function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
  return bytes >= 1024 ** 2 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}
