/**
 * Real projects with real runners, and a coder that fails, then removes the test, then skips it or makes it weaker, then mends the code.
 * What proves that only the mended code turns green, at the terminal and in the editor.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Script } from '../../src/core/models/script.ts';
import { agent, edit, result, script } from '../scenarios/parts.ts';

const MOCHA = resolve(import.meta.dirname, '../../node_modules/mocha/bin/mocha.js');

export interface ProvedProject {
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
  /** Where it is not found, or differs from what would be. */
  readonly testCommand?: string;
  /** Folders that the tests read outside of the project. */
  readonly readable?: string;
}

const NODE_TEST = `test('adds', () => assert.equal(add(1, 2), 3));`;
const PY_TEST = '    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n';
const GO_TEST = 'func TestAdds(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Error("wrong")\n\t}\n}\n';
const RUST_TEST = '#[test]\nfn adds() {\n    assert_eq!(add(1, 2), 3);\n}\n';

export const PROVED_PROJECTS: readonly ProvedProject[] = [
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
    testCommand: `node ${MOCHA} test`,
    readable: dirname(dirname(dirname(MOCHA))),
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
    runner: 'cargo test',
    needs: ['cargo', '--version'],
    files: {
      'Cargo.toml': '[package]\nname = "add"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "add"\nversion = "0.1.0"\n',
      'src/lib.rs': 'pub fn add(a: i64, b: i64) -> i64 {\n    a - b\n}\n',
      'tests/adding.rs': `use add::add;\n\n${RUST_TEST}\n#[test]\nfn other() {\n    assert_eq!(add(0, 0), 0);\n}\n`,
    },
    code: ['src/lib.rs', 'a - b', 'a + b'],
    tests: 'tests/adding.rs',
    test: RUST_TEST,
    cheat: RUST_TEST.replace('#[test]', '#[test]\n#[ignore]'),
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
    testCommand: 'node tap.js',
  },
];

/** The runner of a project is on this machine. */
export function isThere(
  { needs: [program = '', ...args] }: ProvedProject,
  path = process.env['PATH'],
): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', env: { ...process.env, PATH: path } });
    return true;
  } catch {
    return false;
  }
}

/** Writes a project into a folder, which is made where there is none. */
export async function lay({ files }: ProvedProject, folder: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
}

export const goalOf = ({ code: [path] }: ProvedProject): string => `Mend ${path} so that all tests pass.`;

/** What the gates say of the coder's rounds, in this order. */
export const PROVED_VERDICTS = ['red', 'red', 'red', 'green'];

/** A coder that fails, cheats twice, and mends. */
export function coderOf({ code: [path, line, mended], tests, test, cheat, files }: ProvedProject): Script {
  const whole = files[tests] ?? '';
  const without = whole.replace(test, '');
  const cheated = whole.replace(test, cheat);
  const rounds = [
    [edit(path, line, 'b - a')],
    [edit(tests, whole, without)],
    [edit(tests, without, cheated)],
    [edit(tests, cheated, whole), edit(path, 'b - a', mended)],
  ];
  return script(
    agent(
      'coder',
      rounds.map((calls) => [...calls, result()]),
    ),
  );
}

/** Files as they should be after it all: the code mended, the tests as they were. */
export function mendedFiles({ code: [path, line, mended], tests, files }: ProvedProject) {
  return { [path]: (files[path] ?? '').replace(line, mended), [tests]: files[tests] ?? '' };
}
