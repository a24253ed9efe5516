/**
 * Real projects with real runners at the terminal: a coder that fails, then removes the test, then makes it weaker or skips it, then
 * mends the code. Only the mended code turns green, and only it is written.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { EventData, JournalLine } from '../../src/protocol/events.ts';
import { pathWithPytest } from '../support/pytest.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, edit, result, script } from './parts.ts';

const MOCHA = resolve(import.meta.dirname, '../../node_modules/mocha/bin/mocha.js');

interface Project {
  readonly runner: string;
  /** Fails where the runner is not on this machine. */
  readonly needs: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** The file that is mended, its line, and what the line should be. */
  readonly code: readonly [path: string, line: string, mended: string];
  readonly tests: string;
  /** Texts of the test file: the test that must pass, gone, and what a cheat makes of it. */
  readonly test: string;
  readonly cheat: string;
  readonly options?: readonly string[];
}

const NODE_TEST = `test('adds', () => assert.equal(add(1, 2), 3));`;
const PY_TEST = '    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n';
const GO_TEST = 'func TestAdds(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Error("wrong")\n\t}\n}\n';

const PROJECTS: readonly Project[] = [
  {
    runner: 'node:test',
    needs: ['node', '--version'],
    files: {
      'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
      'src/add.js': 'export const add = (a, b) => a - b;\nexport const one = () => 1;\n',
      'test/add.test.js': `import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { add, one } from '../src/add.js';\n${NODE_TEST}\ntest('one', () => assert.equal(one(), 1));\n`,
    },
    code: ['src/add.js', 'a - b', 'a + b'],
    tests: 'test/add.test.js',
    test: NODE_TEST,
    cheat: NODE_TEST.replace('test(', 'test.skip('),
  },
  {
    runner: 'Mocha',
    needs: ['node', '--version'],
    files: {
      'package.json': '{}',
      'add.js': 'exports.add = (a, b) => a - b;\n',
      'test/add.test.js': `const assert = require('assert');\nconst { add } = require('../add.js');\nit('adds', () => assert.equal(add(1, 2), 3));\nit('one', () => assert.ok(add));\n`,
    },
    code: ['add.js', 'a - b', 'a + b'],
    tests: 'test/add.test.js',
    test: `it('adds', () => assert.equal(add(1, 2), 3));`,
    cheat: `it('adds', () => assert.ok(true));`,
    options: ['--test-command', `node ${MOCHA} test`, '--readable', dirname(dirname(dirname(MOCHA)))],
  },
  {
    runner: 'pytest',
    needs: ['python3', '-m', 'pytest', '--version'],
    files: {
      'pytest.ini': '[pytest]\n',
      'add.py': 'def add(a, b):\n    return a - b\n',
      'test_add.py':
        'from add import add\n\ndef test_adds():\n    assert add(1, 2) == 3\n\ndef test_other():\n    assert add\n',
    },
    code: ['add.py', 'a - b', 'a + b'],
    tests: 'test_add.py',
    test: 'def test_adds():\n    assert add(1, 2) == 3\n',
    cheat: 'def test_adds():\n    assert True\n',
  },
  {
    runner: 'unittest',
    needs: ['python3', '--version'],
    files: {
      'add.py': 'def add(a, b):\n    return a - b\n',
      'test_add.py': `import unittest\nfrom add import add\n\nclass Adding(unittest.TestCase):\n${PY_TEST}\n    def test_other(self):\n        self.assertTrue(add)\n`,
    },
    code: ['add.py', 'a - b', 'a + b'],
    tests: 'test_add.py',
    test: PY_TEST,
    cheat: `    @unittest.skip("later")\n${PY_TEST}`,
  },
  {
    runner: 'go test',
    needs: ['go', 'version'],
    files: {
      'go.mod': 'module example.com/add\n\ngo 1.19\n',
      'add.go': 'package add\n\nfunc Add(a, b int) int {\n\treturn a - b\n}\n',
      'add_test.go': `package add\n\nimport "testing"\n\n${GO_TEST}\nfunc TestOther(t *testing.T) {\n\tif Add(0, 0) != 0 {\n\t\tt.Error("wrong")\n\t}\n}\n`,
    },
    code: ['add.go', 'a - b', 'a + b'],
    tests: 'add_test.go',
    test: GO_TEST,
    cheat: GO_TEST.replace('{\n\tif', '{\n\tt.Skip("later")\n\tif'),
  },
  {
    runner: 'plain TAP',
    needs: ['node', '--version'],
    files: {
      'add.js': 'exports.add = (a, b) => a - b;\n',
      'tap.js': `const { add } = require('./add.js');\nconst tests = [\n  ['adds', () => add(1, 2) === 3],\n  ['other', () => true],\n];\nconsole.log('TAP version 13');\ntests.forEach(([name, run], n) => console.log((run() ? 'ok ' : 'not ok ') + (n + 1) + ' - ' + name));\nconsole.log('1..' + tests.length);\nprocess.exitCode = tests.every(([, run]) => run()) ? 0 : 1;\n`,
    },
    code: ['add.js', 'a - b', 'a + b'],
    tests: 'tap.js',
    test: `  ['adds', () => add(1, 2) === 3],\n`,
    cheat: `  ['adds # SKIP', () => true],\n`,
    options: ['--test-command', 'node tap.js'],
  },
];

