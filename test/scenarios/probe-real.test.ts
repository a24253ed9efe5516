/** Real projects at the terminal whose tests load an installed copy, and the same ones set up so that they load the workspace. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { GateReport, JournalLine } from '../../src/protocol/events.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, edit, result, script } from './parts.ts';

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

async function lay(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(folder, path)), { recursive: true });
    await fs.writeFile(join(folder, path), text);
  }
}

interface Change {
  readonly folder: string;
  /** The file that changes, what it says, and what it shall say. */
  readonly code: readonly [path: string, before: string, after: string];
  readonly options?: readonly string[];
}

/** The gate on the integrated tree of a change that keeps the tests green, what people were told, and the exit code. */
async function gateOf({ folder, code, options = [] }: Change) {
  const coder = join(door.room, 'coder.json');
  await fs.writeFile(coder, JSON.stringify(script(agent('coder', [[edit(...code), result()]]))));
  const models = ['--script', coder, '--quick', '--approve', 'none', '--json'];
  const run = door.start('run', 'Write it in another way.', '--workspace', folder, ...models, ...options);
  const exit = await run.ended;
  const lines = run.said.out
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as JournalLine);
  const gates = lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.scope === 'integrated' ? [line.data.report] : [],
  );
  const told = `${run.said.err}\n${JSON.stringify(gates, undefined, 1)}`;
  const [report] = gates;
  assert.ok(report, told);
  const [id = ''] = lines.flatMap((line) => (line.type === 'run.started' ? [line.data.run] : []));
  const show = door.start('show', id, '--workspace', folder);
  await show.ended;
  return { report, exit, told, shown: show.said.out };
}

const looked = ({ verdict, probe }: GateReport) => [verdict, probe?.outcome];

test('Python: a copy in site-packages proves nothing; a path file that leads to the sources does, once', async (t) => {
  const folder = join(door.room, 'python');
  const source = 'def add(a, b):\n    return a + b\n';
  await lay(folder, {
    '.gitignore': '.venv/\n__pycache__/\n',
    'src/adding/__init__.py': source,
    'tests/test_add.py':
      'import unittest\nfrom adding import add\n\nclass Adding(unittest.TestCase):\n    def test_adds(self):\n        self.assertEqual(add(1, 2), 3)\n',
  });
  try {
    execFileSync('python3', ['-m', 'venv', '--without-pip', join(folder, '.venv')], { stdio: 'ignore' });
  } catch {
    t.skip('python3 -m venv does not work here');
    return;
  }
  const [python = ''] = await fs.readdir(join(folder, '.venv/lib'));
  const packages = join(folder, '.venv/lib', python, 'site-packages');
  await lay(packages, { 'adding/__init__.py': source });
  const options = ['--test-command', '.venv/bin/python -m unittest discover -s tests'];
  const code = ['src/adding/__init__.py', 'a + b', 'b + a'] as const;

  const copied = await gateOf({ folder, code, options });
  assert.deepEqual(looked(copied.report), ['notProved', 'elsewhere'], copied.told);
  assert.match(copied.report.reasons[0] ?? '', /pip install -e \./);
  assert.match(copied.shown, /do not load the changed code/);
  assert.notEqual(copied.exit, 0);

  await fs.rm(join(packages, 'adding'), { recursive: true });
  await lay(packages, { 'adding.pth': `${folder}/src\n` });
  const led = await gateOf({ folder, code, options });
  assert.deepEqual(looked(led.report), ['green', 'loaded'], led.told);
  assert.equal(led.report.probe?.files, 1);
  assert.match(led.shown, /The tests load the changed code/);
  assert.equal(led.exit, 0, led.told);

  const kept = await gateOf({ folder, code, options });
  assert.deepEqual(looked(kept.report), ['green', 'loaded'], kept.told);
  assert.equal(kept.report.probe?.files, 0, 'the proof of the run before was taken');
});

test('Node: a package that was copied into node_modules proves nothing; a link does', async () => {
  const folder = join(door.room, 'node');
  const source = 'exports.add = (a, b) => a + b;\n';
  await lay(folder, {
    '.gitignore': 'node_modules/\n',
    'package.json':
      '{"name": "mono", "private": true, "workspaces": ["packages/*"], "scripts": {"test": "node --test"}}',
    'packages/lib/package.json': '{"name": "@our/lib", "version": "1.0.0", "main": "index.js"}',
    'packages/lib/index.js': source,
    'packages/app/app.test.js':
      "const { test } = require('node:test');\nconst assert = require('node:assert');\ntest('it adds', () => assert.equal(require('@our/lib').add(1, 2), 3));\n",
  });
  const linked = join(folder, 'node_modules/@our/lib');
  await fs.cp(join(folder, 'packages/lib'), linked, { recursive: true });
  const code = ['packages/lib/index.js', 'a + b', 'b + a'] as const;

  const copied = await gateOf({ folder, code });
  assert.deepEqual(looked(copied.report), ['notProved', 'elsewhere'], copied.told);
  assert.match(copied.report.reasons[0] ?? '', /link packages/);

  await fs.rm(linked, { recursive: true });
  await fs.symlink('../../packages/lib', linked);
  const led = await gateOf({ folder, code });
  assert.deepEqual(looked(led.report), ['green', 'loaded'], led.told);
  const off = await gateOf({ folder, code, options: ['--no-probe'] });
  assert.deepEqual(looked(off.report), ['green', 'off'], off.told);
  assert.match(off.shown, /not looked at/);
});
