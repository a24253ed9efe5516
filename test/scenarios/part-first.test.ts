/**
 * What belongs to a change runs first where the suite is slow, with runners that are told names or load everything; and a single test
 * runs by its name. AVA is run where `QUARTET_RUNNERS` names a folder with its packages.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, edit, result, script } from './parts.ts';

const rust = process.env['RUSTUP_HOME'] ?? join(userInfo().homedir, '.rustup');

let door: TerminalDoor;
before(async () => {
  // The door has a home of its own; where Rust is, its programs look for in the person's.
  door = await openTerminalDoor(() => Promise.resolve({ RUSTUP_HOME: rust }));
});
after(() => door.close());

function lacks(program: string, ...args: readonly string[]): string | false {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return false;
  } catch {
    return `${program} does not work here`;
  }
}

interface Project {
  readonly runner: string;
  readonly skip: string | false;
  readonly files: Readonly<Record<string, string>>;
  /** The code that one of its tests belongs to: right, and broken by the change. */
  readonly path: string;
  readonly right: string;
  readonly broken: string;
  /** Ids of the test that notices, and of one of another file. */
  readonly notices: string;
  readonly other: string;
  /** The name by which that test is asked for alone. */
  readonly name: string;
  readonly packages?: string;
}

const python = (name: string, does: string, body: string): string =>
  `import unittest\nfrom ${name} import ${name}\n\n\nclass Of${name}(unittest.TestCase):\n    def test_${does}(self):\n        ${body}\n\n    def test_more(self):\n        self.assertTrue(${name})\n`;
const ava = (name: string, body: string): string =>
  `const test = require('ava');\nconst { ${name} } = require('../src/${name}.js');\ntest('does ${name}', (t) => ${body});\ntest('more of ${name}', (t) => t.truthy(${name}));\n`;
const RUNNERS = process.env['QUARTET_RUNNERS'];

const PROJECTS: readonly Project[] = [
  {
    runner: 'unittest',
    skip: lacks('python3', '--version'),
    files: {
      'sums.py': 'def sums(a, b):\n    return a + b\n',
      'times.py': 'def times(a, b):\n    return a * b\n',
      'tests/helper.py': 'THREE = 3\n',
      'tests/test_sums.py': python(
        'sums',
        'adds',
        'from helper import THREE; self.assertEqual(sums(1, 2), THREE)',
      ),
      'tests/test_times.py': python('times', 'multiplies', 'self.assertEqual(times(2, 3), 6)'),
    },
    ...{ path: 'sums.py', right: 'a + b', broken: 'a - b', name: 'test_adds' },
    notices: 'tests/test_sums.py > Ofsums > test_adds',
    other: 'tests/test_times.py > Oftimes > test_multiplies',
  },
  {
    runner: 'cargo test',
    skip: lacks('cargo', '--version'),
    files: {
      '.gitignore': 'target\n',
      'Cargo.toml': '[package]\nname = "sums"\nversion = "0.1.0"\nedition = "2021"\n',
      'Cargo.lock': 'version = 3\n\n[[package]]\nname = "sums"\nversion = "0.1.0"\n',
      'src/lib.rs': 'pub mod sums;\npub mod times;\n',
      'src/sums.rs':
        'pub fn sums(a: i32, b: i32) -> i32 {\n    a + b\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {\n        assert_eq!(super::sums(1, 2), 3);\n    }\n}\n',
      'src/times.rs':
        'pub fn times(a: i32, b: i32) -> i32 {\n    a * b\n}\n\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn multiplies() {\n        assert_eq!(super::times(2, 3), 6);\n    }\n}\n',
    },
    ...{ path: 'src/sums.rs', right: 'a + b', broken: 'a - b', name: 'adds' },
    notices: 'src/lib.rs > sums > tests > adds',
    other: 'src/lib.rs > times > tests > multiplies',
  },
  {
    runner: 'AVA',
    skip: RUNNERS === undefined && 'QUARTET_RUNNERS names no folder of packages',
    packages: join(RUNNERS ?? '', 'ava/node_modules'),
    files: {
      'package.json': '{"scripts":{"test":"ava"},"devDependencies":{"ava":"*"}}',
      'src/sums.js': 'exports.sums = (a, b) => a + b;\n',
      'src/times.js': 'exports.times = (a, b) => a * b;\n',
      'test/sums.test.js': ava('sums', 't.is(sums(1, 2), 3)'),
      'test/times.test.js': ava('times', 't.is(times(2, 3), 6)'),
    },
    ...{ path: 'src/sums.js', right: 'a + b', broken: 'a - b', name: 'does sums' },
    notices: 'sums \u203a does sums',
    other: 'times \u203a does times',
  },
];

async function lay({ files, path, right, broken, packages }: Project, name: string) {
  const folder = join(door.room, name);
  for (const [each, text] of Object.entries({ '.gitignore': 'node_modules\n', ...files })) {
    await fs.mkdir(dirname(join(folder, each)), { recursive: true });
    await fs.writeFile(join(folder, each), text);
  }
  if (packages !== undefined)
    await fs.cp(packages, join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const coder = join(door.room, `${name}.json`);
  const rounds = [
    [edit(path, right, broken), result()],
    [edit(path, broken, `${right} + 0`), result()],
  ];
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', rounds))));
  return { folder, coder };
}

const journalOf = (text: string): readonly JournalLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalLine);

/** Ids of the tests that a step's run told. */
function toldBy(lines: readonly JournalLine[], suffix: string): readonly string[] {
  const end = lines.find((line) => line.type === 'step.finished' && (line.key ?? '').endsWith(suffix));
  const output = end?.type === 'step.finished' ? end.data.output : undefined;
  const { report } = (output ?? {}) as { report?: { tests: readonly { id: string }[] } };
  return (report?.tests ?? []).map(({ id }) => id);
}

for (const [index, project] of PROJECTS.entries()) {
  const { runner, skip, notices, other, name } = project;
  test(`${runner}: what belongs to the change runs first, and one test by its name`, { skip }, async () => {
    const { folder, coder } = await lay(project, `part-${index}`);
    const run = door.start(
      ...['run', 'Change how it adds.', '--workspace', folder, '--script', coder, '--quick'],
      ...['--approve', 'none', '--json', '--changed-first', '0.001', '--no-probe', '--no-coverage'],
    );
    const code = await run.ended;
    const lines = journalOf(run.said.out);
    const gates = lines.flatMap((line) => (line.type === 'gate.finished' ? [line.data] : []));
    const told = `${run.said.err}\n${JSON.stringify(gates, undefined, 1)}`;
    const [first, second] = gates.filter(({ scope }) => scope === 'task');
    assert.equal(first?.report.part, true, told);
    assert.deepEqual(
      first.report.newlyFailing.map(({ id }) => id),
      [notices],
      told,
    );
    const part = toldBy(lines, '/gate/0/part');
    assert.ok(part.includes(notices) && !part.includes(other), JSON.stringify(part));
    assert.equal(second?.report.verdict, 'green', told);
    assert.equal(second.report.part, undefined);
    assert.equal(code, 0, told);

    const alone = door.start('test', '--workspace', folder, '--name', name, '--json');
    await alone.ended;
    const [report] = journalOf(alone.said.out).flatMap((line) =>
      line.type === 'gate.finished' ? [line.data.report] : [],
    );
    assert.deepEqual(report?.totals, { passed: 1, failed: 0, skipped: 0 }, alone.said.err);
  });
}
