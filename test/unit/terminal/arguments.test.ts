import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnswer } from '../../../src/terminal/answering.ts';
import { readArguments } from '../../../src/terminal/arguments.ts';
import { UsageError } from '../../../src/terminal/usage-error.ts';
import { keyVariable, readModelsFile } from '../../../src/terminal/models-file.ts';
import type { NeedView, RunView } from '../../../src/protocol/view.ts';

const GOOD: readonly { typed: readonly string[]; reads: Record<string, unknown> }[] = [
  { typed: [], reads: { name: 'help' } },
  { typed: ['--version'], reads: { name: 'version' } },
  { typed: ['run', 'do it'], reads: { name: 'run', goal: 'do it' } },
  { typed: ['test'], reads: { name: 'test', test: { act: 'run' } } },
  { typed: ['test', '--fix', '--changed'], reads: { name: 'test', test: { act: 'fix' } } },
  { typed: ['test', '--write-for', 'a.js'], reads: { test: { act: 'write', file: 'a.js' } } },
  { typed: ['tests'], reads: { name: 'tests', kept: { act: 'show' } } },
  { typed: ['tests', '--set', ' make t '], reads: { kept: { act: 'set', command: 'make t' } } },
  { typed: ['tests', '--release', 'a > b'], reads: { kept: { act: 'release', id: 'a > b' } } },
  { typed: ['show', 'run-1'], reads: { name: 'show', run: 'run-1' } },
  {
    typed: ['answer', 'run-1', 'plan/1', 'approve'],
    reads: { name: 'answer', signal: 'plan/1', value: 'approve' },
  },
];

for (const { typed, reads } of GOOD) {
  test(`understood: ${typed.join(' ')}`, () => {
    const command = readArguments(typed) as unknown as Record<string, unknown>;
    for (const [key, value] of Object.entries(reads)) assert.deepEqual(command[key], value);
  });
}

test('approvals: all by default, none, or some', () => {
  const of = (...more: string[]) => {
    const command = readArguments(['run', 'x', ...more]);
    return 'options' in command ? command.options.approvals : undefined;
  };
  assert.deepEqual(of(), { plan: true, commands: true, changes: true });
  assert.deepEqual(of('--approve', 'none'), { plan: false, commands: false, changes: false });
  assert.deepEqual(of('--approve', 'plan,changes'), { plan: true, commands: false, changes: true });
});

test('autonomy, rules, permissions and the audit log', () => {
  const options = (...typed: string[]) => {
    const command = readArguments(typed);
    return 'options' in command ? command.options : undefined;
  };
  assert.equal(options('run', 'x')?.autonomy, undefined);
  assert.equal(options('run', 'x', '--autonomy', 'auto')?.autonomy, 'auto');
  assert.equal(options('run', 'x', '--policy', 'p.json')?.policy, 'p.json');
  assert.equal(options('permissions', '--remove', 'a')?.remove, 'a');
  assert.equal(readArguments(['permissions']).name, 'permissions');
  assert.deepEqual(
    { ...readArguments(['audit', 'run-1']), options: 0 },
    { name: 'audit', run: 'run-1', options: 0 },
  );
});

test('how a change is proved', () => {
  const qa = (...typed: string[]) => {
    const command = readArguments(['run', 'x', ...typed]);
    return 'options' in command ? command.options.qa : undefined;
  };
  assert.deepEqual(qa()?.checks, { types: 'block', lint: 'tell', build: 'block' });
  assert.equal(qa('--check', 'lint=block', '--check', 'types=off')?.checks.types, 'off');
  assert.equal(qa('--rerun-base')?.reuseBase, false);
  assert.equal(qa('--suites', '4')?.suites, 4);
  assert.deepEqual([qa()?.probe, qa('--no-probe')?.probe], [true, false]);
  const only = qa('--file', './a.js', '--file', 'b\\c.js', '--name', 'adds', '--changed')?.only;
  assert.deepEqual(only, { files: ['a.js', 'b/c.js'], name: 'adds', changed: true });
});

test('several coders for a task are read as they are typed', () => {
  const bestOf = (...typed: string[]) => {
    const command = readArguments(['run', 'x', ...typed]);
    return 'options' in command ? command.options.bestOf : undefined;
  };
  assert.equal(bestOf(), undefined);
  assert.deepEqual(bestOf('--best-of', '3'), { candidates: 3, variants: [], choose: 'rule' });
  assert.deepEqual(
    bestOf('--best-of', '2', '--variant', 'a', '--variant', 'b:0.9', '--variant', ':1', '--choose'),
    {
      candidates: 2,
      variants: [{ endpoint: 'a' }, { endpoint: 'b', temperature: 0.9 }, { temperature: 1 }],
      choose: 'ask',
    },
  );
});

