/**
 * Which changed lines the tests reach, with real runners at the terminal. Where one lacks what it needs, it is said why. Jest, Vitest
 * and Bun are run where `QUARTET_RUNNERS` names a folder with their packages.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { pathWithPytest } from '../support/pytest.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, edit, result, script } from './parts.ts';

/** Folders in it: `jest`, `vitest`, `bun`, each with `node_modules`, and `venv`, a Python with pytest-cov. */
const RUNNERS = process.env['QUARTET_RUNNERS'];
const own = RUNNERS === undefined ? [] : [join(RUNNERS, 'venv/bin'), join(RUNNERS, 'bun/node_modules/.bin')];
const pytest = pathWithPytest(own);
const PATH = pytest ?? process.env['PATH'] ?? '';

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor(() => Promise.resolve({ PATH }));
});
after(() => door.close());

function works(program: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore', env: { ...process.env, PATH } });
    return true;
  } catch {
    return false;
  }
}

interface Project {
  readonly runner: string;
  readonly skip: string | false;
  readonly files: Readonly<Record<string, string>>;
  /** Its change, and the lines of it that no test reaches; or why nothing is known of it. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
  readonly missed: readonly number[];
  readonly unknown?: RegExp | false;
  /** A folder of packages that the project's tests need. */
  readonly packages?: string;
}

const withPackages = (name: string) => ({
  packages: join(RUNNERS ?? '', name, 'node_modules'),
  skip: RUNNERS === undefined && 'QUARTET_RUNNERS names no folder of packages',
});

const JS = {
  path: 'src/sign.js',
  from: '  return n;\n',
  to: '  if (n < 0) {\n    return -1;\n  }\n  return 1;\n',
  missed: [3],
};
const SIGN = 'exports.sign = (n) => {\n  return n;\n};\n';
const SIGN_MODULE = SIGN.replace('exports.', 'export const ');
const PYTHON = {
  path: 'app/sign.py',
  from: '    return n\n',
  to: '    if n < 0:\n        return -1\n    return 1\n',
  missed: [3],
};

const lacksCoverage = !works('python3', '-c', 'import coverage') && /not known: Python has no package/;

const PROJECTS: readonly Project[] = [
  {
    runner: 'go test',
    skip: !works('go', 'version') && 'go does not work here',
    files: {
      'go.mod': 'module example.com/sign\n\ngo 1.19\n',
      'deep/sign.go': 'package deep\n\nfunc Sign(n int) int {\n\treturn n\n}\n',
      'sign_test.go':
        'package sign\n\nimport (\n\t"testing"\n\n\t"example.com/sign/deep"\n)\n\nfunc TestSign(t *testing.T) {\n\tif deep.Sign(1) != 1 {\n\t\tt.Error("wrong")\n\t}\n}\n',
    },
    path: 'deep/sign.go',
    from: '\treturn n\n',
    to: '\tif n < 0 {\n\t\treturn -1\n\t}\n\treturn 1\n',
    missed: [5],
  },
  {
    ...{ runner: 'pytest', skip: pytest === undefined && 'pytest does not work here', ...PYTHON },
    files: {
      'pytest.ini': '[pytest]\npythonpath = .\n',
      'app/sign.py': 'def sign(n):\n    return n\n',
      'test_sign.py': 'from app.sign import sign\n\n\ndef test_sign():\n    assert sign(1) == 1\n',
    },
    unknown: lacksCoverage,
  },
  {
    ...{
      runner: 'unittest',
      skip: !works('python3', '--version') && 'python3 does not work here',
      ...PYTHON,
    },
    files: {
      'app/sign.py': 'def sign(n):\n    return n\n',
      'test_sign.py':
        'import unittest\nfrom app.sign import sign\n\n\nclass Signs(unittest.TestCase):\n    def test_sign(self):\n        self.assertEqual(sign(1), 1)\n',
    },
    unknown: lacksCoverage,
  },
  {
    ...{ runner: 'Jest', ...withPackages('jest'), ...JS },
    files: {
      'package.json': '{"scripts":{"test":"jest"},"devDependencies":{"jest":"*"}}',
      'src/sign.js': SIGN,
      'sign.test.js': `const { sign } = require('./src/sign.js');\ntest('sign', () => expect(sign(1)).toBe(1));\n`,
    },
  },
  {
    ...{ runner: 'Vitest', ...withPackages('vitest'), ...JS },
    files: {
      'package.json': '{"type":"module","scripts":{"test":"vitest"},"devDependencies":{"vitest":"*"}}',
      'src/sign.js': SIGN_MODULE,
      'sign.test.js': `import { expect, test } from 'vitest';\nimport { sign } from './src/sign.js';\ntest('sign', () => expect(sign(1)).toBe(1));\n`,
    },
  },
  {
    ...{ runner: 'Bun', ...withPackages('bun'), ...JS },
    files: {
      'package.json': '{"scripts":{"test":"bun test"},"devDependencies":{"bun":"*"}}',
      'bun.lock': '{"lockfileVersion": 1, "workspaces": {"": {"name": "a"}}, "packages": {}}',
      'src/sign.js': SIGN,
      'sign.test.js': `const { sign } = require('./src/sign.js');\ntest('sign', () => expect(sign(1)).toBe(1));\n`,
    },
  },
];

async function lay({ files, path, from, to, packages }: Project, name: string) {
  const folder = join(door.room, name);
  for (const [each, text] of Object.entries({ '.gitignore': 'node_modules\n', ...files })) {
    await fs.mkdir(dirname(join(folder, each)), { recursive: true });
    await fs.writeFile(join(folder, each), text);
  }
  if (packages !== undefined)
    await fs.cp(packages, join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
  const coder = join(door.room, `${name}.json`);
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', [[edit(path, from, to), result()]]))));
  return { folder, coder };
}

for (const [index, project] of PROJECTS.entries()) {
  const { runner, skip, path, missed, unknown = false } = project;
  test(`${runner}: which changed lines its tests reach`, { skip }, async () => {
    const { folder, coder } = await lay(project, `covered-${index}`);
    const run = door.start(
      ...['run', 'Tell the sign only.', '--workspace', folder, '--script', coder],
      ...['--quick', '--approve', 'none', '--apply', '--json'],
    );
    const code = await run.ended;
    const lines = run.said.out
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as JournalLine);
    const report = lines.flatMap((line) => (line.type === 'gate.finished' ? [line.data] : [])).at(-1)?.report;
    const told = `${run.said.err}\n${JSON.stringify(report, undefined, 1)}`;
    assert.equal(code, 0, told);
    const { coverage } = report ?? {};
    const [, id = ''] = /^Run (\S+)/m.exec(run.said.err) ?? [];
    const show = door.start('show', id);
    await show.ended;
    if (unknown) {
      assert.equal(coverage?.total, 0, told);
      assert.match(show.said.out, unknown);
    } else {
      assert.deepEqual(
        coverage?.files.map((file) => [file.path, file.missed]),
        [[path, missed]],
        told,
      );
      assert.match(show.said.out, /Tests reach \d of \d changed lines[^]*not reached: \d/);
    }
    const steps = lines.filter(({ type, key = '' }) => type === 'step.started' && key.endsWith('/coverage'));
    assert.equal(steps.length, 1, 'the merged tree is the one that was measured');
    const names = (await fs.readdir(folder)).filter(
      (name) => name !== 'node_modules' && name !== '__pycache__',
    );
    const were = new Set([
      '.gitignore',
      ...Object.keys(project.files).map((each) => each.replace(/\/.*/, '')),
    ]);
    assert.deepEqual(new Set(names), were, 'nothing is written beside the change');
  });
}
