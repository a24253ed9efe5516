/** Roles of the person's own, as a goal may name them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownRoles } from '../../../src/editor/goal/own-roles.ts';

const file = (name: string, more: { approved: boolean; from?: 'workspace' }) => ({
  from: 'person' as const,
  path: `${name}.md`,
  text: `---\nname: ${name}\ndescription: About ${name}\ntools: [read_file]\n---\n\nYou are.\n`,
  ...more,
});

test('each is offered once; what nobody approved by its name, what cannot be used not at all', () => {
  const files = [
    file('mine', { approved: true }),
    file('theirs', { approved: false, from: 'workspace' }),
    file('mine', { approved: true }),
    file('No Name', { approved: true }),
  ];
  assert.deepEqual(ownRoles(files), [
    { kind: 'role', name: 'mine', about: 'About mine' },
    { kind: 'role', name: 'theirs' },
  ]);
});
