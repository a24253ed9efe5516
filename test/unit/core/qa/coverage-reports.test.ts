/** Coverage as runners report it: recorded real reports, what is made of them, and what broken ones do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { coverageOf } from '../../../../src/core/qa/coverage/changed.ts';
import { moduleOf } from '../../../../src/core/qa/coverage/go-profile.ts';
import { lackOf } from '../../../../src/core/qa/coverage/lacking.ts';
import { below } from '../../../../src/core/qa/coverage/lines.ts';
import { pythonSettings } from '../../../../src/core/qa/coverage/python-cover.ts';
import { linesHit, readCoverage } from '../../../../src/core/qa/coverage/report.ts';
import { setupFromCommand } from '../../../../src/core/qa/detect.ts';
import { fillIn } from '../../../../src/core/qa/template.ts';
import type { CoverageFormat } from '../../../../src/core/qa/test-setup.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../../fixtures/coverage', name), 'utf8');

const JS = `// The sign of a number.
exports.sign = (n) => {
  if (n < 0) {
    return -1;
  } else {
    return 1;
  }
};
exports.never = () => {
  return 'nobody calls this';
};
`;
const PY = `# The sign of a number.
def sign(n):
    if n < 0:
        return -1
    return 1


def never():
    """Nobody calls this."""
    return max(
        0,
        1,
    )
`;
const GO = `package sign

// Sign tells the sign of a number.
func Sign(n int) int {
	if n < 0 {
		return -1
	}
	return 1
}

func Never() int {
	return 1
}
`;

interface Recorded {
  readonly file: string;
  readonly format: CoverageFormat;
  readonly path: string;
  readonly name?: string;
  readonly source: string;
  readonly told: number;
  readonly missed: readonly number[];
}

const RECORDED: readonly Recorded[] = [
  { file: 'jest.json', format: 'istanbul', path: 'src/sign.js', source: JS, told: 6, missed: [4, 10] },
  {
    ...{ file: 'vitest.json', format: 'istanbul', path: 'src/sign.js' },
    ...{ source: JS.replaceAll('exports.', 'export const '), told: 6, missed: [4, 10] },
  },
  { file: 'bun.info', format: 'lcov', path: 'src/sign.js', source: JS, told: 6, missed: [4, 10] },
  { file: 'pytest.json', format: 'python', path: 'app/sign.py', source: PY, told: 6, missed: [4, 10] },
  {
    ...{ file: 'go.out', format: 'go', path: 'sign.go', name: 'example.com/sign/sign.go' },
    ...{ source: GO, told: 6, missed: [6, 11, 12] },
  },
];

for (const { file, format, path, name, source, told, missed } of RECORDED) {
  test(`${file}: lines that ran, and those that did not`, () => {
    const hits = new Map(
      [...readCoverage(format, recorded(file))].map(([its, lines]) => [below('/project', its), lines]),
    );
    const found = coverageOf([{ path, before: undefined, after: source }], ({ after = '' }) =>
      linesHit(after, format, [hits.get(name ?? path)]),
    );
    assert.deepEqual(found?.files, [{ path, covered: told - missed.length, total: told, missed }]);
  });

  test(`${file}: cut or broken reports tell less, never other lines`, () => {
    const text = recorded(file);
    const whole = new Set(
      linesIn(format, text)
        .filter(([, hits]) => hits > 0)
        .map(([line]) => line),
    );
    for (let at = 0; at < text.length; at += 37) {
      for (const broken of [text.slice(at), `${text.slice(0, at)}\u0000${text.slice(at + 5)}`])
        for (const [, hits] of linesIn(format, broken)) assert.ok(Number.isFinite(hits));
      for (const [line, hits] of linesIn(format, text.slice(0, at)))
        assert.ok(hits === 0 || whole.has(line), line);
    }
  });
}

/** Every line that is told of, with its file. */
const linesIn = (format: CoverageFormat, text: string): readonly (readonly [string, number])[] =>
  [...readCoverage(format, text)].flatMap(([file, lines]) =>
    [...lines].map(([line, hits]) => [`${file}:${line}`, hits] as const),
  );

test('what several reports tell of a file is taken together; where none does, nothing is known', () => {
  const [one, other] = [new Map([[1, 0]]), new Map([[1, 3]])];
  assert.deepEqual(linesHit('a();', 'lcov', [one, undefined, other]), [undefined, true]);
  assert.deepEqual(linesHit('a();', 'lcov', [one]), [undefined, false]);
  assert.equal(linesHit('a();', 'lcov', [undefined]), undefined);
});

