/** Type checks, lint and builds: what programs print is read, and only what the base does not have counts. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkKey, type Check, type CheckFormat } from '../../../../src/core/qa/checks/check.ts';
import { compareChecks, type CheckRun, type CheckVerdict } from '../../../../src/core/qa/checks/compare.ts';
import { findChecks } from '../../../../src/core/qa/checks/find.ts';
import { touchedBy } from '../../../../src/core/qa/checks/touched.ts';
import { readCheck, readFindings } from '../../../../src/core/qa/checks/read.ts';

const SAID: readonly (readonly [who: string, text: string, reads: readonly string[]])[] = [
  ['tsc', "src/a.ts(3,5): error TS2322: Type 'x' is wrong.", ["src/a.ts:3 TS2322 Type 'x' is wrong."]],
  [
    'tsc in colours',
    '\u001b[96msrc/a.ts\u001b[0m:\u001b[93m3\u001b[0m:5 - error TS2322: No.',
    ['src/a.ts:3 TS2322 No.'],
  ],
  ['tsc on Windows', 'src\\a.ts(3,5): error TS2322: No.', ['src/a.ts:3 TS2322 No.']],
  [
    'mypy',
    'app/a.py:3: error: Incompatible types  [assignment]',
    ['app/a.py:3 assignment Incompatible types'],
  ],
  ['mypy notes', 'app/a.py:3: note: See the manual', []],
  ['ruff', 'app/a.py:1:8: F401 [*] `os` imported but unused', ['app/a.py:1 F401 `os` imported but unused']],
  ['go vet', './x.go:3:5: undefined: foo', ['x.go:3  undefined: foo']],
  ['go vet that cannot compile', 'vet: ./x.go:3:5: undefined: foo', ['x.go:3  undefined: foo']],
  ['gcc', 'src/x.c:3:5: fatal error: y.h: No such file', ['src/x.c:3  y.h: No such file']],
  [
    'ESLint',
    '/work/src/c.js\n  1:7  error  "a" is not used  no-unused-vars\n\n✖ 1 problem (1 error)',
    ['src/c.js:1 no-unused-vars "a" is not used'],
  ],
  [
    'cargo',
    'error[E0308]: mismatched types\n --> src/lib.rs:2:5\n  |\nwarning: unused variable: `x`\n --> src/lib.rs:5:9',
    ['src/lib.rs:2 E0308 mismatched types', 'src/lib.rs:5  unused variable: `x`'],
  ],
  ['other words', 'npm ERR! code 1\n12:30:01: hello: there\n    at foo (file.js:3:5)\n> demo@1.0.0 lint', []],
];

for (const [who, text, reads] of SAID) {
  test(`findings as ${who} tells them`, () => {
    const found = readFindings(text, '/work').map(
      ({ path, line, rule = '', message }) => `${path}:${line} ${rule} ${message}`,
    );
    assert.deepEqual(found, reads);
  });
}

function ran(exitCode: number | null, text = '', more: Partial<CheckRun> = {}): CheckRun {
  return {
    exitCode,
    timedOut: false,
    findings: readFindings(text, '/'),
    output: text,
    durationMs: 1,
    ...more,
  };
}
const OLD = 'a.ts(1,1): error TS1: old';
const MOVED = 'a.ts(9,1): error TS1: old';
const NEW = 'b.ts(1,1): error TS2: new';

const HELD: readonly (readonly [what: string, base: CheckRun, now: CheckRun, verdict: CheckVerdict])[] = [
  ['clean stays clean', ran(0), ran(0), 'clean'],
  ['what was there moves', ran(2, OLD), ran(2, MOVED), 'same'],
  ['something is new', ran(0), ran(2, NEW), 'worse'],
  ['something is new among old', ran(2, OLD), ran(2, `${OLD}\n${NEW}`), 'worse'],
  ['the same twice is one more', ran(2, OLD), ran(2, `${OLD}\n${MOVED}`), 'worse'],
  ['all is mended', ran(2, OLD), ran(0), 'clean'],
  ['only warnings are new', ran(0), ran(0, 'b.ts:1:1: warning: new'), 'same'],
  ['it fails without words', ran(0), ran(1, 'killed'), 'worse'],
  ['it fails as before, without words', ran(1, 'boom'), ran(1, 'bang'), 'unknown'],
  ['the program is not there', ran(127, 'tsc: not found'), ran(127, 'tsc: not found'), 'unknown'],
  ['npx finds nothing', ran(1, 'npm error could not determine executable to run'), ran(1, ''), 'unknown'],
  ['it hangs now', ran(0), ran(null, '', { timedOut: true }), 'worse'],
  ['it always hangs', ran(null, '', { timedOut: true }), ran(null, '', { timedOut: true }), 'unknown'],
];

for (const [what, base, now, verdict] of HELD) {
  test(`held against the base: ${what}`, () => {
    assert.equal(compareChecks(base, now).verdict, verdict);
  });
}

const WARNED = { path: 'b.ts', line: 1, message: 'hm', warning: true };

test('where a program tells warnings from errors, only errors make it worse', () => {
  const base = ran(1, OLD);
  assert.equal(compareChecks(base, { ...base, findings: [...base.findings, WARNED] }).verdict, 'same');
  const failed = { ...WARNED, warning: false };
  assert.equal(compareChecks(base, { ...base, findings: [...base.findings, failed] }).verdict, 'worse');
});

/** The files of a tree, with its folders. */
const viewOf = (files: Readonly<Record<string, string>>) => ({
  exists: (path: string) => path in files,
  read: (path: string) => Promise.resolve(files[path]),
  list: (folder: string) => {
    const inside = Object.keys(files).filter((path) => folder === '' || path.startsWith(`${folder}/`));
    const rest = inside.map((path) => path.slice(folder === '' ? 0 : folder.length + 1));
    const names = rest.map((path) => (path.includes('/') ? `${path.split('/')[0] ?? ''}/` : path));
    return Promise.resolve([...new Set(names)]);
  },
});

