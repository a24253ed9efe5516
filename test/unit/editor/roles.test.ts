import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answering,
  assigned,
  ROLES,
  unassigned,
  type Assignment,
  type Routes,
} from '../../../src/editor/configure/roles.ts';
import { createRegistry } from '../../../src/core/team/registry.ts';

interface Case {
  readonly what: string;
  readonly routes: Routes;
  readonly ids: readonly string[];
  readonly assignment: Assignment;
  readonly next: Routes;
}
const to = (id: string, rank: Assignment['rank'], ...roles: string[]): Assignment => ({ id, rank, roles });

const cases: readonly Case[] = [
  {
    what: 'the first of all serves everybody',
    routes: {},
    ids: [],
    assignment: to('a', 'first', 'default'),
    next: { default: ['a'] },
  },
  {
    what: 'a second one goes before the first',
    routes: {},
    ids: ['a'],
    assignment: to('b', 'first', 'default'),
    next: { default: ['b', 'a'] },
  },
  {
    what: 'or after it',
    routes: {},
    ids: ['a'],
    assignment: to('b', 'fallback', 'default'),
    next: { default: ['a', 'b'] },
  },
  {
    what: 'one role only: the default stays who it was',
    routes: {},
    ids: ['a'],
    assignment: to('b', 'first', 'coder'),
    next: { default: ['a'], coder: ['b', 'a'] },
  },
  {
    what: 'alone for a role',
    routes: { default: ['a'] },
    ids: ['a'],
    assignment: to('b', 'only', 'coder', 'qa'),
    next: { default: ['a'], coder: ['b'], qa: ['b'] },
  },
  {
    what: 'again: it is moved, not doubled',
    routes: { default: ['a', 'b'] },
    ids: ['a', 'b'],
    assignment: to('b', 'first', 'default'),
    next: { default: ['b', 'a'] },
  },
];
for (const { what, routes, ids, assignment, next } of cases) {
  test(`roles: ${what}`, () => assert.deepEqual(assigned(routes, ids, assignment), next));
}

test('roles: what goes leaves no route to nowhere and no empty one', () => {
  assert.deepEqual(unassigned({ default: ['a', 'b'], coder: ['b'] }, 'b'), { default: ['a'] });
  assert.deepEqual(answering('coder', {}, ['a', 'b']), ['a']);
});

test('roles: each that is offered is there', () => {
  for (const role of ROLES) assert.equal(createRegistry().get(role).name, role);
});
