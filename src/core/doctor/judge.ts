/** What is well, what is doubtful, and what stands in the way, with what to do. Pure: the doors collect the facts. */
import { ENGLISH, type Speech, type Words } from '../../protocol/words.ts';
import type { Facts, StorageFacts, TeamFacts } from './facts.ts';
import { ok, problem, warning, type Finding } from './finding.ts';
import { judgeModels, judgeNetwork } from './judge-reach.ts';

const NODE_MAJOR_MIN = 20;
const FREE_BYTES_MIN = 256 * 1024 ** 2;
const FREE_BYTES_LOW = 2 * 1024 ** 3;
const USED_BYTES_MUCH = 10 * 1024 ** 3;
const UNFINISHED_SHOWN = 5;

export function judge(facts: Facts, speech: Speech = ENGLISH): readonly Finding[] {
  const { t } = speech;
  return [
    ...versions(facts, t),
    ...folder(facts, t),
    ...tools(facts, t),
    ...(facts.storage === undefined ? [] : storage(facts.storage, t)),
    ...judgeModels(facts, speech),
    ...judgeNetwork(facts, speech),
    ...tests(facts, speech),
    ...(facts.team === undefined ? [] : team(facts.team, t)),
    ...project(facts, speech),
    ...runs(facts, speech),
  ];
}

function versions({ versions: { quartet, node, editor, system } }: Facts, t: Words): readonly Finding[] {
  const text = [`Quartet ${quartet}`, ...(editor === undefined ? [] : [editor]), `Node ${node}`, system].join(
    ', ',
  );
  const major = Number(/\d+/.exec(node)?.[0] ?? 0);
  return [
    major >= NODE_MAJOR_MIN
      ? ok('Versions', `${text}.`)
      : problem(
          'Versions',
          t('{0}: this Node is too old.', text),
          t('Use Node {0} or newer.', NODE_MAJOR_MIN),
        ),
  ];
}

function folder({ folder: { path, trusted, obstacle } }: Facts, t: Words): readonly Finding[] {
  if (obstacle !== undefined) return [problem('Folder', obstacle, adviceForFolder(path, trusted, t))];
  if (path === undefined)
    return [problem('Folder', t('No folder is open.'), t('Open the folder that the team should work on.'))];
  return [ok('Folder', trusted === true ? t('{0}, trusted.', path) : `${path}.`)];
}

const adviceForFolder = (path: string | undefined, trusted: boolean | undefined, t: Words): string => {
  if (path === undefined) return t('Open a folder that lies on a disk.');
  return trusted === false ? t('Trust the folder ("Manage Workspace Trust").') : t('Open another folder.');
};

function tools({ git, ripgrep }: Facts, t: Words): readonly Finding[] {
  return [
    git.problem === undefined
      ? ok('Tools', t('Git {0} works.', git.version ?? ''))
      : warning(
          'Tools',
          t('Git does not work ({0}): working copies are plain copies.', git.problem),
          t('Install git, and see that it is on the PATH: it is faster, and agents can look at the history.'),
        ),
    ripgrep === undefined
      ? warning('Tools', t('Ripgrep was not found: searches are slow.'), t('Install ripgrep (rg).'))
      : ok('Tools', `Ripgrep: ${ripgrep}.`),
  ];
}

function storage({ path, problem: why, freeBytes, usedBytes }: StorageFacts, t: Words): readonly Finding[] {
  if (why !== undefined)
    return [
      problem(
        'Storage',
        t('{0} cannot be written: {1}', path, why),
        t('Make it writable, or name another folder.'),
      ),
    ];
  const text = [
    t('{0} is writable', path),
    ...(usedBytes === undefined ? [] : [t('{0} are used', sizeText(usedBytes))]),
    ...(freeBytes === undefined ? [] : [t('{0} are free', sizeText(freeBytes))]),
  ].join('; ');
  const findings: Finding[] = [];
  if (freeBytes !== undefined && freeBytes < FREE_BYTES_MIN)
    findings.push(problem('Storage', `${text}.`, t('Free some space on this disk: working copies need it.')));
  else if (freeBytes !== undefined && freeBytes < FREE_BYTES_LOW)
    findings.push(
      warning('Storage', `${text}.`, t('Space is short: each task that works has a checkout of its own.')),
    );
  else findings.push(ok('Storage', `${text}.`));
  if ((usedBytes ?? 0) > USED_BYTES_MUCH)
    findings.push(
      warning(
        'Storage',
        t('Runs take much space.'),
        t('"quartet gc" removes what no run needs, and old runs.'),
      ),
    );
  return findings;
}

