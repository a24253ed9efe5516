/** What each known setting demands, and which way it demands less. */

/**
 * `strict`: demands more when true. `on`: the same, and true unless said otherwise. `loose`: demands less when true.
 * `ignored`: a list of what is left out. `demanded`: a list of what is asked for. `included`: a list of what is looked at; another one in
 * its place is no loss. `max`, `min`: a limit. `level`: how much a rule matters.
 */
export type How = 'strict' | 'on' | 'loose' | 'ignored' | 'demanded' | 'included' | 'max' | 'min' | 'level';

export interface RuleRow {
  readonly key: RegExp;
  readonly how: How;
  /** Only what begins with a sign that takes away counts. */
  readonly negated?: boolean;
  /** The levels by name, from nothing upwards; absent: off, info, warn, error. */
  readonly levels?: readonly (readonly string[])[];
  /** A setting that this one follows where it is not said itself. */
  readonly follows?: string;
}

const words = (prefix: string, names: string): RegExp =>
  new RegExp(`^${prefix}(${names.trim().split(/\s+/).join('|')})$`);

const TS = String.raw`ts\.compilerOptions\.`;
const ESLINT_RULE = /^eslint\.(overrides\.[^.]*\.)?rules\.[^.]+$/;
const MYPY = String.raw`mypy\.(overrides\..+\.)?`;

const TYPESCRIPT: readonly RuleRow[] = [
  {
    key: words(
      TS,
      `noImplicitAny strictNullChecks strictFunctionTypes strictBindCallApply strictPropertyInitialization
       strictBuiltinIteratorReturn noImplicitThis useUnknownInCatchVariables alwaysStrict`,
    ),
    how: 'strict',
    follows: 'ts.compilerOptions.strict',
  },
  {
    key: words(
      TS,
      `strict noUnusedLocals noUnusedParameters noImplicitReturns noFallthroughCasesInSwitch noUncheckedIndexedAccess
       exactOptionalPropertyTypes noImplicitOverride noPropertyAccessFromIndexSignature noUncheckedSideEffectImports checkJs
       forceConsistentCasingInFileNames noEmitOnError isolatedDeclarations erasableSyntaxOnly`,
    ),
    how: 'strict',
  },
  {
    key: words(
      TS,
      `skipLibCheck skipDefaultLibCheck allowUnreachableCode allowUnusedLabels noCheck noEmit suppressImplicitAnyIndexErrors
       suppressExcessPropertyErrors noStrictGenericChecks noResolve`,
    ),
    how: 'loose',
  },
  { key: /^ts\.exclude$/, how: 'ignored' },
  { key: /^ts\.(include|files|references)$/, how: 'included' },
];

const SCRIPT_LINTERS: readonly RuleRow[] = [
  { key: ESLINT_RULE, how: 'level' },
  { key: /^eslint\.(overrides\.[^.]*\.)?(ignorePatterns|excludedFiles)$/, how: 'ignored' },
  { key: /^eslint\.(overrides\.[^.]*\.)?extends$/, how: 'included' },
  { key: /^eslint\.(linterOptions\.)?noInlineConfig$/, how: 'strict' },
  { key: /^biome\.(overrides\..*\.)?linter\.(enabled|rules\.(\w+\.)?recommended)$/, how: 'on' },
  { key: /^biome\.(overrides\..*\.)?linter\.rules\.\w+\.\w+(\.level)?$/, how: 'level' },
  { key: /^biome\.(files|linter)\.ignore$/, how: 'ignored' },
  { key: /^biome\.(files|linter)\.includes?$/, how: 'ignored', negated: true },
];

