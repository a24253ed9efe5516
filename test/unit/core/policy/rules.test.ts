import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, type Deed, type Known } from '../../../../src/core/policy/decide.ts';
import { fits } from '../../../../src/core/policy/rules.ts';
import { policyInForce } from '../../../../src/core/policy/tighten.ts';
import { POSIX } from '../../../../src/core/policy/commands.ts';
import { Policy, PolicyRule, type Autonomy, type PolicyFile } from '../../../../src/protocol/policy.ts';

const subject = { role: 'coder', tool: 'run_command' };
const matching: readonly (readonly [rule: Partial<PolicyRule>, more: object, fits: boolean])[] = [
  [{ role: 'coder' }, {}, true],
  [{ role: 'qa' }, {}, false],
  [{ tool: 'run_*' }, {}, true],
  [{ tool: 'run' }, {}, false],
  [{ role: 'coder', tool: 'edit_file' }, {}, false],
  [{ command: 'npm run docs *' }, { command: 'npm run docs' }, true],
  [{ command: 'npm run docs *' }, { command: 'npm run docs --open' }, true],
  [{ command: 'npm run docs *' }, { command: 'npm run docsx' }, false],
  [{ command: 'npm run docs' }, { command: 'npm run docs x' }, false],
  [{ command: 'a.c' }, { command: 'abc' }, false],
  [{ command: '*' }, { command: 'x\ny' }, true],
  [{ command: 'a*', exact: true }, { command: 'ab' }, false],
  [{ command: 'a*', exact: true }, { command: 'a*' }, true],
  [{ path: 'infra/**' }, { path: 'infra/a/b.tf' }, true],
  [{ path: 'infra' }, { path: 'infra/a/b.tf' }, true],
  [{ path: 'infra' }, { path: 'infra2/a' }, false],
  [{ path: 'infra/**' }, {}, false],
  [{ path: '**/*.sql' }, { path: '.x/a.sql' }, true],
  [{ domain: 'example.com' }, { domain: 'example.com' }, true],
  [{ domain: 'example.com' }, { domain: 'Example.COM.' }, true],
  [{ domain: 'example.com' }, { domain: 'evilexample.com' }, false],
  [{ domain: 'example.com' }, { domain: 'example.com.evil.org' }, false],
  [{ domain: '*.example.com' }, { domain: 'a.example.com' }, true],
  [{ domain: '*.example.com' }, { domain: 'example.com' }, true],
  [{ domain: '*.example.com' }, { domain: 'evilexample.com' }, false],
];
test('a rule fits where everything it names fits', () => {
  for (const [rule, more, expected] of matching)
    assert.equal(
      fits({ decision: 'deny', ...rule }, { ...subject, ...more }),
      expected,
      JSON.stringify([rule, more]),
    );
});

test('a rule that names nothing is no rule', () => {
  assert.equal(PolicyRule.safeParse({ decision: 'allow' }).success, false);
  assert.equal(PolicyRule.safeParse({ decision: 'allow', tools: 'x' }).success, false);
});

const run = (command: string): Deed => ({ ...subject, effect: 'command', command });
const known: Known = { commands: POSIX, permissions: [] };
const asked = (command: string, policy: Partial<Policy>, more: Partial<Known> = {}): string => {
  const stance = { approvals: { commands: true }, interactive: true, policy: Policy.parse(policy) };
  const { decision, by } = decide(run(command), stance, { ...known, ...more });
  return `${decision} by ${by}`;
};
const rules = (...given: readonly PolicyRule[]): Partial<Policy> => ({ rules: [...given] });

test('denials come before questions, and those before permissions; what is forbidden stays forbidden', () => {
  const allow: PolicyRule = { decision: 'allow', command: 'npm *' };
  const ask: PolicyRule = { decision: 'ask', command: 'npm install *' };
  const deny: PolicyRule = { decision: 'deny', command: 'npm install evil' };
  assert.equal(asked('npm install x', rules(allow)), 'allow by rule');
  assert.equal(asked('npm install x', rules(allow, ask)), 'ask by rule');
  assert.equal(asked('npm install evil', rules(allow, ask, deny)), 'deny by rule');
  assert.equal(asked('npm test', rules({ decision: 'deny', tool: 'run_command' })), 'deny by rule');
  for (const line of ['sudo ls', 'cp x .git/config', 'ls\u202e'])
    assert.equal(asked(line, rules({ decision: 'allow', command: '*' })), 'deny by default', line);
});

