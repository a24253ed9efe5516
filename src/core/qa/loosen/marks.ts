/** What keeps checkers silent, as it stands in sources. The groups `rules` and `why` are what it names. */
import type { Syntax } from './comments.ts';

export interface Mark {
  readonly tool: string;
  /** Of a comment without its signs, or of a line of code. */
  readonly sign: RegExp;
  /** Says that a whole file or region is meant; absent: never. */
  readonly wide?: RegExp;
}

const ESLINT: readonly Mark[] = [
  {
    tool: 'ESLint',
    sign: /^eslint-disable(?:-next-line|-line)?(?![\w-])\s*(?<rules>(?:(?!\s-{2,}\s).)*)(?:\s-{2,}\s+(?<why>.*))?$/,
    wide: /^eslint-disable(?!-)/,
  },
  {
    tool: 'ESLint',
    sign: /^eslint\s+(?<rules>[\w@/-]+)["']?\s*:\s*(?:\[\s*)?["']?(?:off|warn|[01])\b/,
    wide: /./,
  },
  {
    tool: 'oxlint',
    sign: /^oxlint-disable(?:-next-line|-line)?(?![\w-])\s*(?<rules>[^-]*)/,
    wide: /^oxlint-disable(?!-)/,
  },
];

const TYPESCRIPT: readonly Mark[] = [
  // What expects an error is narrower than what ignores one.
  { tool: 'TypeScript', sign: /^@ts-(?<rules>expect-error)\b(?<why>.*)$/ },
  { tool: 'TypeScript', sign: /^@ts-ignore\b(?<why>.*)$/ },
  { tool: 'TypeScript', sign: /^@ts-nocheck\b(?<why>.*)$/, wide: /./ },
];

const SCRIPT: readonly Mark[] = [
  ...ESLINT,
  ...TYPESCRIPT,
  {
    tool: 'Biome',
    sign: /^biome-ignore(?:-all|-start)?\s+(?<rules>lint[\w/]*)\s*:?\s*(?<why>.*)$/,
    wide: /^biome-ignore-(all|start)/,
  },
  {
    tool: 'deno lint',
    sign: /^deno-lint-ignore(?:-file)?(?![\w-])\s*(?<rules>[\w,\s-]*?)(?:\s--\s(?<why>.*))?$/,
    wide: /-file/,
  },
  {
    tool: 'TSLint',
    sign: /^tslint:disable(?::next-line|-next-line|-line)?(?![\w-])(?::(?<rules>.*))?/,
    wide: /^tslint:disable(?![:-])/,
  },
  {
    tool: 'the coverage',
    sign: /^(?:istanbul|c8|v8)\s+ignore\s+(?<rules>next|if|else|start|file)\b(?<why>.*)$/,
    wide: /ignore\s+(file|start)/,
  },
];

const CODES = String.raw`[A-Za-z]+\d+(?:\s*,\s*[A-Za-z]+\d+)*`;

const HASHES: readonly Mark[] = [
  { tool: 'the linter', sign: new RegExp(String.raw`^noqa\b(?:\s*:\s*(?<rules>${CODES}))?(?<why>.*)$`, 'i') },
  {
    tool: 'the linter',
    sign: new RegExp(String.raw`^(?:ruff|flake8)\s*:\s*noqa\b(?:\s*:\s*(?<rules>${CODES}))?`, 'i'),
    wide: /./,
  },
  { tool: 'the type check', sign: /^type:\s*ignore(?:\[(?<rules>[^\]]*)\])?(?<why>.*)$/ },
  { tool: 'pyright', sign: /^pyright:\s*ignore(?:\[(?<rules>[^\]]*)\])?(?<why>.*)$/ },
  {
    tool: 'pyright',
    sign: /^pyright:\s*(?<rules>basic|off|\w+\s*=\s*(?:false|none|information|warning))/,
    wide: /./,
  },
  {
    tool: 'mypy',
    sign: /^mypy:\s*(?<rules>ignore-errors|disable-error-code.*|allow-.*|no-(?:strict|check|warn|disallow).*)$/,
    wide: /./,
  },
  {
    tool: 'pylint',
    sign: /^pylint:\s*disable(?:-next|-msg)?\s*=\s*(?<rules>[\w-]+(?:\s*,\s*[\w-]+)*)(?<why>.*)$/,
  },
  { tool: 'pylint', sign: /^pylint:\s*(?<rules>skip-file)/, wide: /./ },
  { tool: 'the coverage', sign: /^pragma:\s*(?<rules>no\s*cover)\b(?<why>.*)$/ },
  { tool: 'bandit', sign: /^nosec\b:?\s*(?<rules>(?:B\d+[,\s]*)*)(?<why>.*)$/ },
  { tool: 'RuboCop', sign: /^rubocop:(?:disable|todo)\s+(?<rules>[\w/]+(?:\s*,\s*[\w/]+)*)(?<why>.*)$/ },
  { tool: 'ShellCheck', sign: /^shellcheck\s+disable=(?<rules>[\w,]+)(?<why>.*)$/ },
];