const PYTHON: readonly RuleRow[] = [
  { key: /^ruff\.(select|extend-select)$/, how: 'demanded' },
  {
    key: /^ruff\.(ignore|extend-ignore|exclude|extend-exclude|(extend-)?per-file-ignores\..+)$/,
    how: 'ignored',
  },
  { key: /^ruff\.(line-length|mccabe\.max-complexity|pylint\.max-.+|pycodestyle\.max-.+)$/, how: 'max' },
  {
    key: words(
      MYPY,
      `strict disallow_any_unimported disallow_any_expr disallow_any_decorated disallow_any_explicit disallow_any_generics
       disallow_subclassing_any disallow_untyped_calls disallow_untyped_defs disallow_incomplete_defs check_untyped_defs
       disallow_untyped_decorators warn_redundant_casts warn_unused_ignores warn_no_return warn_return_any warn_unreachable
       warn_unused_configs strict_equality extra_checks no_implicit_optional no_implicit_reexport`,
    ),
    how: 'strict',
  },
  { key: words(MYPY, 'strict_optional'), how: 'on' },
  {
    key: words(
      MYPY,
      'ignore_errors implicit_optional allow_untyped_globals allow_redefinition implicit_reexport',
    ),
    how: 'loose',
  },
  // For one module it is what a package without types needs.
  { key: /^mypy\.ignore_missing_imports$/, how: 'loose' },
  { key: words(MYPY, 'disable_error_code exclude'), how: 'ignored' },
  { key: words(MYPY, 'enable_error_code'), how: 'demanded' },
  { key: /^mypy\.(files|packages|modules)$/, how: 'included' },
  { key: words(MYPY, 'follow_imports'), how: 'level', levels: [['skip'], ['silent'], ['normal'], ['error']] },
  {
    key: /^pyright\.typeCheckingMode$/,
    how: 'level',
    levels: [['off'], ['basic'], ['standard'], ['strict'], ['recommended'], ['all']],
  },
  {
    key: /^pyright\.report\w+$/,
    how: 'level',
    levels: [['none', 'false'], ['information'], ['warning'], ['error', 'true']],
  },
  { key: /^pyright\.(strict\w+|deprecateTypingAliases)$/, how: 'strict' },
  { key: /^pyright\.(ignore|exclude)$/, how: 'ignored' },
  { key: /^pyright\.(include|strict)$/, how: 'included' },
  { key: /^flake8\.(extend-)?(ignore|exclude)$|^flake8\.per-file-ignores$/, how: 'ignored' },
  { key: /^flake8\.(extend-)?select$/, how: 'demanded' },
  { key: /^(flake8|pylint)\.max-.+$/, how: 'max' },
  { key: /^pylint\.disable$/, how: 'ignored' },
  { key: /^pylint\.enable$/, how: 'demanded' },
  { key: /^pylint\.fail-under$|^coverage\.report\.fail_under$/, how: 'min' },
  { key: /^coverage\.(run|report)\.(omit|exclude_lines|exclude_also)$/, how: 'ignored' },
  { key: /^coverage\.(run|report)\.(source|include)$/, how: 'included' },
  { key: /^pytest\.xfail_strict$/, how: 'strict' },
  { key: /^pytest\.(norecursedirs|collect_ignore)$/, how: 'ignored' },
  { key: /^pytest\.testpaths$/, how: 'included' },
];

const OTHERS: readonly RuleRow[] = [
  {
    key: /^cargo\.lints\.\w+\.[\w-]+(\.level)?$/,
    how: 'level',
    levels: [['allow'], ['warn'], ['deny'], ['forbid']],
  },
  { key: /^cargo\.lints\.workspace$/, how: 'strict' },
  { key: /^cargo\.rustflags$/, how: 'included' },
  { key: /^clippy\.(.*-threshold|.*-limit|max-.*)$/, how: 'max' },
  { key: /^clippy\.(allow-.*|suppress-.*)$/, how: 'loose' },
  { key: /^clippy\.disallowed-\w+$/, how: 'demanded' },
  { key: /^staticcheck\.checks$/, how: 'demanded' },
  { key: /^staticcheck\.checks$/, how: 'ignored', negated: true },
  { key: /^golangci\.linters\.enable$/, how: 'demanded' },
  {
    key: /^golangci\.linters\.disable$|^golangci\..*\.exclu(de|sions)\b.*$|^golangci\.issues\.exclude.*$/,
    how: 'ignored',
  },
  { key: /^golangci\.linters\.disable-all$/, how: 'loose' },
  { key: /^golangci\.run\.tests$/, how: 'on' },
  {
    key: /^nyc\.(branches|functions|lines|statements)$|^runner\.coverage\w*\.(.*\.)?(branches|functions|lines|statements)$/,
    how: 'min',
  },
  { key: /^codecov\.coverage\.status\..*\.target$/, how: 'min' },
  { key: /^codecov\.coverage\.status\..*\.threshold$/, how: 'max' },
  { key: /^nyc\.(check-coverage|per-file|all)$/, how: 'strict' },
  {
    key: /^nyc\.exclude$|^runner\.(coveragePathIgnorePatterns|testPathIgnorePatterns)$|^codecov\.ignore$/,
    how: 'ignored',
  },
  { key: /^runner\.passWithNoTests$/, how: 'loose' },
  { key: /^precommit\.id$/, how: 'demanded' },
];

export const RULE_TABLE: readonly RuleRow[] = [...TYPESCRIPT, ...SCRIPT_LINTERS, ...PYTHON, ...OTHERS];

const LEVELS: readonly (readonly string[])[] = [
  ['off', '0', 'none'],
  ['info'],
  ['warn', '1'],
  ['error', '2', 'on'],
];

/** Higher matters more, 0 is nothing; `undefined` where the word is no level. */
export function levelOf(value: string | number | boolean, { levels = LEVELS }: RuleRow): number | undefined {
  const at = levels.findIndex((names) => names.includes(String(value)));
  return at < 0 ? undefined : at;
}