const json = (value: unknown): string => JSON.stringify(value);

const FOUND: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  commands: readonly string[],
])[] = [
  [
    'scripts',
    { 'package.json': json({ scripts: { typecheck: 'tsc', lint: 'eslint . && x', build: 'x' } }) },
    ['npm run typecheck', 'npm run lint', 'npm run build'],
  ],
  [
    'scripts that mend or never end are not run',
    { 'package.json': json({ scripts: { lint: 'eslint --fix .', build: 'tsc --watch' } }) },
    [],
  ],
  [
    'scripts for parts, where none is for the whole',
    { 'package.json': json({ scripts: { 'lint:js': 'x', 'lint:css': 'y', 'lint:fix': 'z' } }) },
    ['npm run lint:js', 'npm run lint:css'],
  ],
  [
    'a lint script is asked for JSON where it is that program alone',
    { 'package.json': json({ scripts: { lint: 'eslint .' } }) },
    ['npm run lint -> npm run lint -- --format json'],
  ],
  [
    'a lint script with a format of its own is left',
    { 'package.json': json({ scripts: { lint: 'eslint -f unix .' } }) },
    ['npm run lint'],
  ],
  [
    'several of a kind',
    {
      'package.json': json({
        scripts: { lint: 'biome check' },
        devDependencies: { eslint: '9', '@biomejs/biome': '2' },
      }),
      'biome.json': '{}',
      'eslint.config.js': '',
    },
    [
      'npm run lint -> npm run lint -- --reporter=github --max-diagnostics=none',
      'npx --no-install eslint . -> npx --no-install eslint . --format json',
    ],
  ],
  [
    'a lint script that does not say what it runs is the whole of it',
    {
      'package.json': json({ scripts: { lint: 'make lint' }, devDependencies: { eslint: '9' } }),
      'eslint.config.js': '',
    },
    ['npm run lint'],
  ],
  [
    'TypeScript without a script',
    { 'package.json': json({ devDependencies: { typescript: '5' } }), 'tsconfig.json': '{}' },
    ['npx --no-install tsc --noEmit'],
  ],
  [
    'TypeScript of several projects',
    {
      'package.json': json({ devDependencies: { typescript: '5' }, workspaces: ['packages/*'] }),
      'tsconfig.json': '{"files":[],"references":[{"path":"packages/a"}]}',
      'packages/a/package.json': '{}',
      'packages/a/tsconfig.json': '{}',
    },
    ['npx --no-install tsc -b'],
  ],
  [
    'packages of a workspace, each with its own',
    {
      'package.json': json({ devDependencies: { typescript: '5' }, workspaces: ['packages/*'] }),
      'packages/a/package.json': json({ name: 'a', scripts: { lint: 'x' } }),
      'packages/a/tsconfig.json': '{}',
      'packages/b/package.json': json({ name: 'b', scripts: { build: 'y' }, dependencies: { a: '*' } }),
    },
    [
      'packages/a: npm run lint',
      'packages/a: npx --no-install tsc --noEmit',
      'packages/b: npm run build (on packages/a)',
    ],
  ],
  [
    'what the root runs in all packages is not asked of each',
    {
      'package.json': json({ scripts: { lint: 'turbo run lint' } }),
      'pnpm-workspace.yaml': 'packages:\n  - apps/*\n',
      'pnpm-lock.yaml': '',
      'apps/web/package.json': json({ scripts: { lint: 'eslint .', build: 'vite build' } }),
    },
    ['pnpm run lint', 'apps/web: pnpm run build'],
  ],
  [
    'projects below the root that nobody lists',
    {
      'README.md': '',
      'web/package.json': json({ scripts: { lint: 'x' } }),
      'web/yarn.lock': '',
      'test/fixtures/demo/package.json': json({ scripts: { lint: 'x' } }),
    },
    ['web: yarn run lint'],
  ],
  [
    'mypy and ruff',
    { 'pyproject.toml': '[tool.mypy]\nfiles = "src"\n[tool.ruff]\n' },
    [
      'python3 -m mypy -> python3 -m mypy --no-pretty --show-error-codes --no-color-output --no-error-summary',
      'python3 -m ruff check . -> python3 -m ruff check --output-format json .',
    ],
  ],
  [
    'pyright and flake8 through the project’s own start',
    { 'pyrightconfig.json': '{}', 'tox.ini': '[flake8]\n', 'uv.lock': '' },
    [
      'uv run python -m pyright -> uv run python -m pyright --outputjson',
      'uv run python -m flake8 . -> uv run python -m flake8 --format default .',
    ],
  ],
  [
    'basedpyright takes the place of pyright',
    { 'pyproject.toml': '[tool.pyright]\n[dependency-groups]\ndev = ["basedpyright"]\n' },
    ['python3 -m basedpyright -> python3 -m basedpyright --outputjson'],
  ],
  [
    'Python projects below the root; ruff of the root looks into them itself',
    {
      'ruff.toml': 'x',
      'services/api/pyproject.toml': '[tool.mypy]\n[tool.ruff]\n',
      'services/api/uv.lock': '',
    },
    [
      'python3 -m ruff check . -> python3 -m ruff check --output-format json .',
      'services/api: uv run python -m mypy . -> uv run python -m mypy --no-pretty --show-error-codes --no-color-output --no-error-summary .',
    ],
  ],
  ['go', { 'go.mod': 'module x' }, ['go vet ./...']],
  [
    'a workspace of Go modules, one leaning on the other',
    {
      'go.work': 'go 1.22\n\nuse (\n\t./api // the service\n\t./lib\n)\n',
      'api/go.mod': 'module x.org/api\n\nrequire (\n\tx.org/lib v0.1.0\n)\n',
      'lib/go.mod': 'module x.org/lib\n',
      'tools/go.mod': 'module x.org/tools\n',
      'staticcheck.conf': '',
    },
    [
      'api: go vet ./... (on lib)',
      'api: staticcheck ./... -> staticcheck -f json ./... (on lib)',
      'lib: go vet ./...',
      'lib: staticcheck ./... -> staticcheck -f json ./...',
    ],
  ],
  [
    'cargo',
    { 'Cargo.toml': '[package]' },
    ['cargo check --all-targets -> cargo check --all-targets --message-format=json'],
  ],
  [
    'a workspace of Cargo with clippy, as strict as its automation, and what it leaves out',
    {
      'Cargo.toml': '[workspace]\nmembers = ["a"]\nexclude = ["fuzz"]\n',
      'a/Cargo.toml': '[package]',
      'fuzz/Cargo.toml': '[package]',
      '.github/workflows/ci.yml': 'jobs:\n  x:\n    steps:\n      - run: cargo clippy --all -- -D warnings\n',
    },
    [
      'cargo check --workspace --all-targets -> cargo check --workspace --all-targets --message-format=json',
      'cargo clippy --workspace --all-targets -- -D warnings -> cargo clippy --workspace --all-targets --message-format=json -- -D warnings',
      'fuzz: cargo check --all-targets -> cargo check --all-targets --message-format=json',
      'fuzz: cargo clippy --all-targets -- -D warnings -> cargo clippy --all-targets --message-format=json -- -D warnings',
    ],
  ],
  ['nothing', { 'README.md': '' }, []],
  ['a broken package.json', { 'package.json': '{' }, []],
];

