/** Type checks, lint and builds: what programs print is read, and only what the base does not have counts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareChecks, type CheckRun, type CheckVerdict } from '../../../../src/core/qa/checks/compare.ts';
import { findChecks } from '../../../../src/core/qa/checks/find.ts';
import { readFindings } from '../../../../src/core/qa/checks/read.ts';

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

const viewOf = (files: Readonly<Record<string, string>>) => ({
  exists: (path: string) => path in files,
  read: (path: string) => Promise.resolve(files[path]),
});

const FOUND: readonly (readonly [
  what: string,
  files: Readonly<Record<string, string>>,
  commands: readonly string[],
])[] = [
  [
    'scripts',
    { 'package.json': '{"scripts":{"typecheck":"tsc","lint":"eslint .","build":"x"}}' },
    ['npm run typecheck', 'npm run lint', 'npm run build'],
  ],
  [
    'scripts that mend or never end are not run',
    { 'package.json': '{"scripts":{"lint":"eslint --fix .","build":"tsc --watch"}}' },
    [],
  ],
  [
    'TypeScript without a script',
    { 'package.json': '{"devDependencies":{"typescript":"5"}}', 'tsconfig.json': '{}' },
    ['npx --no-install tsc --noEmit'],
  ],
  [
    'mypy and ruff',
    { 'pyproject.toml': '[tool.mypy]\nfiles = "src"\n[tool.ruff]\n' },
    ['python3 -m mypy', 'python3 -m ruff check --output-format concise .'],
  ],
  ['go', { 'go.mod': 'module x' }, ['go vet ./...']],
  ['cargo', { 'Cargo.toml': '[package]' }, ['cargo check --all-targets']],
  ['nothing', { 'README.md': '' }, []],
  ['a broken package.json', { 'package.json': '{' }, []],
];

for (const [what, files, commands] of FOUND) {
  test(`checks found: ${what}`, async () => {
    assert.deepEqual(
      (await findChecks(viewOf(files))).map(({ command }) => command),
      commands,
    );
  });
}
