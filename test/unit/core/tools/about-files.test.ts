/** Which files a message is about: those that its author knows and names, whole, and no others. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createReadings, fileHeader } from '../../../../src/core/tools/readings.ts';

const readings = createReadings();
readings.note({ 'src/a.ts': '1', 'src/a.tsx': '2', 'a.ts': '3', 'docs/read me.md': '4', gone: '5' });
readings.note({ gone: null });

const CASES: readonly (readonly [text: string, file: string | undefined])[] = [
  ['See src/a.ts, please.', 'src/a.ts'],
  ['In `src/a.ts:12` there is a bug.', 'src/a.ts'],
  ['It is src/a.ts.', 'src/a.ts'],
  ['It is ./src/a.ts', 'src/a.ts'],
  ['Look at src/a.tsx', 'src/a.tsx'],
  ['Look at other/src/a.ts', undefined],
  ['src/a.ts.bak is none of it', undefined],
  ['first docs/read me.md, then a.ts', 'docs/read me.md, a.ts'],
  ['src/unread.ts is not known', undefined],
  ['it is gone', undefined],
  ['', undefined],
];
for (const [text, file] of CASES)
  test(`"${text}" is about ${file ?? 'no file'}`, () => {
    assert.deepEqual(fileHeader(text, readings), file === undefined ? {} : { file });
  });

test('a message that names many files is about the first few', () => {
  const many = createReadings();
  const names = Array.from({ length: 9 }, (_, at) => `f${String(at)}.ts`);
  many.note(Object.fromEntries(names.map((name) => [name, 'x'])));
  assert.equal(fileHeader(names.join(' '), many).file, 'f0.ts, f1.ts, f2.ts');
});