for (const [what, files, commands] of FOUND) {
  test(`checks found: ${what}`, async () => {
    const found = await findChecks(viewOf(files));
    assert.deepEqual(
      found.map(({ folder, command, run, leansOn }) =>
        [
          folder === undefined ? '' : `${folder}: `,
          command,
          run === undefined ? '' : ` -> ${run}`,
          leansOn === undefined ? '' : ` (on ${leansOn.join(', ')})`,
        ].join(''),
      ),
      commands,
    );
    assert.equal(new Set(found.map(({ kind, id }) => `${kind}/${String(id)}`)).size, found.length);
  });
}

const its = (folder: string, more: Partial<Check> = {}): Check => ({
  ...{ kind: 'lint' as const, command: 'x', why: '', id: `x@${folder}` },
  ...(folder !== '' && { folder }),
  ...more,
});
const MONO = [its(''), its('a', { leansOn: ['b'] }), its('b'), its('py', { endings: ['.py', '.toml'] })];

const TOUCHES: readonly (readonly [what: string, paths: readonly string[], ids: readonly string[]])[] = [
  ['the root, whatever changed', ['README.md'], ['x@']],
  ['a package with its own files', ['a/src/x.ts'], ['x@', 'x@a']],
  ['what leans on it comes after it', ['b/x.ts'], ['x@', 'x@b', 'x@a']],
  ['a folder whose name begins alike is another', ['ab/x.ts'], ['x@']],
  ['files that it does not read', ['py/README.md'], ['x@']],
  ['files that it reads', ['py/x.py'], ['x@', 'x@py']],
  ['what configures all', ['tsconfig.base.json'], ['x@', 'x@a', 'x@b']],
];

