import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectTests, setupFromCommand, setupFromSetting } from '../../../../src/core/qa/detect.ts';
import type { DetectOptions, FilesView, TestSetup } from '../../../../src/core/qa/test-setup.ts';

type Files = Readonly<Record<string, string>>;

/** A tree in memory. */
function view(files: Files): FilesView {
  const paths = Object.keys(files);
  return {
    exists: (path) => paths.some((each) => each === path || each.startsWith(`${path}/`)),
    read: async (path) => files[path],
    list: async (dir) => {
      const inside = dir === '' ? paths : paths.filter((path) => path.startsWith(`${dir}/`));
      return [
        ...new Set(inside.map((path) => path.slice(dir === '' ? 0 : dir.length + 1).split('/')[0] ?? '')),
      ];
    },
  };
}

/** A package.json with these scripts, and other files beside it. */
function js(scripts: Files, others: Files = {}, packages: Files = {}): Files {
  return { 'package.json': JSON.stringify({ scripts, devDependencies: packages }), ...others };
}

const NODE =
  '--test-reporter=spec --test-reporter-destination=stdout --test-reporter="{reportsUrl}/node-reporter.mjs" --test-reporter-destination="{reports}/node.jsonl"';
const NODE_2 = NODE.replace('node.jsonl', 'node-2.jsonl');
const JEST = '--json --outputFile="{reports}/jest.json" --testLocationInResults --watchAll=false';
const VITEST = '--run --reporter=default --reporter=json --outputFile.json="{reports}/vitest.json"';
const MOCHA = '--reporter "{reports}/mocha-reporter.cjs" --reporter-option output="{reports}/mocha.json"';
const PYTEST = '-o junit_family=xunit1 --junitxml="{reports}/pytest.xml"';
const NO_TEST = { test: 'echo "Error: no test specified" && exit 1' };
const IMPORTS = "import { test } from 'node:test';";

type Case = readonly [what: string, files: Files, runner: string, command: string, why?: RegExp];

const FOUND: readonly Case[] = [
  ['node', js({ test: 'node --test' }), 'node', `npm test -- ${NODE}`, /script "test" \(node --test\)/],
  ['node with files', js({ test: "node --test 'test/**'" }), 'node', `node --test ${NODE} 'test/**'`],
  [
    'node with a loader',
    js({ test: 'node --import tsx --test a.ts' }),
    'node',
    `node --import tsx --test ${NODE} a.ts`,
  ],
  [
    'node with a reporter of its own',
    js({ test: 'node --test --test-reporter dot --test-reporter-destination=stdout a.js' }),
    'node',
    `node --test ${NODE} a.js`,
  ],
  [
    'node below c8',
    js({ test: 'c8 node --test a.js' }),
    'node',
    `npx --no-install c8 node --test ${NODE} a.js`,
  ],
  ['tsx', js({ test: 'tsx --test a.ts' }), 'node', `npx --no-install tsx --test ${NODE} a.ts`],
  [
    'node without --test',
    js({ test: 'node test.js' }, { 'test.js': IMPORTS }),
    'node',
    `node ${NODE} test.js`,
  ],
  ['a program of node', js({ test: 'node test.js' }, { 'test.js': 'run()' }), 'unknown', 'npm test'],
  [
    'with a pretest',
    js({ pretest: 'tsc', test: 'node --test a.js' }),
    'node',
    `npx --no-install tsc && node --test ${NODE} a.js`,
  ],
  ['jest', js({ test: 'jest' }), 'jest', `npm test -- ${JEST}`],
  ['jest through npx', js({ test: 'npx jest --ci' }), 'jest', `npm test -- ${JEST}`],
  [
    'jest by its file',
    js({ test: 'node --experimental-vm-modules node_modules/jest/bin/jest.js' }),
    'jest',
    `npm test -- ${JEST}`,
  ],
  [
    'jest before lint',
    js({ test: 'jest && eslint .' }),
    'jest',
    `npx --no-install jest ${JEST} && npx --no-install eslint .`,
  ],
  ['create-react-app', js({ test: 'react-scripts test' }), 'jest', `npm test -- ${JEST}`],
  [
    'vitest',
    js({ test: 'vitest' }, { 'pnpm-lock.yaml': '' }),
    'vitest',
    `pnpm run test ${VITEST}`,
    /pnpm-lock.yaml says pnpm/,
  ],
  [
    'mocha',
    js({ test: 'cross-env A=1 mocha -R dot' }, { 'yarn.lock': '' }),
    'mocha',
    `yarn run test ${MOCHA}`,
  ],
  ['ava', js({ test: 'ava' }), 'ava', 'npm test -- --tap'],
  ['tap', js({ test: 'tap test/*.js' }), 'tap', 'npm test -- --reporter=tap'],
  ['tape', js({ test: 'tape test/*.js' }), 'tape', 'npm test'],
  [
    'bun',
    js({ test: 'bun test' }, { 'bun.lock': '' }),
    'bun',
    'bun run test --reporter=junit --reporter-outfile="{reports}/bun.xml"',
  ],
  [
    'a script that calls a script',
    js({ test: 'npm run lint && npm run unit', lint: 'eslint .', unit: 'jest' }),
    'jest',
    `npm run lint && (npx --no-install jest ${JEST})`,
  ],
  [
    'with arguments',
    js({ test: 'npm run unit -- --coverage', unit: 'vitest run' }),
    'vitest',
    `(npx --no-install vitest run ${VITEST} --coverage)`,
  ],
  [
    'several runners',
    js({ test: 'npm run a && npm run b', a: 'jest', b: 'node --test' }),
    'unknown',
    `(npx --no-install jest ${JEST}) && (node --test ${NODE_2})`,
  ],
  ['scripts in a circle', js({ test: 'npm run a', a: 'npm run test' }), 'unknown', 'npm test'],
  ['another script', js({ ...NO_TEST, 'test:unit': 'jest' }), 'jest', `npm run test:unit -- ${JEST}`],
  ['a runner nobody knows', js({ test: 'turbo run test' }), 'unknown', 'npm test'],
  [
    'a package that is a runner',
    js(NO_TEST, {}, { jest: '1' }),
    'jest',
    `npx --no-install jest ${JEST}`,
    /jest is among its packages/,
  ],
  [
    'a file that imports node:test',
    js({}, { 'test/a.test.js': IMPORTS }),
    'node',
    `node --test ${NODE}`,
    /test\/a.test.js uses node's own/,
  ],
  [
    'packageManager before lock files',
    { 'package.json': '{"packageManager":"pnpm@9","scripts":{"test":"vitest"}}', 'yarn.lock': '' },
    'vitest',
    `pnpm run test ${VITEST}`,
  ],
  ['pytest.ini', { 'pytest.ini': '' }, 'pytest', `python3 -m pytest ${PYTEST}`, /There is a pytest.ini/],
  [
    'pyproject.toml',
    { 'pyproject.toml': '[tool.pytest.ini_options]' },
    'pytest',
    `python3 -m pytest ${PYTEST}`,
  ],
  ['setup.cfg', { 'setup.cfg': '[tool:pytest]' }, 'pytest', `python3 -m pytest ${PYTEST}`],
  ['requirements', { 'requirements.txt': 'flask\npytest==8\n' }, 'pytest', `python3 -m pytest ${PYTEST}`],
  [
    'plain test functions',
    { 'tests/test_a.py': 'def test_a(): pass' },
    'pytest',
    `python3 -m pytest ${PYTEST}`,
  ],
  [
    'a virtual environment',
    { 'pytest.ini': '', '.venv/bin/python': '' },
    'pytest',
    `.venv/bin/python -m pytest ${PYTEST}`,
  ],
  ['uv', { 'pytest.ini': '', 'uv.lock': '' }, 'pytest', `uv run python -m pytest ${PYTEST}`],
  [
    'JavaScript without tests beside Python',
    { ...js(NO_TEST), 'pytest.ini': '' },
    'pytest',
    `python3 -m pytest ${PYTEST}`,
  ],
];