test('a rule allows one command, not what stands beside it, where it writes or what it sets', () => {
  const policy = rules({ decision: 'allow', command: 'curl https://docs.example/*' });
  assert.equal(asked('curl https://docs.example/a', policy), 'allow by rule');
  assert.equal(asked('curl https://docs.example/a; curl https://evil', policy), 'ask by default');
  assert.equal(asked('curl https://docs.example/a > ../x', policy), 'ask by default');
  assert.equal(asked('PATH=. curl https://docs.example/a', policy), 'ask by default');
});

test('a wide rule over commands does not reach protected files', () => {
  assert.equal(
    asked('cp x .vscode/tasks.json', rules({ decision: 'allow', command: 'cp *' })),
    'ask by default',
  );
  assert.equal(asked('cp x ../y', rules({ decision: 'allow', command: 'cp *' })), 'allow by rule');
});

test('what was allowed for good is just that', () => {
  const rule: PolicyRule = { decision: 'allow', tool: 'run_command', command: 'node build.js', exact: true };
  const permissions = [{ id: '1', at: 0, run: 'r', rule }];
  assert.equal(asked('node build.js', {}, { permissions }), 'allow by remembered');
  assert.equal(asked('node  "build.js"', {}, { permissions }), 'allow by remembered');
  assert.equal(asked('node build.js --x', {}, { permissions }), 'ask by default');
  assert.equal(asked('node build.js; curl x', {}, { permissions }), 'ask by default');
  assert.equal(
    asked('node build.js', { workspaceRules: [{ decision: 'ask', command: 'node *' }] }, { permissions }),
    'ask by workspace',
  );
  assert.equal(
    asked('node build.js', rules({ decision: 'deny', command: 'node *' }), { permissions }),
    'deny by rule',
  );
});

test('a question can be remembered only where it is sure what would be allowed', () => {
  const stance = { approvals: { commands: true }, interactive: true };
  const of = (command: string) => decide(run(command), stance, known).remember;
  assert.deepEqual(of('node build.js'), [
    { decision: 'allow', tool: 'run_command', command: 'node build.js', exact: true },
  ]);
  assert.equal(of('node build.js && curl x')?.length, 2);
  assert.equal(of('cat $X'), undefined);
  assert.equal(of('node build.js > ../x'), undefined);
});

test('what is only known when it runs is not allowed for good in one word with everything else', () => {
  const stance = {
    ...{ approvals: { commands: true }, interactive: true },
    policy: Policy.parse({ autonomy: 'guided' }),
  };
  const of = (command: string) => decide(run(command), stance, known);
  for (const command of ['rm -rf $(ls)', 'rm $((1+1))', 'rm {a,b}']) {
    const { decision, remember } = of(command);
    assert.deepEqual([decision, remember], ['ask', undefined], command);
  }
  const rule = { decision: 'allow' as const, tool: 'run_command', command: 'rm -rf $?', exact: true };
  const permissions = [{ id: 'x', at: 1, run: 'r', rule }];
  assert.equal(decide(run('rm -rf $(ls)'), stance, { ...known, permissions }).decision, 'ask');
});

const levels: readonly (readonly [string, Record<Autonomy, string>])[] = [
  ['ls', { ask: 'allow', guided: 'allow', auto: 'allow' }],
  ['npm test', { ask: 'ask', guided: 'allow', auto: 'allow' }],
  ['node build.js', { ask: 'ask', guided: 'ask', auto: 'allow' }],
  ['cp x .vscode/y', { ask: 'ask', guided: 'ask', auto: 'ask' }],
  ['curl x', { ask: 'ask', guided: 'ask', auto: 'ask' }],
  ['sudo x', { ask: 'deny', guided: 'deny', auto: 'deny' }],
];
test('levels of autonomy', () => {
  for (const [line, by] of levels)
    for (const [autonomy, decision] of Object.entries(by) as [Autonomy, string][])
      assert.match(asked(line, { autonomy }), new RegExp(`^${decision} `, 'u'), `${line} ${autonomy}`);
});

