/** Role files beside one another: one name is one role, and whoever is behind another, or was not read, is told of. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoleText } from '../../../../src/core/ports.ts';
import { judgeRoles } from '../../../../src/core/team/role-files.ts';

const file = (path: string, name: string, more: Partial<RoleText> = {}): RoleText => ({
  from: path.startsWith('~') ? 'person' : 'workspace',
  path,
  text: `---\ndescription: Paints\nname: ${name}\n---\nYou paint.\n`,
  approved: true,
  ...more,
});

const told = (...files: readonly RoleText[]) =>
  judgeRoles(files).map(({ path, role, problems }) => [
    path,
    role?.name,
    ...problems.map(({ line, message }) => `${String(line)}: ${message}`),
  ]);

test('files of different names do not meet', () => {
  assert.deepEqual(told(file('a.md', 'one'), file('b.md', 'two')), [
    ['a.md', 'one'],
    ['b.md', 'two'],
  ]);
});

test('the first of a name is the role, those behind it are told where it is, at the line of the name', () => {
  const why = (first: string) =>
    `3: ${first} has the name "one" too and is used instead: give one of them another name.`;
  assert.deepEqual(
    told(file('~/o.md', 'one'), file('a.md', 'one'), file('b.md', 'one'), file('c.md', 'two')),
    [
      ['~/o.md', 'one'],
      ['a.md', undefined, why('~/o.md')],
      ['b.md', undefined, why('~/o.md')],
      ['c.md', 'two'],
    ],
  );
});

test('a file that cannot be used takes no name away', () => {
  const broken = file('a.md', 'one', { text: '---\nname: one\n---\nYou paint.\n' });
  assert.deepEqual(
    told(broken, file('b.md', 'one')).map(([path, name]) => [path, name]),
    [
      ['a.md', undefined],
      ['b.md', 'one'],
    ],
  );
});

test('what was not read is told of as it is', () => {
  const unread = 'Of x only the first 50 are read.';
  assert.deepEqual(told(file('z.md', 'one', { text: '', unread })), [['z.md', undefined, `1: ${unread}`]]);
});
