/** A change is looked at as a whole: what goes in one file may come in another. And what a task asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksToLoosen } from '../../../../../src/core/qa/loosen/asked.ts';
import { at, CI, found, json, step, ts } from './cases.ts';

test('what moves from one file to another is the same', () => {
  const line = '// @ts-ignore\nconst sum = add(a, b);\n';
  assert.deepEqual(found(at('a.ts', line, undefined), at('b.ts', undefined, `x();\n${line}`)), []);
  assert.deepEqual(
    found(
      at('.flake8', '[flake8]\nignore = E1\n', undefined),
      at('setup.cfg', '[x]\n', '[x]\n[flake8]\nignore = E1\n'),
    ),
    [],
  );
  assert.deepEqual(
    found(
      at('.eslintrc.json', json({ rules: { eqeqeq: 'error' } }), undefined),
      at('eslint.config.js', undefined, "export default [{ rules: { eqeqeq: 'error' } }];"),
    ),
    [],
  );
  assert.deepEqual(
    found(
      at(CI, step('- run: npm test', '- run: npm run lint'), step('- run: npm test')),
      at('.github/workflows/lint.yml', undefined, step('- run: npm run lint')),
    ),
    [],
  );
});

test('what moves and grows on the way is found', () => {
  const all = found(
    at('.flake8', '[flake8]\nignore = E1\n', undefined),
    at('setup.cfg', '[x]\n', '[x]\n[flake8]\nignore = E1,E2\n'),
  );
  assert.match(all.join('\n'), /ignored setup\.cfg:3 .*E2/);
});

test('a configuration or pipeline that is gone is found once', () => {
  assert.deepEqual(found(at('.eslintrc.json', json({ rules: { a: 2, b: 2 } }), undefined)), [
    'rule .eslintrc.json:1 .eslintrc.json is gone, and with it the rules that it set.',
  ]);
  assert.match(found(at(CI, step('- run: npm test'), undefined)).join('\n'), /"npm test" is no longer run/);
});

test('what is left out is named where the change itself touches it, also where it only looks like what is built', () => {
  const all = found(
    at('tsconfig.json', ts({}), ts({}, { exclude: ['build', 'src/**'] })),
    at('build/a.ts', 'a', 'b'),
    at('src/x.ts', 'a', 'b'),
  );
  assert.match(
    all.join('\n'),
    /build, src\/\*\*, among it build\/a\.ts, src\/x\.ts, which this change touches/,
  );
  const gone = at('tools/x.ts', 'a', undefined);
  assert.deepEqual(
    found(at('tsconfig.json', ts({}, { include: ['src', 'tools'] }), ts({}, { include: ['src'] })), gone),
    [],
  );
});

const ASKS: readonly (readonly [wanted: string, path: string, rule: string, asks: boolean])[] = [
  ['Set up the ESLint configuration.', 'eslint.config.js', 'no-undef', true],
  ['Add a test for strict parsing.', 'tsconfig.json', 'strict', false],
  ['Disable no-console for the command line tool.', 'eslint.config.js', 'no-console', true],
  ['Turn off the lint rule for unused variables.', 'eslint.config.js', 'no-unused-vars', true],
  ['Update tsconfig.json so that tests are excluded.', 'tsconfig.json', 'exclude', true],
  ['Migrate the ESLint configuration to version 10.', 'eslint.config.js', 'no-undef', true],
  ['Lower the coverage threshold to 80.', 'package.json', 'lines', true],
  ['Remove the lint job from CI.', CI, 'npm run lint', true],
  ['Suppress this warning, it is wrong.', 'src/a.ts', 'no-x', true],
  ['Fix the type errors in src/a.ts.', 'src/a.ts', 'TypeScript', false],
  ['Remove the no-unused-vars warnings.', 'src/a.ts', 'no-unused-vars', false],
  ['Remove all ESLint errors.', 'src/a.ts', 'no-x', false],
  ['Change the parser so that eslint passes.', 'src/a.ts', 'no-x', false],
  ['Mend it, and do not disable no-console.', 'src/a.ts', 'no-console', false],
  ['Add a greeting.', 'tsconfig.json', 'strict', false],
  ['Never turn off strict mode.', 'tsconfig.json', 'strict', false],
];

for (const [wanted, path, rule, asks] of ASKS)
  test(`${asks ? 'asked for' : 'not asked for'}: ${wanted}`, () => {
    assert.equal(asksToLoosen(wanted, { path, rule }), asks);
  });
