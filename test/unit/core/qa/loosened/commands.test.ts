/** Scripts and pipelines that prove less are found; other ways to prove the same are not. */
import { checkCases, CI, json, step, type Case } from './cases.ts';

const scripts = (its: object): string => json({ name: 'demo', scripts: its });

const COMMANDS: readonly Case[] = [
  [
    'the test script does nothing',
    'package.json',
    scripts({ test: 'jest' }),
    scripts({ test: 'echo ok' }),
    /script package\.json:4 The script "test" .*does nothing any more/,
  ],
  [
    'it runs something else',
    'package.json',
    scripts({ test: 'vitest run' }),
    scripts({ test: 'node check.js' }),
    /no longer runs the tests/,
  ],
  [
    'it never fails',
    'package.json',
    scripts({ test: 'jest' }),
    scripts({ test: 'jest || true' }),
    /does not fail any more/,
  ],
  [
    'no tests are enough',
    'package.json',
    scripts({ test: 'jest' }),
    scripts({ test: 'jest --passWithNoTests' }),
    /passes where there are no tests/,
  ],
  [
    'files are left out',
    'package.json',
    scripts({ test: 'vitest run' }),
    scripts({ test: 'vitest run --exclude src/a' }),
    /leaves files out/,
  ],
  [
    'tests are left out',
    'package.json',
    scripts({ test: 'pytest' }),
    scripts({ test: "pytest -k 'not slow'" }),
    /leaves tests out/,
  ],
  [
    'repeats',
    'package.json',
    scripts({ test: 'vitest run' }),
    scripts({ test: 'vitest run --retry=3' }),
    /repeats what fails/,
  ],
  ['snapshots', 'package.json', scripts({ test: 'jest' }), scripts({ test: 'jest -u' }), /recorded results/],
  [
    'a part is gone',
    'package.json',
    scripts({ check: 'tsc --noEmit && eslint . && jest' }),
    scripts({ check: 'tsc --noEmit && jest' }),
    /no longer runs the linter/,
  ],
  [
    'a script is gone',
    'package.json',
    scripts({ test: 'jest', lint: 'eslint .' }),
    scripts({ test: 'jest' }),
    /"lint" .*is gone/,
  ],
  [
    'types are checked less',
    'package.json',
    scripts({ types: 'tsc' }),
    scripts({ types: 'tsc --skipLibCheck' }),
    /less strictly/,
  ],
  [
    'warnings are allowed',
    'package.json',
    scripts({ lint: 'eslint . --max-warnings 0' }),
    scripts({ lint: 'eslint . --max-warnings 50' }),
    /warnings from 0 to 50/,
  ],
  [
    'warnings have no limit',
    'package.json',
    scripts({ lint: 'eslint . --max-warnings=0' }),
    scripts({ lint: 'eslint .' }),
    /no limit for the warnings/,
  ],
  [
    'less coverage',
    'package.json',
    scripts({ test: 'c8 --lines 90 node --test' }),
    scripts({ test: 'c8 --lines 10 node --test' }),
    /coverage of lines from 90 to 10/,
  ],
  [
    'an unknown runner never fails',
    'package.json',
    scripts({ test: 'node run.js' }),
    scripts({ test: 'node run.js || exit 0' }),
    /does not fail/,
  ],
  [
    'make',
    'Makefile',
    'test:\n\tpytest\n',
    'test:\n\tpytest || true\n',
    /script Makefile:2 .*does not fail any more/,
  ],
  [
    'make does not run them',
    'Makefile',
    'test:\n\tpytest -q\n',
    'test:\n\techo ok\n',
    /"pytest -q" is no longer run/,
  ],

  ['it runs them otherwise', 'package.json', scripts({ test: 'jest' }), scripts({ test: 'vitest run' })],
  [
    'through another script',
    'package.json',
    scripts({ test: 'jest' }),
    scripts({ test: 'npm run unit', unit: 'jest' }),
  ],
  [
    'with more',
    'package.json',
    scripts({ test: 'jest' }),
    scripts({ test: 'jest --ci --coverage && eslint .' }),
  ],
  [
    'a script has another name',
    'package.json',
    scripts({ lint: 'eslint .' }),
    scripts({ 'lint:js': 'eslint .' }),
  ],
  [
    'other scripts',
    'package.json',
    scripts({ start: 'node a.js' }),
    scripts({ start: 'node b.js --exclude x || true' }),
  ],
  [
    'npm’s default',
    'package.json',
    scripts({ test: 'echo "Error: no test specified" && exit 1' }),
    scripts({ test: 'node --test' }),
  ],
  [
    'fewer warnings',
    'package.json',
    scripts({ lint: 'eslint . --max-warnings 9' }),
    scripts({ lint: 'eslint . --max-warnings 0' }),
  ],
];

const PIPELINES: readonly Case[] = [
  [
    'tests are gone',
    CI,
    step('- run: npm ci', '- run: npm test'),
    step('- run: npm ci'),
    /ci .*"npm test" is no longer run/,
  ],
  [
    'lint is gone',
    CI,
    step('- run: npm run lint', '- run: npm test'),
    step('- run: npm test'),
    /"npm run lint" is no longer run/,
  ],
  ['it never fails', CI, step('- run: pytest'), step('- run: pytest || true'), /does not fail any more/],
  [
    'a step may fail',
    CI,
    step('- run: npm test'),
    step('- run: npm test', '  continue-on-error: true'),
    /may fail now/,
  ],
  [
    'a step is off',
    CI,
    step('- run: npm test'),
    step('- if: false', '  run: npm test'),
    /does not run any more/,
  ],
  ['commented out', CI, step('- run: npm test'), step('# - run: npm test'), /no longer run/],
  [
    'by hand only',
    CI,
    step('- run: npm test'),
    step('- run: npm test').replace('on: [push]', 'on: workflow_dispatch'),
    /no longer runs for changes/,
  ],
  [
    'GitLab',
    '.gitlab-ci.yml',
    'test:\n  script:\n    - cargo test\n',
    'test:\n  script:\n    - cargo test\n  allow_failure: true\n',
    /may fail now/,
  ],
  [
    'warnings of clippy',
    CI,
    step('- run: cargo clippy'),
    step('- run: cargo clippy -- --cap-lints warn'),
    /allows what was found/,
  ],

  [
    'another name',
    CI,
    step('- name: Test', '  run: npm test'),
    step('- name: Run the tests', '  run: npm test'),
  ],
  [
    'another version',
    CI,
    step('- uses: actions/checkout@v3', '- run: npm test'),
    step('- uses: actions/checkout@v4', '- run: npm test'),
  ],
  ['other words for the same', CI, step('- run: npm test'), step('- run: npm run test -- --ci')],
  ['once of two', CI, step('- run: npm test', '- run: npm test'), step('- run: npm test')],
  ['more steps', CI, step('- run: npm test'), step('- run: npm run lint', '- run: npm test')],
];

checkCases(COMMANDS);
checkCases(PIPELINES);