for (const [what, files, runner, command, why] of FOUND) {
  test(`found: ${what}`, async () => {
    const setup = await detectTests(view(files));
    assert.deepEqual(
      { found: setup.found, runner: setup.runner, command: setup.command },
      { found: true, runner, command },
    );
    if (why !== undefined) assert.match(setup.why, why);
    assert.notEqual(setup.label, '');
    for (const path of setup.reportFiles ?? []) assert.ok(command.includes(path), path);
  });
}

const PYTHON_STYLES: readonly (readonly [text: string, runner: string])[] = [
  ['import time, unittest\n\nclass A(unittest.TestCase):\n    def test_a(self):\n        pass\n', 'unittest'],
  ['from unittest import TestCase\n', 'unittest'],
  ['from unittest import mock\n\ndef test_a():\n    assert mock\n', 'pytest'],
  ['import unittest.mock\n\nasync def test_a():\n    pass\n', 'pytest'],
  ['import os  # not unittest\n\nclass TestA:\n    def test_a(self):\n        pass\n', 'pytest'],
];

for (const [text, runner] of PYTHON_STYLES)
  test(`${runner} runs ${JSON.stringify(text.slice(0, 40))}`, async () => {
    assert.equal((await detectTests(view({ 'test_a.py': text }))).runner, runner);
  });

test('unittest, where test files use it', async () => {
  const setup = await detectTests(view({ 'tests/test_a.py': 'import unittest' }));
  assert.equal(setup.runner, 'unittest');
  assert.equal(
    setup.command,
    'python3 "{reports}/unittest_reporter.py" "{reports}/unittest.jsonl" discover -s tests',
  );
  assert.match(setup.only?.name ?? '', /discover -s tests -k "\{filter\}"$/);
});

