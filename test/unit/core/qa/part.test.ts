/** A part of the tests: commands that run some files, which tests belong to a file, and what a person said of the command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectTests, setupFromCommand } from '../../../../src/core/qa/detect.ts';
import { knowTests } from '../../../../src/core/qa/known.ts';
import { filterText, nameFor } from '../../../../src/core/qa/filter-text.ts';
import { relatedNames, relatedTo, testFilesIn, unfolded } from '../../../../src/core/qa/related.ts';
import type { Runner } from '../../../../src/core/qa/report.ts';
import { fillIn } from '../../../../src/core/qa/template.ts';

const viewOf = (files: Readonly<Record<string, string>>) => ({
  exists: (path: string) => path in files,
  read: (path: string) => Promise.resolve(files[path]),
  list: (folder: string) => {
    const inside = Object.keys(files).filter((path) => folder === '' || path.startsWith(`${folder}/`));
    const rest = inside.map((path) => (folder === '' ? path : path.slice(folder.length + 1)));
    return Promise.resolve([...new Set(rest.map((path) => path.replace(/\/.*$/, '/')))]);
  },
});

const SOME: readonly (readonly [script: string, runs: RegExp | undefined])[] = [
  ['node --test', /^node --test .*node\.jsonl" \{files\}$/],
  ['node --test --import ./a.mjs test/*.test.js', /--import \.\/a\.mjs \{files\}$/],
  ['mocha test/**/*.js --timeout 300', /^npx --no-install mocha .* --timeout 300 \{files\}$/],
  ['jest', /--findRelatedTests \{files\}$/],
  ['vitest run', /vitest run --run .* \{files\}$/],
  ['node --test > out.txt', undefined],
  ['ava', /^npx --no-install ava --tap \{files\}$/],
];

for (const [script, runs] of SOME) {
  test(`some files of: ${script}`, async () => {
    const { only } = await detectTests(
      viewOf({ 'package.json': JSON.stringify({ scripts: { test: script } }) }),
    );
    if (runs === undefined) assert.equal(only?.files, undefined);
    else assert.match(only?.files ?? '', runs);
  });
}

test('some files of commands that a person named', async () => {
  const only = async (command: string) => (await setupFromCommand(command, viewOf({}))).only;
  const go = await only('go test ./... -timeout 3s');
  assert.equal(go?.files, 'go test -json -timeout 3s {files}');
  assert.equal(go.unit, 'packages');
  assert.match((await only('python3 -m pytest tests -k x'))?.files ?? '', /-k x \{files\}$/);
});

const NAMED: readonly (readonly [command: string, runs: string])[] = [
  ['node --test', 'node --test <asked> --test-name-pattern="{filter}" {files}'],
  ['npx jest', 'npx jest <asked> -t "{filter}" --findRelatedTests {files}'],
  ['npx vitest run', 'npx vitest run <asked> -t "{filter}" {files}'],
  ['npx mocha test', 'npx mocha <asked> -g "{filter}" {files}'],
  ['python3 -m pytest tests', 'python3 -m pytest <asked> -k "{filter}" {files}'],
  ['python3 -m unittest discover -s t', 'python3 <asked> --files {files} -- discover -s t -k "{filter}"'],
  ['go test ./...', 'go test <asked> -run "{filter}" {files}'],
  ['npx ava', 'npx ava <asked> --match="*{filter}*" {files}'],
];
for (const [command, runs] of NAMED) {
  test(`a name in some files of: ${command}`, async () => {
    const { only } = await setupFromCommand(command, viewOf({}));
    const [first, ...rest] = runs.split('<asked>');
    const { namedFiles = '' } = only ?? {};
    assert.ok(namedFiles.startsWith(first ?? '') && namedFiles.endsWith(rest.join('')), namedFiles);
  });
}

test('names that a runner is told: those of a change, at the end or as flags', async () => {
  const names = async (command: string) => (await setupFromCommand(command, viewOf({}))).only?.names;
  const fill = async (command: string) =>
    fillIn((await names(command)) ?? '', { reports: '/r', filter: '', names: ['a::', 'b c'] });
  assert.equal(await fill('cargo test --workspace'), 'cargo test --no-fail-fast --workspace -- "a::" "b c"');
  assert.equal(await fill('cargo nextest run'), 'cargo nextest run --no-fail-fast "a::" "b c"');
  assert.equal(await fill('npx ava'), 'npx ava --tap --match="*a::*" --match="*b c*"');
  assert.equal(await names('cargo test -- --nocapture'), undefined, 'its own words stand there');
});

const RUST = [
  { name: 'words > split > tests > splits', file: 'src/lib.rs' },
  { name: 'whole', file: 'tests/split.rs' },
  { name: 'other', file: 'tests/other.rs' },
];
const AVA = ['split \u203a cuts', 'deep \u203a other \u203a joins', 'alone'].map((name) => ({ name }));
const NAMES: readonly (readonly [
  runner: 'cargo' | 'ava',
  paths: readonly string[],
  names: readonly string[],
])[] = [
  ['cargo', ['src/words/split.rs'], ['whole', 'words::split::']],
  ['cargo', ['src/words/mod.rs'], ['words::']],
  ['cargo', ['src/lib.rs'], []],
  ['cargo', ['tests/other.rs', 'README.md'], ['other']],
  ['ava', ['src/split.js'], ['cuts']],
  ['ava', ['test/deep/other.test.js'], ['joins']],
  ['ava', ['src/alone.js'], []],
];
for (const [runner, paths, names] of NAMES)
  test(`names of tests of ${runner} that belong to ${paths.join(', ')}`, () =>
    assert.deepEqual(relatedNames(runner, paths, runner === 'ava' ? AVA : RUST), names));

