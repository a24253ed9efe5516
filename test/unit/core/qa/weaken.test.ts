import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findWeakened } from '../../../../src/core/qa/weaken/find.ts';
import { leftInEnglish } from '../../protocol/pseudo-told.ts';

/** What a change of a test file is, and the kinds with lines that must be found; none: it is no weakening. */
type Case = readonly [what: string, path: string, before: string, after: string, found: string];

const JS = `test('adds', () => {
  expect(add(1, 2)).toBe(3);
  expect(add(0, 0)).toBe(0);
});
`;
const PY = `def test_adds():
    assert add(1, 2) == 3
    assert add(0, 0) == 0
`;
const GO = `func TestAdds(t *testing.T) {
	if got := Add(1, 2); got != 3 {
		t.Errorf("got %d, want 3", got)
	}
}
`;
const RUST = `#[test]
fn adds() {
    assert_eq!(add(1, 2), 3);
}
`;
const JAVA = `class SumTest {
  @Test void adds() {
    assertEquals(3, Sum.add(1, 2));
    assertEquals(0.1, Sum.mean(), 0.001);
  }
}
`;
const RUBY = `it 'adds' do
  expect(add(1, 2)).to eq(3)
end
`;
const PHP = `  public function testAdds(): void {
    $this->assertSame(3, add(1, 2));
  }
`;