test('a report that is too long is not read', () => {
  assert.equal(readCoverage('lcov', `SF:a.js\nDA:1,1\n${' '.repeat(64_000_000)}`).size, 0);
});

test('files of reports that lie outside the working copy are no files of the change', () => {
  const names = ['/p/src/a.js', './src/a.js', 'src\\a.js', '/q/a.js', '../a.js', 'C:\\q\\a.js'];
  const same = 'src/a.js';
  assert.deepEqual(
    names.map((name) => below('/p', name)),
    [same, same, same, undefined, undefined, undefined],
  );
  assert.equal(below('C:\\p', 'C:\\p\\src\\a.js'), same);
});

test('the module of a go.mod', () => {
  assert.equal(moduleOf('// of ours\nmodule example.com/a // yes\n\ngo 1.19\n'), 'example.com/a');
  assert.equal(moduleOf('module "b"\n'), 'b');
  assert.equal(moduleOf('go 1.19\n'), undefined);
});

const view = { exists: () => false, read: () => Promise.resolve(undefined) };
const filled = async (command: string, files: readonly string[] = ['src/[id].js']) => {
  const { coverage } = await setupFromCommand(command, view);
  return coverage?.commands.map((each) => fillIn(each, { reports: '/r', filter: '', files }));
};

test('commands that measure: everything that is written goes to the report folder', async () => {
  const [jest = ''] = (await filled('npx jest --ci')) ?? [];
  assert.match(jest, /--coverageDirectory="\/r\/coverage-1" --collectCoverageFrom="\*\*\/\?id\?\.js" --ci$/);
  const vitest = (await filled('npx vitest')) ?? [];
  assert.equal(vitest.length, 2);
  assert.match(vitest[0] ?? '', /--coverage\.reportsDirectory="\/r\/coverage-1"/);
  assert.match(vitest[1] ?? '', /--coverage\.provider=istanbul/);
  assert.deepEqual(await filled('go test -coverprofile=c.out -race ./...'), [
    'go test -json -coverpkg=./... -coverprofile="/r/coverage-1.out" -race ./...',
  ]);
  const pytest = (await filled('python3 -m pytest tests')) ?? [];
  assert.match(pytest[0] ?? '', /^python3 -m pytest .*--cov --cov-config="\/r\/coverage\.rc" .* tests$/);
  assert.match(
    pytest[1] ?? '',
    /^python3 "\/r\/cover\.py" "\/r\/coverage-1\.json" "\/r\/coverage\.rc" -m pytest .*--junitxml.* tests$/,
  );
  assert.equal((await filled('pytest'))?.length, 1, 'no module that could be run under another');
  const [unittest = ''] = (await filled('python3 -m unittest discover -s tests')) ?? [];
  assert.match(
    unittest,
    /"\/r\/coverage\.rc" "\/r\/unittest_reporter\.py" "\/r\/unittest\.jsonl" discover -s tests$/,
  );
  assert.equal(
    (await filled('(cd a && npx jest) && (cd b && npx jest)'))?.[0]?.match(/coverage-[12]"/g)?.length,
    2,
  );
  assert.equal(await filled('npx jest && npx vitest'), undefined, 'runners of two kinds');
  assert.equal(await filled('node --test'), undefined, 'it tells without being asked');
});

test('what is measured of Python is the folders of the change, whatever they are called', () => {
  const text = pythonSettings(['src/a.py', 'src/b.py', '$x/c.py', 'd.py'], '/p');
  assert.equal(text, '[run]\nsource =\n    /p/src\n    /p/$$x\n    /p/\n');
});

test('a runner that lacks what it needs says so in its own words, recorded', () => {
  const said = [
    '__main__.py: error: unrecognized arguments: --cov --cov-config=x',
    'Traceback (most recent call last):\n  File "cover.py", line 5, in <module>\nModuleNotFoundError: No module named \'coverage\'',
    "\u001b[31m MISSING DEPENDENCY \u001b[39m Cannot find dependency '@vitest/coverage-v8'",
    'go: no such tool "covdata"',
  ];
  for (const output of said) assert.match(lackOf(output) ?? '', /install|has no tool/, output);
  assert.equal(lackOf('1 passed'), undefined);
});