const TEXTS: readonly (readonly [runner: Runner, name: string, text: string])[] = [
  ['jest', 'sums > adds (1 + 2)', 'adds .1 . 2.'],
  ['node', 'a/b "c" $d', 'a.b .c. .d'],
  ['go', 'example.com/sums > TestSum > of two', 'TestSum/of.two'],
  ['go', 'example.com/sums > TestSum', 'TestSum'],
  ['pytest', 'TestSum > test_adds[1 or 2]', 'test_adds'],
  ['ava', 'sums \u203a adds *two*', 'adds two'],
  ['cargo', 'tests > adds', 'adds'],
];
for (const [runner, name, text] of TEXTS)
  test(`the name "${name}" for ${runner}`, () =>
    assert.equal(filterText(runner, nameFor(runner, name)), text));

test('files are quoted, and none is taken for an option', () => {
  const files = ['a b.js', '-x.js', '$(rm).js'];
  assert.equal(
    fillIn('run {files}', { reports: '/r', filter: '', files }),
    'run "a b.js" "./-x.js" "\\$(rm).js"',
  );
});

const TESTS = [
  'test/user-name.test.ts',
  'tests/test_user_name.py',
  'src/Order.spec.ts',
  'test/other.test.ts',
];
const BELONGS: readonly (readonly [
  paths: readonly string[],
  unit: 'packages' | 'related' | undefined,
  runs: readonly string[],
])[] = [
  [['src/user-name.ts'], undefined, ['test/user-name.test.ts', 'tests/test_user_name.py']],
  [['src/order.ts'], undefined, ['src/Order.spec.ts']],
  [['test/other.test.ts'], undefined, ['test/other.test.ts']],
  [['README.md'], undefined, []],
  [['src/a.ts', 'README.md'], 'related', ['src/a.ts']],
  [['a.go', 'in/b.go', 'in/c.go'], 'packages', ['.', './in']],
];

for (const [paths, unit, runs] of BELONGS) {
  test(`what belongs to ${paths.join(', ')}${unit === undefined ? '' : ` (${unit})`}`, () => {
    assert.deepEqual(relatedTo(paths, TESTS, unit), runs);
  });
}

test('a folder stands for the code below it; a file, and what is not there, for itself', async () => {
  const names: Readonly<Record<string, readonly string[]>> = {
    '': ['src/', 'README.md', 'main.js'],
    src: ['a.js', 'in/', 'note.txt', 'node_modules/'],
    'src/in': ['b.ts'],
    'src/node_modules': ['c.js'],
  };
  const view = { exists: () => true, read: async () => undefined, list: async (dir: string) => names[dir] };
  assert.deepEqual(await unfolded(view, ['src']), ['src/a.js', 'src/in/b.ts']);
  assert.deepEqual(await unfolded(view, ['./src/', 'x.js']), ['src/a.js', 'src/in/b.ts', 'x.js']);
  assert.deepEqual(await unfolded(view, ['.']), ['main.js', 'src/a.js', 'src/in/b.ts']);
});

test('too many files are no part of the tests', () => {
  const many = Array.from({ length: 101 }, (_, n) => `test/n${n}.test.js`);
  assert.deepEqual(relatedTo(many, many, undefined), []);
});

test('test files of a tree, without helpers, fixtures and installed packages', async () => {
  const files = [
    'test/a.test.js',
    'src/b.spec.ts',
    'test/fixtures/c.js',
    'node_modules/x/test/d.test.js',
    'src/e.ts',
  ];
  const found = await testFilesIn(viewOf(Object.fromEntries(files.map((path) => [path, '']))));
  assert.deepEqual([...found].sort(), ['src/b.spec.ts', 'test/a.test.js']);
});

test('a setting goes before what was set, that before what is found; a confirmation holds while the same is found', async () => {
  const view = viewOf({ 'package.json': '{"scripts":{"test":"node --test"}}' });
  const kept = (how: 'set' | 'confirmed', command: string) => ({ how, command, at: 0 });
  const said = async (setting: string | undefined, last: ReturnType<typeof kept> | undefined) => {
    const known = await knowTests(view, { setting, kept: last });
    return [known.setup.label, known.said];
  };
  assert.deepEqual(await said('make check', kept('set', 'make t')), ['make check', 'setting']);
  assert.deepEqual(await said(' ', kept('set', 'make t')), ['make t', 'set']);
  assert.deepEqual(await said(undefined, undefined), ['npm test', 'found']);
  assert.deepEqual(await said(undefined, kept('confirmed', 'npm test')), ['npm test', 'confirmed']);
  assert.deepEqual(await said(undefined, kept('confirmed', 'jest')), ['npm test', 'found']);
  const changed = await knowTests(view, { setting: undefined, kept: kept('confirmed', 'jest') });
  assert.match(changed.setup.why, /You confirmed "jest" before/);
});
