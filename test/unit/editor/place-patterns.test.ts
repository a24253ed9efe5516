/** Files by a part of their path: whatever the case, the alphabet and the signs in it. */
import assert from 'node:assert/strict';
import { matchesGlob } from 'node:path';
import { test } from 'node:test';
import { holds, pathPattern, plainQuery, ranked } from '../../../src/editor/goal/place-patterns.ts';

const finds = (query: string, path: string, how?: { readonly loose: boolean }) =>
  matchesGlob(path, pathPattern(plainQuery(query), how));

test('a part of a path finds it in whatever case, in any alphabet', () => {
  for (const [query, path] of [
    ['readme', 'README.md'],
    ['app', 'src/App.tsx'],
    ['größe', 'src/Größe.ts'],
    ['GRÖSSE', 'groesse/grösse.ts'],
    ['日本', 'docs/日本語.md'],
    ['./src/a', 'src/App.tsx'],
    ['/src/a', 'lib/src/App.tsx'],
    ['', 'src/App.tsx'],
  ] as const)
    assert.ok(finds(query, path), `${query} ${path}`);
  assert.ok(!finds('日本', 'src/App.tsx'), 'what is asked for is looked for, not anything');
  assert.ok(!finds('apx', 'src/App.tsx'));
});

test('signs of patterns mean themselves', () => {
  for (const [query, path] of [
    ['[id]', 'app/[id].tsx'],
    ['[id]/p', 'app/[id]/page.tsx'],
    ['{a,b}', 'x/{a,b}.ts'],
    ['a*b', 'a*b.txt'],
    ['why?', 'why?.md'],
    ['!x', 'a/!x.md'],
  ] as const)
    assert.ok(finds(query, path), `${query} ${path}`);
  assert.ok(!finds('a*b', 'a-and-b.txt'));
});

test('letters in order find what holds none of it together', () => {
  assert.ok(!finds('gbx', 'src/goal-box.tsx'));
  assert.ok(finds('gbx', 'src/goal-box.tsx', { loose: true }));
});

test('names that begin with it come first, then names, then folders; short before long', () => {
  assert.deepEqual(ranked(['app/x.ts', 'src/myapp.ts', 'src/longer/App.tsx', 'src/App.tsx'], 'app'), [
    'src/App.tsx',
    'src/longer/App.tsx',
    'src/myapp.ts',
    'app/x.ts',
  ]);
});

test('a path holds a query in whatever case', () => {
  assert.ok(holds('src/README.md', 'readme') && !holds('src/a.ts', 'b'));
});