const NOTHING: readonly (readonly [what: string, files: Files, why: RegExp])[] = [
  ['an empty folder', {}, /There is no package.json\. No Python tests .* Set "quartet.testCommand"/],
  ["npm's default", js(NO_TEST), /"test" is npm's default, which runs none/],
  ['a broken package.json', { 'package.json': '{' }, /package.json is not valid JSON/],
  ['a package.json that is a list', { 'package.json': '[]' }, /package.json is not valid JSON/],
  ['scripts that are no texts', { 'package.json': '{"scripts":{"test":1}}' }, /has no test script/],
  ['workspaces', { 'package.json': '{"workspaces":["a"]}' }, /None of its workspaces has one either/],
  [
    'a package.json full of nonsense',
    { 'package.json': '{"scripts":7,"devDependencies":[]}' },
    /has no test script/,
  ],
];

for (const [what, files, why] of NOTHING) {
  test(`not found: ${what}`, async () => {
    const setup = await detectTests(view(files));
    assert.deepEqual([setup.found, setup.command], [false, '']);
    assert.match(setup.why, why);
  });
}

const SETTINGS: readonly (readonly [setting: string, runner: string, command: string])[] = [
  ['pytest -q tests', 'pytest', `pytest ${PYTEST} -q tests`],
  ['  npx jest ', 'jest', `npx jest ${JEST}`],
  ['cd sub && A=1 npx vitest run x', 'vitest', `cd sub && A=1 npx vitest run ${VITEST} x`],
  ['FOO=1 node --test "a b.js"', 'node', `FOO=1 node --test ${NODE} "a b.js"`],
  ['poetry run pytest', 'pytest', `poetry run pytest ${PYTEST}`],
  [
    'coverage run -m pytest && coverage report',
    'pytest',
    `coverage run -m pytest ${PYTEST} && coverage report`,
  ],
  [
    'python -m unittest discover && echo ok',
    'unittest',
    'python "{reports}/unittest_reporter.py" "{reports}/unittest.jsonl" discover && echo ok',
  ],
  ['make test', 'unknown', 'make test'],
  ['tox -e jest', 'unknown', 'tox -e jest'],
  ['echo jest', 'unknown', 'echo jest'],
  ['echo "a && jest"', 'unknown', 'echo "a && jest"'],
  ['npm test', 'unknown', 'npm test'],
];

test('a setting: the runner is told from its text', () => {
  for (const [setting, runner, command] of SETTINGS) {
    const setup = setupFromSetting(setting);
    assert.deepEqual([setup.runner, setup.command, setup.label], [runner, command, setting.trim()]);
    assert.match(setup.why, /The setting "quartet.testCommand" says/);
  }
  assert.equal(setupFromSetting(' ').found, false);
});

test('a setting that names a script is followed', async () => {
  const files = view(js({ test: 'jest', 'test:int': 'mocha' }));
  const told = async (command: string): Promise<readonly string[]> => {
    const { command: whole, label } = await setupFromCommand(command, files);
    return [whole, label];
  };
  assert.deepEqual(await told('npm test'), [`npm test -- ${JEST}`, 'npm test']);
  assert.deepEqual(await told('npm run test:int'), [`npm run test:int -- ${MOCHA}`, 'npm run test:int']);
  assert.deepEqual(await told('npm run nowhere'), ['npm run nowhere', 'npm run nowhere']);
  assert.deepEqual(await told('pytest'), [`pytest ${PYTEST}`, 'pytest']);
});

test('some of several runners write no report: told', async () => {
  const setup = await detectTests(view(js({ test: 'jest && tape a.js' })));
  assert.equal(setup.partly, true);
  const whole = await detectTests(view(js({ test: 'jest && vitest' })));
  assert.deepEqual(
    [whole.partly, whole.reportFiles],
    [undefined, ['{reports}/jest.json', '{reports}/vitest-2.json']],
  );
});

test('what sets a fresh checkout up', async () => {
  const packages = { jest: '1' };
  const commands = async (files: Files, options?: DetectOptions): Promise<TestSetup['setupCommands']> =>
    (await detectTests(view(files), options)).setupCommands;
  assert.deepEqual(await commands(js({ test: 'jest' }, { 'package-lock.json': '' }, packages)), ['npm ci']);
  assert.deepEqual(await commands(js({ test: 'jest' }, {}, packages)), ['npm install']);
  assert.deepEqual(await commands(js({ test: 'jest' }, { 'yarn.lock': '' }, packages)), [
    'yarn install --frozen-lockfile',
  ]);
  assert.equal(await commands(js({ test: 'node --test' })), undefined);
  assert.deepEqual(await commands({ 'pytest.ini': '', 'uv.lock': '' }), ['uv sync --frozen']);
  assert.equal(await commands({ 'pytest.ini': '' }), undefined);
});

test('on Windows Python has other names', async () => {
  const label = async (files: Files): Promise<string> =>
    (await detectTests(view(files), { windows: true })).label;
  assert.equal(await label({ 'pytest.ini': '' }), 'python -m pytest');
  assert.equal(
    await label({ 'pytest.ini': '', '.venv/Scripts/python.exe': '' }),
    '.venv/Scripts/python.exe -m pytest',
  );
});

test('a view without folders is enough where files say how', async () => {
  const { list: _list, ...bare } = view(js({ test: 'jest' }));
  assert.equal((await detectTests(bare)).runner, 'jest');
  assert.equal((await detectTests({ exists: () => false, read: async () => undefined })).found, false);
});