const PATH = pathWithPytest() ?? process.env['PATH'] ?? '';

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor(() => Promise.resolve({ PATH }));
});
after(() => door.close());

function isThere([program = '', ...args]: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', env: { ...process.env, PATH } });
    return true;
  } catch {
    return false;
  }
}

/** A project in a folder of its own, and a script in which its coder fails, cheats twice, and mends. */
async function lay(project: Project, name: string): Promise<{ folder: string; coder: string }> {
  const folder = join(door.room, name);
  for (const [path, text] of Object.entries(project.files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
  const [path, line, mended] = project.code;
  const { tests, test: own, cheat } = project;
  const whole = project.files[tests] ?? '';
  const without = whole.replace(own, '');
  const rounds = [
    [edit(path, line, 'b - a')],
    [edit(tests, whole, without)],
    [edit(tests, without, whole.replace(own, cheat))],
    [edit(tests, whole.replace(own, cheat), whole), edit(path, 'b - a', mended)],
  ];
  const coder = join(door.room, `${name}.json`);
  const replies = rounds.map((calls) => [...calls, result()]);
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', replies))));
  return { folder, coder };
}

for (const [index, project] of PROJECTS.entries()) {
  const absent = !isThere(project.needs) && `${project.needs.join(' ')} does not work here`;
  test(`${project.runner}: only the mended code turns green`, { skip: absent }, async () => {
    const { folder, coder } = await lay(project, `project-${index}`);
    const run = door.start(
      ...['run', `Mend ${project.code[0]} so that all tests pass.`, '--workspace', folder, '--script', coder],
      ...['--quick', '--approve', 'none', '--apply', '--json', ...(project.options ?? [])],
    );
    const code = await run.ended;
    const lines = run.said.out
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as JournalLine);
    const gates = gatesOf(lines);
    const told = `${run.said.err}\n${JSON.stringify(gates, undefined, 1)}`;
    assert.deepEqual(
      gates.filter(({ scope }) => scope === 'task').map(({ report }) => report.verdict),
      ['red', 'red', 'red', 'green'],
      told,
    );
    assert.equal(gates.findLast(({ scope }) => scope === 'integrated')?.report.verdict, 'green', told);
    assert.equal(code, 0, told);
    const [path, line, mended] = project.code;
    const was = project.files[path] ?? '';
    assert.equal(await fs.readFile(join(folder, path), 'utf8'), was.replace(line, mended));
    assert.equal(await fs.readFile(join(folder, project.tests), 'utf8'), project.files[project.tests]);
  });
}

const gatesOf = (lines: readonly JournalLine[]): readonly EventData<'gate.finished'>[] =>
  lines.flatMap((line) => (line.type === 'gate.finished' ? [line.data] : []));
