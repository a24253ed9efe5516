import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  broken,
  isApart,
  isSource,
  startedBy,
  tellsSetup,
  testScripts,
} from '../../../../src/core/qa/probe/files.ts';
import { adviceFor, lostIn, mayBeChance } from '../../../../src/core/qa/probe/read.ts';
import { noReport, type TestStatus } from '../../../../src/core/qa/report.ts';
import type { TestRun } from '../../../../src/core/qa/run-tests.ts';

const SOURCES = [
  'add.js',
  'src/index.ts',
  'src/build/plan.ts',
  'src/target/out.rs',
  'packages/lib/lib/a.mjs',
  'app/View.tsx',
  'app/View.vue',
  'pkg/__init__.py',
  'src/pkg/core.py',
  'pkg/contest.py',
  'lib/latest.rb',
  'main.go',
  'src/lib.rs',
  'src/main/java/org/Adder.java',
  'Adder.cs',
  'include/add.h',
  'add.cpp',
  'index.php',
];
const OTHERS = [
  // Tests and what only they read.
  'test/add.test.js',
  'src/add.spec.ts',
  'src/__tests__/add.js',
  'src/__mocks__/fs.js',
  'tests/test_core.py',
  'pkg/test_core.py',
  'pkg/tests.py',
  'test.js',
  'add_test.go',
  'add_test.cpp',
  'test_add.c',
  'src/test/java/org/AdderTest.java',
  'App.Tests/Adding.cs',
  'spec/add_spec.rb',
  'test/fixtures/a.js',
  'testdata/x.go',
  // What runners and builders load.
  'conftest.py',
  'pkg/conftest.py',
  'jest.config.js',
  'vitest.config.mts',
  'eslint.config.js',
  '.eslintrc.cjs',
  'jest.setup.js',
  'src/setupTests.ts',
  'setup.py',
  'manage.py',
  'build.rs',
  // Generated, lent, declared.
  'dist/index.js',
  'packages/a/build/index.js',
  'node_modules/a/index.js',
  'vendor/github.com/a/a.go',
  '.venv/lib/python3/site-packages/a.py',
  'types/a.d.ts',
  'a.min.js',
  'a_pb2.py',
  'a.pb.go',
  '.yarn/releases/yarn.cjs',
  // No code.
  'README.md',
  'greet.txt',
  'package.json',
  'greet.spec',
  'run.sh',
];

test('source code is broken; tests, configuration, what is generated or lent, and what is no code stay', () => {
  assert.deepEqual(
    SOURCES.filter((path) => !isSource(path)),
    [],
  );
  assert.deepEqual(OTHERS.filter(isSource), []);
});

test('folders that are apart are not even looked into', () => {
  assert.deepEqual(['src', 'src/out', 'lib', 'bin'].filter(isApart), []);
  const apart = ['node_modules', 'packages/a/node_modules', '.git', 'out', 'packages/a/dist'];
  assert.deepEqual(
    apart.filter((folder) => !isApart(folder)),
    [],
  );
});

test('a script that is broken throws and keeps its names; what is compiled is no code any more', () => {
  assert.equal(
    broken('a.ts', 'export const a = 1;\n', 'mark'),
    "throw new Error('mark');\nexport const a = 1;\n",
  );
  assert.equal(
    broken('a.js', '#!/usr/bin/env node\nrun();\n', 'mark'),
    "#!/usr/bin/env node\nthrow new Error('mark');\nrun();\n",
  );
  assert.match(broken('a.py', 'A = 1\n', 'mark'), /^raise RuntimeError\('mark'\)\nA = 1\n$/);
  assert.match(broken('a.php', '<?php echo 1;', 'mark'), /^<\?php throw .*mark/);
  for (const path of ['a.go', 'a.rs', 'a.java', 'a.h', 'a.cs'])
    assert.match(broken(path, 'package a', 'mark'), /^mark [a-z ]+\.\n$/, path);
});

test('what the command starts must run; the scripts of a package tell it', () => {
  const starts = startedBy(
    [
      'node ./run.js --all && python -m tools.check',
      ...testScripts('{"scripts":{"test":"node \'scripts/all.mjs\'","start":"node main.js"}}'),
    ].join(' '),
  );
  for (const path of ['run.js', 'tools/check.py', 'scripts/all.mjs']) assert.ok(starts.has(path), path);
  assert.ok(!starts.has('main.js'));
  assert.deepEqual(
    [testScripts(undefined), testScripts('no json'), testScripts('{"scripts":{"test":1}}')],
    [[], [], []],
  );
});