const CASES: readonly Case[] = [
  [
    'an assertion goes',
    'a.test.js',
    JS,
    JS.replace('  expect(add(0, 0)).toBe(0);\n', ''),
    'fewerAssertions:1',
  ],
  ['an assertion goes', 'test_a.py', PY, PY.replace('    assert add(0, 0) == 0\n', ''), 'fewerAssertions:1'],
  ['an assertion goes', 'a_test.go', GO, GO.replace('t.Errorf', 'fmt.Printf'), 'fewerAssertions:1'],
  [
    'an assertion goes',
    'src/lib.rs',
    RUST,
    RUST.replace('assert_eq!(add(1, 2), 3)', 'add(1, 2)'),
    'fewerAssertions:2',
  ],
  [
    'an assertion goes',
    'src/test/java/SumTest.java',
    JAVA,
    JAVA.replace(/ +assertEquals\(3.*\n/, ''),
    'fewerAssertions:2',
  ],
  ['an assertion goes', 'spec/a_spec.rb', RUBY, RUBY.replace(/ {2}expect.*\n/, ''), 'fewerAssertions:1'],
  ['an assertion goes', 'tests/AddTest.php', PHP, PHP.replace(/ {4}\$this.*\n/, ''), 'fewerAssertions:1'],
  [
    'an assertion is made trivial',
    'a.test.ts',
    JS,
    JS.replace('expect(add(1, 2)).toBe(3)', 'expect(true).toBe(true)'),
    'trivial:2',
  ],
  ['an assertion is made trivial', 'tests/test_a.py', PY, PY.replace('add(1, 2) == 3', 'True'), 'trivial:2'],
  ['an assertion is made trivial', 'src/a.rs', RUST, RUST.replace('add(1, 2), 3', '3, 3'), 'trivial:3'],
  [
    'an assertion is made trivial',
    'SumTest.java',
    JAVA,
    JAVA.replace('assertEquals(3, Sum.add(1, 2))', 'assertTrue(true)'),
    'trivial:3',
  ],
  [
    'an assertion is made trivial',
    'tests/AddTest.php',
    PHP,
    PHP.replace('assertSame(3, add(1, 2))', 'assertTrue(true)'),
    'trivial:2',
  ],
  ['only one runs', 'a.test.js', JS, JS.replace('test(', 'test.only('), 'focus:1'],
  ['only one runs', 'a.spec.ts', JS.replace('test(', 'it('), JS.replace('test(', 'fit('), 'focus:1'],
  ['only one runs', 'spec/a_spec.rb', RUBY, RUBY.replace("it '", "fit '"), 'focus:1'],
  ['a new file with only', 'b.test.js', '', JS.replace('test(', 'test.only('), 'focus:1'],
  ['it is skipped', 'a.test.js', JS, JS.replace('test(', 'test.skip('), 'skip:1'],
  [
    'it is skipped by an option',
    'test/a.js',
    JS,
    JS.replace("'adds', ", "'adds', { skip: true }, "),
    'skip:1',
  ],
  ['it is a todo', 'a.test.js', JS, JS.replace('test(', 'test.todo('), 'skip:1'],
  ['it is skipped', 'test_a.py', PY, `@pytest.mark.skip(reason="flaky")\n${PY}`, 'skip:1'],
  ['it may fail', 'test_a.py', PY, `@pytest.mark.xfail\n${PY}`, 'skip:1'],
  ['it is skipped', 'a_test.go', GO, GO.replace('{\n', '{\n\tt.Skip("later")\n'), 'skip:2'],
  ['it is skipped', 'src/lib.rs', RUST, RUST.replace('#[test]\n', '#[test]\n#[ignore]\n'), 'skip:2'],
  ['it is skipped', 'SumTest.java', JAVA, JAVA.replace('@Test', '@Disabled @Test'), 'skip:2'],
  [
    'it is skipped',
    'Sum.Tests/AddTests.cs',
    '[Fact]\npublic void Adds() { Assert.Equal(3, x); }\n',
    '[Fact(Skip = "later")]\npublic void Adds() { Assert.Equal(3, x); }\n',
    'skip:1',
  ],
  ['it is skipped', 'spec/a_spec.rb', RUBY, RUBY.replace("it '", "xit '"), 'skip:1'],
  [
    'it is skipped',
    'tests/AddTest.php',
    PHP,
    PHP.replace('{\n', "{\n    $this->markTestSkipped('later');\n"),
    'skip:2',
  ],
  [
    'it is commented out',
    'a.test.js',
    JS,
    JS.replace(/^/gm, '// ').replace(/\/\/ $/, ''),
    'commentedOut:1 commentedOut:2 commentedOut:3',
  ],
  [
    'an assertion is commented out',
    'test_a.py',
    PY,
    PY.replace('    assert add(0', '    # assert add(0'),
    'commentedOut:3 fewerAssertions:1',
  ],
  ['another value is expected', 'a.test.js', JS, JS.replace('toBe(3)', 'toBe(4)'), 'expectedValue:2'],
  ['another value is expected', 'test_a.py', PY, PY.replace('== 3', '== 4'), 'expectedValue:2'],
  ['another value is expected', 'src/lib.rs', RUST, RUST.replace('3)', '4)'), 'expectedValue:3'],
  ['a margin is wider', 'SumTest.java', JAVA, JAVA.replace('0.001', '10'), 'tolerance:4'],
  ['a margin is narrower', 'SumTest.java', JAVA, JAVA.replace('0.001', '0.0001'), ''],
  [
    'fewer digits',
    'a.test.js',
    "test('a', () => {\n  expect(x).toBeCloseTo(0.3, 5);\n});\n",
    "test('a', () => {\n  expect(x).toBeCloseTo(0.3, 0);\n});\n",
    'tolerance:2',
  ],
  [
    'more digits',
    'a.test.js',
    "test('a', () => {\n  expect(x).toBeCloseTo(0.3, 2);\n});\n",
    "test('a', () => {\n  expect(x).toBeCloseTo(0.3, 5);\n});\n",
    '',
  ],
  [
    'a margin is wider',
    'test_a.py',
    'def test_a():\n    assert x == pytest.approx(0.3, abs=0.01)\n',
    'def test_a():\n    assert x == pytest.approx(0.3, abs=5)\n',
    'tolerance:2',
  ],
  [
    'a failure is swallowed',
    'a.test.js',
    JS,
    JS.replace('  expect(add(1, 2)).toBe(3);', '  try { expect(add(1, 2)).toBe(3); } catch {}'),
    'swallowed:2',
  ],
  [
    'a failure is swallowed',
    'test_a.py',
    PY,
    PY.replace(
      '    assert add(1, 2) == 3\n',
      '    try:\n        assert add(1, 2) == 3\n    except AssertionError: pass\n',
    ),
    'swallowed:4',
  ],
  ['it is left early', 'a.test.js', JS, JS.replace('{\n', '{\n  return;\n'), 'swallowed:2'],
  ['the process is left', 'a.test.js', JS, JS.replace('{\n', '{\n  process.exit(0);\n'), 'swallowed:2'],
  [
    'a snapshot changes',
    '__snapshots__/a.test.js.snap',
    'exports[`a 1`] = `1`;\n',
    'exports[`a 1`] = `2`;\n',
    'snapshot:1',
  ],
  [
    'a snapshot is added',
    '__snapshots__/a.test.js.snap',
    'exports[`a 1`] = `1`;\n',
    'exports[`a 1`] = `1`;\nexports[`b 1`] = `2`;\n',
    '',
  ],
  ['a new snapshot', '__snapshots__/b.test.js.snap', '', 'exports[`a 1`] = `1`;\n', ''],
  ['nothing', 'a.test.js', JS, JS, ''],
  ['a test is added', 'a.test.js', JS, `${JS}test('zero', () => { expect(add(0, 1)).toBe(1); });\n`, ''],
  ['an assertion is added', 'test_a.py', PY, `${PY}    assert add(1, 1) == 2\n`, ''],
  ['a test is renamed', 'a.test.js', JS, JS.replace('adds', 'sums'), ''],
  ['a name changes', 'a.test.js', JS, JS.replaceAll('add(', 'sum('), ''],
  [
    'a test moves down',
    'a.test.js',
    `${JS}test('b', () => { expect(1 + x).toBe(2); });\n`,
    `test('b', () => { expect(1 + x).toBe(2); });\n${JS}`,
    '',
  ],
  ['a helper that may return early', 'a.test.js', JS, `function help(x) { if (x) return 1; }\n${JS}`, ''],
  [
    'a skip that was there moves',
    'a.test.js',
    JS.replace('test(', 'test.skip('),
    `// why\n\n${JS.replace('test(', 'test.skip(')}`,
    '',
  ],
  ['a skip goes', 'a.test.js', JS.replace('test(', 'test.skip('), JS, ''],
  ['a comment speaks of skipping', 'a.test.js', JS, `// test.skip('x') is what we do not do\n${JS}`, ''],
  [
    'source beside tests',
    'src/lib.rs',
    `fn help(x: i32) {\n    assert!(x > 0);\n}\n${RUST}`,
    `fn help(x: i32) {\n    return;\n}\n${RUST}`,
    '',
  ],
  ['source is no test', 'src/add.js', 'return;\n', 'return;\nprocess.exit(0);\n', ''],
  ['a picture', 'test/a.png', 'x', 'y', ''],
];

for (const [what, path, before, after, expected] of CASES) {
  test(`${path}: ${what}`, () => {
    const found = findWeakened(path, before === '' ? undefined : before, after);
    for (const { reason } of found)
      assert.deepEqual(leftInEnglish(reason, [path, before, after].join(' ')), [], reason);
    assert.equal(found.map(({ kind, line }) => `${kind}:${line}`).join(' '), expected, JSON.stringify(found));
    for (const { reason, path: where } of found) assert.ok(where === path && reason.length > 20, reason);
  });
}

test('a test file that is gone is told by its tests, not here', () => {
  assert.deepEqual(findWeakened('a.test.js', JS, undefined), []);
});

test('no texts make it throw, and none take long', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(JS, PY, GO, RUST, '/*', '"""', 'expect(', 'assert(true)', '`', '\n'),
  );
  const text = fc.array(piece).map((parts) => parts.join(''));
  fc.assert(
    fc.property(
      fc.constantFrom('a.test.js', 'test_a.py', 'a_test.go', 'a.rs', 'ATest.java', 'a_spec.rb', 'ATest.php'),
      text,
      text,
      (path, before, after) => {
        assert.ok(findWeakened(path, before, after).length <= 20);
      },
    ),
    { numRuns: 500 },
  );
  for (const unit of ['expect(true).toBe(true);\n', '"', 'test("', '  assert 1 == 1\n', '(((', '1 '])
    for (const path of ['a.test.js', 'test_a.py', 'ATest.java', 'a_spec.rb'])
      findWeakened(path, unit.repeat(20_000 / unit.length), unit.repeat(20_100 / unit.length));
});
