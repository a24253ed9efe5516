/** A monorepo whose packages are linked: the tests of a change load the change, not the person's files. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { openTerminalDoor } from './terminal-door.ts';

const FILES: Readonly<Record<string, string>> = {
  '.gitignore': 'node_modules/\n',
  'package.json':
    '{"name": "mono", "private": true, "workspaces": ["packages/*"], "scripts": {"test": "node --test"}}',
  'packages/lib/package.json': '{"name": "@our/lib", "version": "1.0.0", "main": "index.js"}',
  'packages/lib/index.js': 'exports.sum = (a, b) => a - b;\n',
  'packages/app/package.json': '{"name": "app", "dependencies": {"@our/lib": "*"}}',
  'packages/app/app.test.js':
    "const { test } = require('node:test');\nconst assert = require('node:assert');\ntest('it adds', () => assert.equal(require('@our/lib').sum(1, 2), 3));\n",
};

const call = (tool: string, args: object) => ({ content: 'So.', calls: [{ tool, args }] });
const TASK = {
  id: 'sum',
  title: 'Add',
  description: 'sum must add.',
  role: 'coder',
  acceptance: ['It adds.'],
};
const SCRIPT = {
  title: 'Linked',
  goal: 'sum subtracts',
  agents: [
    { role: 'planner', replies: [call('submit_plan', { summary: 'One line.', tasks: [TASK] })] },
    {
      role: 'coder',
      task: 'sum',
      replies: [
        call('edit_file', {
          path: 'packages/lib/index.js',
          edits: [{ old_text: 'a - b', new_text: 'a + b' }],
        }),
        call('submit_result', { summary: 'It adds.' }),
      ],
    },
    { role: 'reviewer', task: 'sum', replies: [call('submit_review', { verdict: 'approve', comments: [] })] },
  ],
};

test('a change of a linked package is proved by the tests of another', { timeout: 120_000 }, async () => {
  const door = await openTerminalDoor();
  try {
    const workspace = join(door.room, 'mono');
    for (const [path, text] of Object.entries(FILES)) {
      await fs.mkdir(dirname(join(workspace, path)), { recursive: true });
      await fs.writeFile(join(workspace, path), text);
    }
    await fs.mkdir(join(workspace, 'node_modules/@our'), { recursive: true });
    await fs.symlink('../../packages/lib', join(workspace, 'node_modules/@our/lib'));
    const script = join(door.room, 'script.json');
    await fs.writeFile(script, JSON.stringify(SCRIPT));
    const models = ['--script', script, '--approve', 'none'];
    const { ended, said } = door.start('run', 'sum subtracts', '--workspace', workspace, ...models);
    // Had the link led back, the test would have been as red as on the base.
    assert.equal(await ended, 0, said.out + said.err);
    assert.match(said.out + said.err, /Newly passing|1 passed/u);
    assert.equal(
      await fs.readFile(join(workspace, 'packages/lib/index.js'), 'utf8'),
      FILES['packages/lib/index.js'],
    );
  } finally {
    await door.close();
  }
});