test('locks, manifests and the configuration of runners tell one set-up from another', () => {
  const names = [
    'package-lock.json',
    'pyproject.toml',
    'requirements-dev.txt',
    'go.sum',
    'pytest.ini',
    'tsconfig.json',
    'README.md',
    'add.js',
  ];
  assert.deepEqual(
    names.filter((name) => !tellsSetup(name)),
    ['README.md', 'add.js'],
  );
});

/** A run in which these tests ended so. */
function ran(tests: Readonly<Record<string, TestStatus>>, more: Partial<TestRun> = {}): TestRun {
  const count = (status: TestStatus): number => Object.values(tests).filter((its) => its === status).length;
  const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')];
  const report = {
    ...noReport('node'),
    status: 'complete' as const,
    totals: { passed, failed, skipped },
    tests: Object.entries(tests).map(([name, status]) => ({ id: name, name, status })),
  };
  const base = { end: 'exited' as const, label: 't', command: 't', output: '', why: '' };
  return { ...base, exitCode: failed > 0 ? 1 : 0, report, ...more };
}

const GOOD = ran({ a: 'passed', b: 'passed', c: 'failed' }, { durationMs: 1000 });
const NOTHING = { ...ran({}), report: noReport('node') };
const limitMs = 900_000;
const lost = (now: TestRun, chance: readonly string[] = [], before = GOOD) => {
  const ids = lostIn({ before, now, chance: new Set(chance), limitMs });
  return ids && [...ids];
};

test('what passed and passes no more is noticed; chance is not, and no end says nothing', () => {
  const cases: readonly (readonly [string, readonly string[] | undefined, readonly string[] | undefined])[] =
    [
      ['the same', lost(GOOD), []],
      ['one fails', lost(ran({ a: 'passed', b: 'failed', c: 'failed' })), ['b']],
      ['one is skipped', lost(ran({ a: 'passed', b: 'skipped', c: 'failed' })), ['b']],
      ['nothing could be read', lost({ ...NOTHING, exitCode: 1 }), ['a', 'b']],
      ['only what depends on chance', lost(ran({ a: 'passed', b: 'failed', c: 'failed' }), ['b']), []],
      [
        'a file does not load beside',
        lost({ ...GOOD, report: { ...GOOD.report, errors: [{ message: 'x' }] } }),
        ['the run'],
      ],
      ['another exit code', lost({ ...GOOD, exitCode: 2 }), ['the run']],
      ['hangs, and was quick', lost({ ...NOTHING, end: 'timedOut', exitCode: null }), ['the run']],
      ['ended by a signal', lost({ ...NOTHING, end: 'killed', exitCode: null }), undefined],
      [
        'slow all along',
        lost({ ...NOTHING, end: 'timedOut', exitCode: null }, [], { ...GOOD, durationMs: 800_000 }),
        undefined,
      ],
    ];
  for (const [what, found, expected] of cases) assert.deepEqual(found, expected, what);
});

test('a failure that does not speak of the broken code may be chance, where other tests pass', () => {
  const may = (now: TestRun) => mayBeChance({ before: GOOD, now, chance: new Set(), limitMs }, 'mark');
  const one = ran({ a: 'passed', b: 'failed' });
  assert.equal(may(one), true);
  assert.equal(may({ ...one, output: 'Error: mark' }), false);
  assert.equal(may({ ...one, report: { ...one.report, errors: [{ message: 'mark' }] } }), false);
  assert.equal(may(ran({ a: 'failed', b: 'failed' })), false);
});

test('the advice is that of the language', () => {
  assert.match(adviceFor('elsewhere', ['a.py']), /pip install -e \./);
  assert.match(adviceFor('elsewhere', ['a.ts']), /link packages/);
  assert.doesNotMatch(adviceFor('elsewhere', ['a.ts']), /pip/);
  assert.match(adviceFor('elsewhere', ['a.c']), /build before the tests/);
  assert.match(adviceFor('unclear', ['a.c']), /is not known/);
});