const BAD: readonly [readonly string[], RegExp][] = [
  [['test', 'a'], /takes no arguments/],
  [['test', '--fix', '--diagnose'], /takes one of --diagnose, --fix and --write-for/],
  [['tests', '--set', 'a', '--flaky'], /takes one of --set/],
  [['tests', '--set', ' '], /--set takes a text/],
  [['run', 'x', '--check', 'types'], /--check takes types, lint, build/],
  [['run', 'x', '--suites', '99'], /out of bounds/],
  [['fly'], /no command "fly"/],
  [['run'], /needs a goal in quotes/],
  [['run', 'a', 'b'], /needs a goal in quotes/],
  [['run', ' '], /needs a goal/],
  [['run', 'x', '--approve', 'everything'], /--approve takes/],
  [['run', 'x', '--autonomy', 'wild'], /--autonomy takes ask, guided or auto/],
  [['audit'], /needs the id of a run/],
  [['permissions', 'x'], /takes no arguments/],
  [['run', 'x', '--max-tokens', '1.5'], /--max-tokens takes a whole number above 0/],
  [['run', 'x', '--max-cost', '-1'], /--max-cost/],
  [['run', 'x', '--concurrency', 'many'], /--concurrency/],
  [['run', 'x', '--parked=-1'], /--parked takes a whole number from 0 on/],
  [['test', '--test-seconds', 'long'], /--test-seconds/],
  [['run', 'x', '--best-of', '6'], /--best-of and --variant take at most 5/],
  [['run', 'x', '--variant', 'a:b:c'], /--variant takes ENDPOINT/],
  [['run', 'x', '--variant', 'a:3'], /temperatures from 0 to 2/],
  [['run', 'x', '--nope'], /--nope/],
  [['answer', 'run-1'], /answer needs/],
  [['run', 'x', '--max-role', 'coder'], /--max-role takes a role/],
  [['run', 'x', '--max-role', 'coder.money=1'], /such as coder.cost=0.5/],
  [['run', 'x', '--max-role', 'coder.turns=1.5'], /--max-role takes a whole number/],
  [['run', 'x', '--degrade-at', '120'], /--degrade-at takes/],
  [['run', 'x', '--price', '1'], /--price takes/],
  [['run', 'x', '--price', '1,'], /--price takes/],
];

for (const [typed, says] of BAD) {
  test(`refused: ${typed.join(' ')}`, () => {
    assert.throws(
      () => readArguments(typed),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}

test('budgets: of the run and of roles, prices, and endpoints to fall down to', () => {
  const typed = [
    '--max-cost',
    '2',
    '--max-turns',
    '9',
    '--max-agents',
    '3',
    '--degrade-to',
    'a, b',
    '--price',
    '0,1.5',
  ];
  const roles = [
    '--max-role',
    'coder.cost=0.5',
    '--max-role',
    'coder.turns=4',
    '--max-role',
    'qa.minutes=1.5',
  ];
  const command = readArguments(['run', 'x', ...typed, ...roles]);
  assert.ok('options' in command);
  assert.deepEqual(command.options.budget, {
    costUsdMax: 2,
    turnsMax: 9,
    agentsMax: 3,
    degradeTo: ['a', 'b'],
    roles: { coder: { costUsdMax: 0.5, turnsMax: 4 }, qa: { minutesMax: 1.5 } },
  });
  assert.deepEqual(command.options.price, { inputUsdPerMillion: 0, outputUsdPerMillion: 1.5 });
});

const MODELS_FILES: readonly [name: string, text: string, says: RegExp | undefined][] = [
  ['endpoints alone', '{"endpoints":[{"id":"a","model":"m"}]}', undefined],
  [
    'a group',
    '{"endpoints":[{"id":"a","model":"m"},{"id":"b","model":"m"}],"routes":{"coder":[["a","b"]]}}',
    undefined,
  ],
  ['no JSON', '{', /m.json is not JSON/],
  ['no endpoints', '{"endpoints":[]}', /m.json does not name models/],
  ['a stranger', '{"endpoints":[{"id":"a","model":"m"}],"routes":{"qa":["z"]}}', /names "z"/],
  ['an id twice', '{"endpoints":[{"id":"a","model":"m"},{"id":"a","model":"m"}]}', /same id/],
];
for (const [name, text, says] of MODELS_FILES) {
  test(`models file: ${name}`, () => {
    if (says)
      assert.throws(
        () => readModelsFile(text, 'm.json'),
        (error) => error instanceof UsageError && says.test(error.message),
      );
    else assert.deepEqual(readModelsFile(text, 'm.json').routes['default'], ['a']);
  });
}

test('the key of an endpoint is in a variable of its name', () => {
  assert.equal(keyVariable('my.server-2'), 'QUARTET_KEY_MY_SERVER_2');
});

const FILES = [{ path: 'a.ts' }, { path: 'b.ts' }];
const TASKS = [
  { spec: { id: 'fix' }, candidates: [{ candidate: 1 }, { candidate: 2 }] },
  { spec: { id: 'b' } },
];
const VIEW = { changes: { files: FILES }, tasks: TASKS } as unknown as RunView;

const ANSWERS: readonly [NeedView['ask']['kind'], string, unknown][] = [
  ['plan', 'approve', { decision: 'approve' }],
  ['plan', 'end', { decision: 'end' }],
  ['plan', 'split it', { decision: 'revise', reason: 'split it' }],
  ['permission', 'y', { allow: true }],
  ['permission', 'maybe', undefined],
  ['question', 'blue', { text: 'blue' }],
  ['question', ' ', undefined],
  ['review', 'apply', { decision: 'apply', accepted: ['a.ts', 'b.ts'], rejected: [], edited: {} }],
  [
    'review',
    '{"decision":"apply","accepted":["a.ts"],"rejected":[{"path":"b.ts"}]}',
    { decision: 'apply', accepted: ['a.ts'], rejected: [{ path: 'b.ts' }], edited: {} },
  ],
  ['review', '{"decision":', undefined],
  ...['candidate 2', 'take candidate 2 of fix'].map((typed): (typeof ANSWERS)[number] => [
    'review',
    typed,
    {
      decision: 'choose',
      choice: { task: 'fix', candidate: 2 },
      accepted: [],
      rejected: [],
      edited: {},
    },
  ]),
  ['apply', 'no', { apply: false }],
];

for (const [kind, typed, value] of ANSWERS) {
  test(`answer to ${kind}: ${typed}`, () => {
    const need: NeedView = { signal: 's', at: 0, ask: { kind, title: 't' } };
    const read = readAnswer(need, typed, VIEW);
    if (value === undefined) assert.ok(!read.ok && read.hint !== '');
    else assert.deepEqual(read, { ok: true, value });
  });
}