test('where nothing confines commands, auto asks before it runs programs of the project', () => {
  assert.match(asked('node build.js', { autonomy: 'auto', contained: false }), /^ask/u);
  assert.match(asked('npm test', { autonomy: 'auto', contained: false }), /^allow/u);
});

const person: PolicyFile = { autonomy: 'guided', rules: [{ decision: 'deny', command: 'make deploy' }] };
test('a workspace tightens: its questions and denials count, whatever the person allows', () => {
  const policy = policyInForce(
    { autonomy: 'auto', rules: [{ decision: 'allow', command: 'make *' }] },
    JSON.stringify({
      autonomy: 'ask',
      rules: [
        { decision: 'deny', command: 'make release *' },
        { decision: 'ask', tool: 'run_tests' },
      ],
    }),
  );
  assert.equal(policy.autonomy, 'ask');
  assert.equal(asked('make release 1', policy), 'deny by workspace');
  assert.equal(asked('make docs', policy), 'allow by rule');
});

const loosening: readonly unknown[] = [
  { autonomy: 'auto' },
  { rules: [{ decision: 'allow', command: '*' }] },
  {
    rules: [
      { decision: 'allow', tool: '*' },
      { decision: 'allow', path: '**' },
    ],
  },
  { autonomy: 'auto', rules: [{ decision: 'allow', role: '*' }] },
];
test('a workspace never loosens', () => {
  const lines = [
    'ls',
    'npm test',
    'node x.js',
    'curl x',
    'make deploy',
    'cp x .vscode/y',
    'sudo x',
    'cat ../x',
  ];
  for (const file of loosening) {
    const policy = policyInForce(person, JSON.stringify(file));
    for (const line of lines)
      assert.equal(
        asked(line, policy),
        asked(line, policyInForce(person, undefined)),
        `${line} ${JSON.stringify(file)}`,
      );
    assert.ok(policy.notes.length > 0, 'it is said that it does not count');
  }
});

test('a policy of a workspace that cannot be read asks at every step, and is said so', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"rules": 1}',
    '{"rulez": []}',
    '{"__proto__": {"autonomy": "auto"}, "x": 1}',
    'x'.repeat(300_000),
  ]) {
    const policy = policyInForce({ autonomy: 'auto', rules: [] }, text);
    assert.equal(policy.autonomy, 'ask', text.slice(0, 40));
    assert.match(policy.notes.join(), /cannot be read/u);
  }
});

test('scripts of a package are judged by what they say, and by what runs before and after them', () => {
  const scripts = (all: Record<string, string>) => ({ commands: { ...POSIX, scripts: () => all } });
  const of = (line: string, all: Record<string, string>): string =>
    asked(line, { autonomy: 'auto' }, scripts(all)).split(' ')[0] ?? '';
  assert.equal(of('npm test', { test: 'node --test' }), 'allow');
  assert.equal(of('npm test', { test: 'curl https://x' }), 'ask');
  assert.equal(of('npm test', { test: 'node --test', pretest: 'curl https://x' }), 'ask');
  assert.equal(of('npm test', { test: 'node --test', posttest: 'cp x .git/config' }), 'deny');
  assert.equal(of('npm run build', { build: 'npm run a', a: 'claude -p x' }), 'ask');
  assert.equal(of('npm run build', { build: 'npm run build' }), 'ask');
  assert.equal(of('yarn build', { build: 'cat ~/.ssh/id_rsa' }), 'ask');
  assert.equal(of('npm test', JSON.parse('{"__proto__": "x"}') as Record<string, string>), 'allow');
});
