/** Coverage as V8 writes it: which changed lines the tests reach. Really run, since places are the engine's own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { coverageOf, isCovered } from '../../../../src/core/qa/coverage/changed.ts';
import { linesRan, readV8 } from '../../../../src/core/qa/coverage/v8.ts';

const BEFORE = 'exports.sign = (n) => {\n  return 1;\n};\n';
const AFTER = `exports.sign = (n) => {
  // The sign of a number.
  if (n < 0) {
    return -1;
  }

  return 1;
};
exports.never = () => {
  return 'nobody calls this';
};
`;

test('lines of a change that ran, and those that did not', async (context) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'quartet-cover-')));
  context.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'sign.cjs'), AFTER);
  const reports = join(folder, 'v8');
  const use = "require('./sign.cjs').sign(1)";
  const env = { ...process.env, NODE_V8_COVERAGE: reports };
  await promisify(execFile)(process.execPath, ['-e', use], { cwd: folder, env });
  const texts = await Promise.all(
    (await readdir(reports)).map((name) => readFile(join(reports, name), 'utf8')),
  );
  const ran = texts.map((text) => readV8(text, folder));
  const found = coverageOf([{ path: 'sign.cjs', before: BEFORE, after: AFTER }], ({ path, after = '' }) =>
    linesRan(
      after,
      ran.flatMap((process) => [process.get(path) ?? []]),
    ),
  );
  assert.deepEqual(found, {
    covered: 2,
    total: 4,
    files: [{ path: 'sign.cjs', covered: 2, total: 4, missed: [4, 10] }],
  });
});

test('a changed file that no process loaded is not reached; one of which nothing is known is not told', () => {
  const source = { path: 'a.js', before: undefined, after: 'run();\n' };
  const never = ({ after = '' }: { readonly after: string | undefined }) => linesRan(after, []);
  assert.equal(
    coverageOf([source], () => undefined),
    undefined,
  );
  assert.deepEqual(coverageOf([source], never)?.files, [{ path: 'a.js', covered: 0, total: 1, missed: [1] }]);
  assert.equal(coverageOf([{ ...source, after: '// nothing\n' }], never), undefined);
});

test('several processes together, the innermost part decides, and lines that say nothing do not count', () => {
  const source = 'a(() => {\n  b();\n});\n';
  const part = (startOffset: number, endOffset: number, count: number) => ({ startOffset, endOffset, count });
  const one = [part(0, source.length, 1), part(2, 18, 0)];
  assert.deepEqual(linesRan(source, [one]).slice(1, 4), [true, false, undefined]);
  const both = [one, [part(0, source.length, 1)]];
  assert.deepEqual(linesRan(source, both).slice(1, 4), [true, true, undefined]);
});

test('what cannot be read, lies elsewhere or was translated before it ran is left out', () => {
  const script = (url: string) => ({
    url,
    functions: [{ ranges: [{ startOffset: 0, endOffset: 9, count: 1 }] }],
  });
  const result = [
    script('file:///p/a%20b.js'),
    script('file:///q/b.js'),
    script('file:///p/%E0%A4%A.js'),
    script('node:fs'),
    { url: 1 },
    script('file:///p/c.ts'),
  ];
  const text = JSON.stringify({ result, 'source-map-cache': { 'file:///p/c.ts': { data: { version: 3 } } } });
  assert.deepEqual([...readV8(text, '/p').keys()], ['a b.js']);
  for (const broken of ['', '{', '[]', '{"result": 1}', text.slice(0, 40)])
    assert.equal(readV8(broken, '/p').size, 0);
});

test('tests, declarations and other languages are not looked at', () => {
  const paths = ['src/a.js', 'src/a.mts', 'src/a.d.ts', 'test/a.test.js', 'a.py', 'src/a.css'];
  const told = (format: Parameters<typeof isCovered>[1]) => paths.filter((path) => isCovered(path, format));
  assert.deepEqual(told('v8'), ['src/a.js', 'src/a.mts']);
  assert.deepEqual(told('python'), ['a.py']);
  assert.deepEqual(told('go'), []);
});