const SLASHES: readonly Mark[] = [
  { tool: 'golangci-lint', sign: /^nolint\b(?::(?<rules>[\w,-]+))?\s*(?:\/\/)?(?<why>.*)$/ },
  {
    tool: 'staticcheck',
    sign: /^lint:(?:file-)?ignore\s+(?<rules>\S+)(?<why>.*)$/,
    wide: /^lint:file-ignore/,
  },
  { tool: 'gosec', sign: /^#nosec\b\s*(?<rules>(?:G\d+[,\s]*)*)(?<why>.*)$/ },
  { tool: 'Sonar', sign: /^NOSONAR\b(?<why>.*)$/ },
  {
    tool: 'clang-tidy',
    sign: /^NOLINT(?:NEXTLINE|BEGIN)?\b(?:\((?<rules>[^)]*)\))?(?<why>.*)$/,
    wide: /^NOLINTBEGIN/,
  },
  {
    tool: 'SwiftLint',
    sign: /^swiftlint:disable(?::\w+)?\s+(?<rules>[\w\s]+)/,
    wide: /^swiftlint:disable\s/,
  },
  {
    tool: 'PHPStan',
    sign: /^@phpstan-ignore(?:-next-line|-line)?(?![\w-])\s*(?<rules>[\w.,\s]*?)(?:\((?<why>[^)]*)\))?$/,
  },
  { tool: 'Psalm', sign: /^@psalm-suppress\s+(?<rules>\w+)(?<why>.*)$/ },
  {
    tool: 'PHP_CodeSniffer',
    sign: /^phpcs:(?:ignore|disable)\b\s*(?<rules>[\w.,\s]*)/,
    wide: /^phpcs:disable/,
  },
  {
    tool: 'Stylelint',
    sign: /^stylelint-disable(?:-next-line|-line)?(?![\w-])\s*(?<rules>[^-]*)/,
    wide: /^stylelint-disable(?!-)/,
  },
];

export const COMMENT_MARKS: Readonly<Record<Syntax, readonly Mark[]>> = {
  script: SCRIPT,
  hashes: HASHES,
  rust: [],
  slashes: SLASHES,
};

export const CODE_MARKS: Readonly<Record<Syntax, readonly Mark[]>> = {
  script: [],
  hashes: [],
  rust: [
    {
      tool: 'the compiler',
      sign: /#!?\[\s*(?:cfg_attr\([^\]]*?,\s*)?(?:allow|expect)\(\s*(?<rules>[\w:]+(?:\s*,\s*[\w:]+)*)\s*,?\s*(?:reason\s*=\s*"(?<why>[^"]*)"\s*)?\)/,
      wide: /#!\[/,
    },
  ],
  slashes: [
    { tool: 'the compiler', sign: /@SuppressWarnings\(\s*(?:value\s*=\s*)?\{?\s*(?<rules>"[^)}]*")/ },
    { tool: 'the compiler', sign: /@(?:file:)?Suppress\(\s*(?<rules>"[^)]*")/, wide: /@file:/ },
    { tool: 'the compiler', sign: /^#pragma\s+warning\s+disable\b\s*(?<rules>[\w,\s]*)/ },
    {
      tool: 'the analyser',
      sign: /\[(?:assembly:\s*)?SuppressMessage\(\s*(?<rules>"[^)]*")/,
      wide: /assembly:/,
    },
  ],
};
