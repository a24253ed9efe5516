/** Configuration that moves, is formatted, or demands more is no finding. */
import { checkCases, json, ts, type Case } from './cases.ts';

const RULES: readonly Case[] = [
  [
    'stricter',
    'tsconfig.json',
    ts({ strict: false, skipLibCheck: true }),
    ts({ strict: true, noUnusedLocals: true }),
  ],
  [
    'formatted, with comments and commas',
    'tsconfig.json',
    '{"compilerOptions":{"strict":true}}',
    '{\n  // all of it\n  "compilerOptions": { "strict": true, },\n}\n',
  ],
  [
    'the family says what strict says',
    'tsconfig.json',
    ts({ strict: true, noImplicitAny: true }),
    ts({ strict: true }),
  ],
  [
    'it comes from what is extended',
    'tsconfig.json',
    ts({ strict: true }),
    json({ extends: './base.json', compilerOptions: {} }),
  ],
  ['other options', 'tsconfig.json', ts({ target: 'es2020' }), ts({ target: 'es2022', jsx: 'react' })],
  [
    'what is built is left out',
    'tsconfig.json',
    ts({}, { exclude: ['node_modules'] }),
    ts({}, { exclude: ['node_modules', 'dist', '**/coverage/**'] }),
  ],
  [
    'include is wider',
    'tsconfig.json',
    ts({}, { include: ['src/a', 'src/b'] }),
    ts({}, { include: ['src'] }),
  ],
  ['include is gone', 'tsconfig.json', ts({}, { include: ['src'] }), ts({})],
  [
    'eslint: up',
    'eslint.config.js',
    "export default [{ rules: { a: 'warn' } }];",
    "export default [{ rules: { a: 'error', b: 'warn' } }];",
  ],
  [
    'eslint: in another order, with numbers for words',
    '.eslintrc.json',
    json({ rules: { a: 'error', b: 'warn' } }),
    json({ rules: { b: 1, a: 2 } }),
  ],
  [
    'eslint: a rule in a comment',
    'eslint.config.js',
    "export default [{ rules: { a: 'error' } }];",
    "// b: 'off'\nexport default [{ rules: { a: 'error' } }];",
  ],
  [
    'eslint: a stricter preset',
    'eslint.config.js',
    'export default [ts.configs.recommended];',
    'export default [ts.configs.strict];',
  ],
  [
    'ruff: a wider prefix',
    'ruff.toml',
    'select = ["E4", "E7"]\nignore = ["E"]\n',
    'select = ["E"]\nignore = ["E501"]\n',
  ],
  [
    'ruff: moved to its section',
    'pyproject.toml',
    '[tool.ruff]\nselect = ["E"]\n',
    '[tool.ruff.lint]\nselect = ["E"]\n',
  ],
  [
    'mypy: a package without types',
    'mypy.ini',
    '[mypy]\nstrict = True\n',
    '[mypy]\nstrict = True\n[mypy-boto.*]\nignore_missing_imports = True\n',
  ],
  ['limits up', '.c8rc.json', json({ lines: 50 }), json({ lines: 60 })],
  [
    'other parts of a manifest',
    'Cargo.toml',
    '[package]\nversion = "1"\n',
    '[package]\nversion = "2"\n[dependencies]\nserde = "1"\n',
  ],
  ['a file that cannot be read', 'tsconfig.json', ts({ strict: true }), '{ "compilerOptions": '],
  ['a new file', 'tsconfig.json', '', ts({ strict: true })],
];

checkCases(RULES);
