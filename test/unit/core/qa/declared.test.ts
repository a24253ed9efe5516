import assert from 'node:assert/strict';
import test from 'node:test';
import { declaredAt } from '../../../../src/core/qa/declared.ts';

const CASES: readonly [what: string, text: string, name: string, line: number | undefined][] = [
  ['a quoted name', `import x;\ntest('adds up', () => {});`, 'adds up', 2],
  ['another quote', 'it(`a`);\nit("says hi");', 'says hi', 2],
  ['a quote in the name', String.raw`it('it\'s')`, "it's", 1],
  ['a function of Python', 'def helper(): pass\n\ndef test_a():\n  pass', 'test_a', 3],
  ['a parametrized one', 'def test_a(x):', 'test_a[1-2]', 1],
  ['a function of Go', 'func TestB(t *testing.T) {', 'TestB', 1],
  ['a class', 'x\nclass Adding(TestCase):', 'Adding', 2],
  ['a method of Java', '  public void adds() {', 'adds()', 1],
  ['no part of a longer name', 'def test_ab(): pass', 'test_a', undefined],
  ['a name that is only used', 'test_a()', 'test_a', undefined],
  ['a name with signs of patterns', 'x', 'a(.*', undefined],
  ['nothing', 'x', '', undefined],
];
for (const [what, text, name, line] of CASES)
  test(`finds ${what}`, () => assert.equal(declaredAt(text, name), line));
