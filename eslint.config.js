// Lint for the whole house: strict typed rules, the limits of size, and what each room may touch.
import { builtinModules } from 'node:module';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const namedZod = {
  selector: "ImportDeclaration[source.value='zod'] :matches(ImportSpecifier, ImportDefaultSpecifier)",
  message: "Write `import * as z from 'zod'`: the named import drags in five times the bytes.",
};
const vscode = { name: 'vscode', message: 'Only src/editor and src/extension.ts know the editor.' };
const openai = { name: 'openai', message: 'Only src/node talks to endpoints.' };
const ours = (rooms) =>
  rooms.map((room) => ({
    regex: `(^|/)\\.\\.?/(.*/)?${room}(/|\\.ts$)`,
    message: 'This arrow is not in the house (src/README.md).',
  }));
const builtins = [
  { regex: `^(node:.*|${builtinModules.join('|')})$`, message: 'No Node built-ins in this room.' },
];

/** `no-restricted-imports` of one room; a later entry of a flat config replaces an earlier one, so each is whole. */
const imports = (paths, patterns = []) => ({
  'no-restricted-imports': ['error', { paths, patterns }],
});

const worldlyGlobals = [
  'process',
  'Buffer',
  'console',
  'crypto',
  'fetch',
  'global',
  'globalThis',
  'performance',
  'require',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'window',
  'document',
  'localStorage',
  'WebSocket',
  'XMLHttpRequest',
];
const askAPort = 'The core asks a port (src/core/ports.ts) for time, chance, environment and the world.';

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only.',
};
const noWallClock = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: askAPort,
};

const house = {
  'max-lines': ['error', 400],
  'max-lines-per-function': ['error', { max: 70, IIFEs: true }],
  'max-params': ['error', 4],
  'max-depth': ['error', 3],
  'no-restricted-syntax': ['error', noDefaultExport, namedZod],
  eqeqeq: 'error',
  'no-console': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  ...imports([vscode]),
};

const typed = {
  '@typescript-eslint/no-confusing-void-expression': [
    'error',
    { ignoreArrowShorthand: true, ignoreVoidOperator: true },
  ],
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
  '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
  '@typescript-eslint/no-unnecessary-type-parameters': 'off',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
  ],
  // An in-memory port implements an asynchronous contract with nothing to wait for.
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'error',
    { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'node_modules/', '.vscode-test/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...house, ...typed },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.recommended],
    rules: { ...house, 'no-console': 'off', 'no-undef': 'off' },
  },
  { files: ['*.config.js', '**/*.cjs', '**/*.d.*'], rules: { 'no-restricted-syntax': 'off' } },

  {
    files: ['src/protocol/**'],
    rules: imports(
      [vscode, openai],
      [...builtins, ...ours(['core', 'node', 'editor', 'terminal', 'media', 'extension', 'cli'])],
    ),
  },
  {
    files: ['src/core/**'],
    rules: {
      ...imports(
        [vscode, openai],
        [...builtins, ...ours(['node', 'editor', 'terminal', 'media', 'extension', 'cli'])],
      ),
      'no-restricted-globals': ['error', ...worldlyGlobals.map((name) => ({ name, message: askAPort }))],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: askAPort },
        { object: 'Math', property: 'random', message: askAPort },
        { object: 'AbortSignal', property: 'timeout', message: askAPort },
      ],
      'no-restricted-syntax': ['error', noDefaultExport, namedZod, noWallClock],
    },
  },
  { files: ['src/node/**', 'src/cli.ts'], rules: imports([vscode], ours(['editor', 'extension'])) },
  {
    files: ['src/terminal/**'],
    rules: imports([vscode, openai], ours(['node', 'editor', 'media', 'extension', 'cli'])),
  },
  { files: ['src/editor/**'], rules: imports([openai], ours(['node', 'terminal', 'cli'])) },
  { files: ['src/extension.ts'], rules: imports([openai]) },
  {
    files: ['media/**'],
    rules: {
      ...imports(
        [vscode, openai],
        [...builtins, ...ours(['core', 'node', 'editor', 'terminal', 'extension', 'cli'])],
      ),
      // The panel has no classes: what its hooks hand out are closures, made to be taken apart.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      ...imports([]),
      'max-lines-per-function': 'off',
      'no-console': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
