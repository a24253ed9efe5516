/** What every Search does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError, type Search } from '../../../src/core/ports.ts';

/** A root with these files. */
export interface SearchWorld {
  readonly search: Search;
  readonly root: string;
  end(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  'README.md': '# Project\nneedle in the readme\n',
  'a/one.ts': 'const needle = 1;\nconst other = needle + 1;\n',
  'a/deep/two.ts': 'Needle\r\nneedle at the end\r\n',
  'a.ts': 'needle',
  'a b/ünï.txt': 'ünïcödé needle\n',
  '.github/hidden.yml': 'needle: hidden\n',
  'long.txt': `${'x'.repeat(3000)} needle\n`,
  'binary.bin': 'needle\u0000needle\n',
  'special.txt': 'f(x) = [a-z]+ $needle\\d\n',
  '.gitignore': 'ignored/\n*.log\n!keep.log\n/a/only.ts\n',
  'sub/.gitignore': 'local.ts\n!important.log\n',
  'ignored/x.ts': 'needle',
  'x.log': 'needle',
  'keep.log': 'needle kept',
  'sub/important.log': 'needle',
  'sub/local.ts': 'needle',
  'sub/only.ts': 'needle',
  'a/only.ts': 'needle',
  'node_modules/p/index.js': 'needle',
  'sub/.git/config': 'needle',
  '-dash.ts': 'needle',
};
const LISTED = [
  '-dash.ts',
  '.github/hidden.yml',
  '.gitignore',
  'README.md',
  'a/deep/two.ts',
  'a/one.ts',
  'a b/ünï.txt',
  'a.ts',
  'binary.bin',
  'keep.log',
  'long.txt',
  'special.txt',
  'sub/.gitignore',
  'sub/important.log',
  'sub/only.ts',
];

export function searchContract(
  name: string,
  make: (files: Readonly<Record<string, string>>) => Promise<SearchWorld>,
): void {
  const check = (what: string, body: (world: SearchWorld) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const world = await make(FILES);
      try {
        await body(world);
      } finally {
        await world.end();
      }
    });
  };
  const globs: readonly (readonly [string | undefined, string | undefined, readonly string[]])[] = [
    [undefined, undefined, LISTED],
    [undefined, '*.ts', ['-dash.ts', 'a/deep/two.ts', 'a/one.ts', 'a.ts', 'sub/only.ts']],
    [undefined, 'a/*.ts', ['a/one.ts']],
    [undefined, 'a/**/*.ts', ['a/deep/two.ts', 'a/one.ts']],
    [undefined, '**/two.*', ['a/deep/two.ts']],
    [undefined, '{README,a}.*', ['README.md', 'a.ts']],
    [undefined, 'deep', ['a/deep/two.ts']],
    [undefined, './a/', ['a/deep/two.ts', 'a/one.ts']],
    [undefined, '.github/**', ['.github/hidden.yml']],
    ['a', undefined, ['a/deep/two.ts', 'a/one.ts']],
    ['./a/deep/', '*.ts', ['a/deep/two.ts']],
    ['a b', '*.txt', ['a b/ünï.txt']],
    ['none', undefined, []],
    ['ignored', undefined, []],
  ];
  check('files are listed by folder and glob', async ({ search, root }) => {
    for (const [path, glob, expected] of globs) {
      const query = { max: 100, ...(path !== undefined && { path }), ...(glob !== undefined && { glob }) };
      assert.deepEqual(await search.files(root, query), { paths: expected, more: false }, `${path} ${glob}`);
    }
    assert.ok(
      (await search.files(root, { glob: '!*.ts', max: 100 })).paths.every((path) => !path.endsWith('.ts')),
    );
    assert.deepEqual(await search.files(root, { max: 2 }), { paths: LISTED.slice(0, 2), more: true });
    assert.deepEqual(await search.files(root, { max: LISTED.length }), { paths: LISTED, more: false });
  });

  const found = async ({ search, root }: SearchWorld, query: string, regex: boolean, glob?: string) => {
    const { hits } = await search.text(root, { query, regex, max: 100, ...(glob !== undefined && { glob }) });
    return hits.map((hit) => `${hit.path}:${hit.line}:${hit.text.slice(0, 40)}`);
  };
  check('text is found with its place', async (world) => {
    assert.deepEqual(await found(world, 'needle', false), [
      '-dash.ts:1:needle',
      '.github/hidden.yml:1:needle: hidden',
      'README.md:2:needle in the readme',
      'a/deep/two.ts:2:needle at the end',
      'a/one.ts:1:const needle = 1;',
      'a/one.ts:2:const other = needle + 1;',
      'a b/ünï.txt:1:ünïcödé needle',
      'a.ts:1:needle',
      'keep.log:1:needle kept',
      `long.txt:1:${'x'.repeat(40)}`,
      'special.txt:1:f(x) = [a-z]+ $needle\\d',
      'sub/important.log:1:needle',
      'sub/only.ts:1:needle',
    ]);
    assert.deepEqual(await found(world, 'f(x) = [a-z]+ $', false), [
      'special.txt:1:f(x) = [a-z]+ $needle\\d',
    ]);
    assert.deepEqual(await found(world, '-dash', false), []);
    assert.deepEqual(await found(world, '--pre=evil', false), []);
    assert.deepEqual(await found(world, 'needle', false, 'a/**'), [
      'a/deep/two.ts:2:needle at the end',
      'a/one.ts:1:const needle = 1;',
      'a/one.ts:2:const other = needle + 1;',
    ]);
  });

  check('patterns match lines', async (world) => {
    assert.deepEqual(await found(world, '^needle$', true, '*.ts'), [
      '-dash.ts:1:needle',
      'a.ts:1:needle',
      'sub/only.ts:1:needle',
    ]);
    assert.deepEqual(await found(world, 'end$', true), ['a/deep/two.ts:2:needle at the end']);
    assert.deepEqual(await found(world, '(?i)^NEEDLE\\b', true, 'a/**'), [
      'a/deep/two.ts:1:Needle',
      'a/deep/two.ts:2:needle at the end',
    ]);
    assert.deepEqual(await found(world, 'const (\\w+) =', true), [
      'a/one.ts:1:const needle = 1;',
      'a/one.ts:2:const other = needle + 1;',
    ]);
    await assert.rejects(
      world.search.text(world.root, { query: '(unclosed', regex: true, max: 5 }),
      (error) => error instanceof PortError && error.code === 'search.pattern',
    );
  });

  check('answers are cut at the limit, and say so', async ({ search, root }) => {
    const cut = await search.text(root, { query: 'needle', regex: false, max: 3 });
    assert.deepEqual(
      cut.hits.map((hit) => hit.path),
      ['-dash.ts', '.github/hidden.yml', 'README.md'],
    );
    assert.equal(cut.more, true);
    assert.equal((await search.text(root, { query: 'needle', regex: false, max: 13 })).more, false);
    const [long] = (await search.text(root, { query: 'needle', regex: false, glob: 'long.txt', max: 3 }))
      .hits;
    assert.equal(long?.text.length, 1000);
  });
}