function tests({ tests: found }: Facts, { t, told }: Speech): readonly Finding[] {
  if (found === undefined) return [];
  return [
    found.label === undefined
      ? warning(
          'Tests',
          t('No way to run tests was found. {0}', told(found.why)),
          t(
            'Without tests a change is "not proved". Name the command with quartet.testCommand or --test-command.',
          ),
        )
      : ok('Tests', `${found.label}. ${told(found.why)}`),
  ];
}

function team({ roles, tools, granted = [], changed = [] }: TeamFacts, t: Words): readonly Finding[] {
  const others = tools
    .filter(({ version }) => version !== '1')
    .map(({ name, version }) => `${name} ${version}`);
  return [
    ok('Team', t('{0} roles: {1}.', roles.length, roles.join(', '))),
    ok(
      'Team',
      others.length === 0
        ? t('{0} tools, all of version 1.', tools.length)
        : t('{0} tools, version 1 but for {1}.', tools.length, others.join(', ')),
    ),
    ...(granted.length === 0 ? [] : [ok('Team', t('Tools of other programs: {0}.', granted.join(', ')))]),
    ...(changed.length === 0
      ? []
      : [
          warning(
            'Team',
            t(
              'Refused, as they describe themselves otherwise than when you granted them: {0}.',
              changed.join(', '),
            ),
            t('Look at them and grant them again: "Quartet: Grant Tools of Other Programs".'),
          ),
        ]),
  ];
}

type Instruction = NonNullable<Facts['instructions']>[number];

function project({ instructions = [], roles = [] }: Facts, speech: Speech): readonly Finding[] {
  const { t } = speech;
  const read = instructions.map((each) => instructionText(each, t)).join(', ');
  return [
    ...(instructions.length === 0 ? [] : [ok('Project', t('Agents are told what stands in {0}.', read))]),
    ...instructions
      .filter(({ cut }) => cut)
      .map(({ path, characters }) =>
        warning(
          'Project',
          t('Of {0} only the first {1} characters are told.', path, characters),
          t('Say what matters first, or make it shorter.'),
        ),
      ),
    ...instructions
      .filter(({ secrets }) => secrets)
      .map(({ path }) =>
        warning(
          'Project',
          t('{0} holds what looks like a key or a password. Agents are told "[secret]" in its place.', path),
          t('Take it out of the file: whoever can read the project can read it.'),
        ),
      ),
    ...roles.flatMap((role) => roleFinding(role, speech)),
  ];
}

const instructionText = ({ path, globs }: Instruction, t: Words): string =>
  globs.length === 0 ? path : t('{0} (for {1})', path, globs.join(', '));

function roleFinding(
  { path, name, approved, problems }: NonNullable<Facts['roles']>[number],
  { t, told }: Speech,
): readonly Finding[] {
  const wrong = problems.map((each) =>
    warning('Project', `${path}, ${told(each)}`, t('Mend the role file.')),
  );
  if (name === undefined) return wrong;
  if (approved) return [...wrong, ok('Project', t('Role "{0}": {1}.', name, path))];
  return [
    ...wrong,
    warning(
      'Project',
      t('The role "{0}" of the workspace ({1}) is not approved as it reads now.', name, path),
      t('Look at the file. You are asked before it is first used.'),
    ),
  ];
}

function runs({ runs: found }: Facts, { t, told }: Speech): readonly Finding[] {
  if (found === undefined) return [];
  const { leftovers, ill = [] } = found;
  return [
    ok('Runs', unfinishedText(found.unfinished, t)),
    ...ill.map(({ run, name, why }) =>
      warning(
        'Runs',
        t('In {0}, {1}: {2}', run, name, told(why)),
        t('"quartet show {0} --registry" tells how it does.', run),
      ),
    ),
    ...(leftovers === 0
      ? []
      : [
          warning(
            'Runs',
            t('{0} folders of former runs are left over.', leftovers),
            t('They go when the next run starts, or with "quartet gc".'),
          ),
        ]),
  ];
}

function unfinishedText(runs: readonly string[], t: Words): string {
  if (runs.length === 0) return t('No run is unfinished.');
  const shown = runs.slice(0, UNFINISHED_SHOWN).join(', ');
  const more = runs.length - UNFINISHED_SHOWN;
  if (more <= 0) return t('Unfinished: {0}. They can be resumed.', shown);
  return t('Unfinished: {0} and {1} more. They can be resumed.', shown, more);
}

function sizeText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
  return bytes >= 1024 ** 2 ? `${Math.round(bytes / 1024 ** 2)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}