for (const [what, paths, ids] of TOUCHES) {
  test(`a change touches ${what}`, () => {
    const { chosen, left } = touchedBy(MONO, paths, 9);
    assert.deepEqual(
      chosen.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(left, []);
  });
}

test('over the limit, what leans on the change is left out first, and counted', () => {
  const { chosen, left } = touchedBy(MONO, ['b/x.ts'], 2);
  assert.deepEqual([chosen.map(({ id }) => id), left.map(({ id }) => id)], [['x@', 'x@b'], ['x@a']]);
});

interface Recorded {
  readonly program: string;
  readonly root: string;
  readonly folder?: string;
  readonly format?: CheckFormat;
  readonly stdout: string;
  readonly stderr: string;
  /** `path:line rule message`, a warning with "~" before it. */
  readonly reads: readonly string[];
}

const RECORDED = new URL('../../../fixtures/checks/', import.meta.url);

for (const name of readdirSync(RECORDED).filter((each) => each.endsWith('.json'))) {
  const recorded = JSON.parse(readFileSync(new URL(name, RECORDED), 'utf8')) as Recorded;
  const { root, folder, format, reads } = recorded;
  const output = `${recorded.stdout}\n${recorded.stderr}`;
  const read = (text: string): readonly string[] =>
    readCheck(text, { root, folder, format }).map(
      ({ path, line, rule = '', message, warning }) =>
        `${warning === true ? '~' : ''}${path}:${line} ${rule} ${message.split('\n')[0] ?? ''}`,
    );

  test(`a real output is read whole: ${name}`, () => {
    assert.deepEqual(read(output), reads);
  });

  test(`cut off anywhere it never throws, and says nothing that is not there: ${name}`, () => {
    const said = new Set(reads.map((each) => each.split(' ')[0]));
    for (let end = 0; end < output.length; end += 97)
      for (const each of read(output.slice(0, end)))
        if (format !== undefined && format !== 'github') assert.ok(said.has(each.split(' ')[0]), each);
  });
}

test('a machine format among the words of a script runner is found; words are read where there is none', () => {
  const said =
    '\n> demo@1.0.0 lint\n> eslint . --format json\n\n[{"filePath":"/r/a.js","messages":[{"ruleId":"eqeqeq","severity":2,"message":"No","line":3}]}]\n';
  const asked = { root: '/r', format: 'eslint' } as const;
  assert.deepEqual(readCheck(said, asked), [{ path: 'a.js', line: 3, rule: 'eqeqeq', message: 'No' }]);
  assert.deepEqual(readCheck('> x\n[]\n', asked), []);
  assert.deepEqual(readCheck('a.js:3:5: error: no format here', asked), [
    { path: 'a.js', line: 3, message: 'no format here' },
  ]);
});

test('paths of a package are told from the root', () => {
  const asked = { root: '/r', folder: 'packages/a' };
  const paths = readCheck(
    'src/x.ts(1,1): error TS1: a\n../b/y.ts(1,1): error TS1: b\n/r/packages/a/z.ts(1,1): error TS1: c',
    asked,
  );
  assert.deepEqual(
    paths.map(({ path }) => path),
    ['packages/a/src/x.ts', 'packages/b/y.ts', 'packages/a/z.ts'],
  );
});

test('records of when there was one check of each kind keep their keys', () => {
  assert.equal(checkKey({ kind: 'types' }), 'types');
  assert.equal(checkKey({ kind: 'types', id: 'mypy@api' }), 'types/mypy@api');
});
