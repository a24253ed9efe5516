/** What a configuration file says, as flat facts: the same words for the same rule whichever file it stands in. */
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { LINE_CHARS_MAX } from './change.ts';
import { withoutComments } from './comments.ts';
import { flatConfigFacts, runnerConfigFacts } from './script-config.ts';

export type Scalar = string | number | boolean;
/** By name, such as `ts.compilerOptions.strict`; what is said several times has several values. */
export type Facts = ReadonlyMap<string, readonly Scalar[]>;

/** How a file is read, and where its words begin. */
interface Reading {
  readonly files: RegExp;
  readonly read: (text: string) => unknown;
  /** Of each file's keys; what is left out is of no concern. */
  readonly under: readonly (readonly [key: RegExp, name: string])[];
}

const PY: Reading['under'] = [
  [/^tool\.basedpyright\./, 'pyright.'],
  [/^tool\.pyright\./, 'pyright.'],
  [/^tool\.ruff\.(?:lint\.)?/, 'ruff.'],
  [/^tool\.mypy\./, 'mypy.'],
  [/^tool\.pytest\.ini_options\./, 'pytest.'],
  [/^tool\.coverage\./, 'coverage.'],
  [/^tool\.flake8\./, 'flake8.'],
  [/^tool\.pylint\.(?:[^.]+\.)?/, 'pylint.'],
];
const INI: Reading['under'] = [
  [/^mypy\./, 'mypy.'],
  [/^mypy-([^.]+(?:\.[^.]+)*)\.(?=[^.]+$)/, 'mypy.overrides.$1.'],
  [/^flake8\./, 'flake8.'],
  [/^(?:tool:)?pytest\./, 'pytest.'],
  [/^(?:coverage:)?(?=(?:report|run)\.)/, 'coverage.'],
  [/^(?:MESSAGES CONTROL|MAIN|MASTER|DESIGN|FORMAT)\./i, 'pylint.'],
];

const READINGS: readonly Reading[] = [
  {
    files: /(^|\/)[tj]sconfig[\w.-]*\.json$/,
    read: json,
    under: [
      [/^references\.[^.]*\.path$/, 'ts.references'],
      [/^/, 'ts.'],
    ],
  },
  {
    files: /(^|\/)\.eslintrc(\.json)?$/,
    read: json,
    under: [[/^(?:overrides\.[^.]*\.)?(?=rules\.)|^/, 'eslint.']],
  },
  {
    files: /(^|\/)\.eslintrc\.ya?ml$/,
    read: yaml,
    under: [[/^(?:overrides\.[^.]*\.)?(?=rules\.)|^/, 'eslint.']],
  },
  {
    files: /(^|\/)(eslint\.config\.[cm]?[jt]s|\.eslintrc\.[cm]?js)$/,
    read: flatConfigFacts,
    under: [
      [/^levels\./, 'eslint.rules.'],
      [/^/, 'eslint.'],
    ],
  },
  { files: /(^|\/)biome\.jsonc?$/, read: json, under: [[/^/, 'biome.']] },
  { files: /(^|\/)(\.nycrc|\.c8rc)(\.json)?$/, read: json, under: [[/^/, 'nyc.']] },
  { files: /(^|\/)(jest|vitest|vite)\.config\.[\w.]+$/, read: runnerConfigFacts, under: [[/^/, 'runner.']] },
  {
    files: /(^|\/)package\.json$/,
    read: json,
    under: [
      [/^eslintConfig\.(?:overrides\.[^.]*\.)?/, 'eslint.'],
      [/^eslintIgnore/, 'eslint.ignorePatterns'],
      [/^(?:nyc|c8)\./, 'nyc.'],
      [/^(?:jest|vitest)\./, 'runner.'],
    ],
  },
  { files: /(^|\/)pyproject\.toml$/, read: toml, under: PY },
  { files: /(^|\/)\.?ruff\.toml$/, read: toml, under: [[/^(?:lint\.)?/, 'ruff.']] },
  {
    files: /(^|\/)(setup\.cfg|tox\.ini|pytest\.ini|\.flake8|\.?mypy\.ini|\.coveragerc|\.?pylintrc)$/,
    read: ini,
    under: INI,
  },
  { files: /(^|\/)pyrightconfig\.json$/, read: json, under: [[/^/, 'pyright.']] },
  { files: /(^|\/)Cargo\.toml$/, read: toml, under: [[/^(?:workspace\.)?(?=lints\.)/, 'cargo.']] },
  { files: /(^|\/)\.?clippy\.toml$/, read: toml, under: [[/^/, 'clippy.']] },
  {
    files: /(^|\/)\.cargo\/config(\.toml)?$/,
    read: toml,
    under: [[/^(?:build|target\.[^.]*)\.(?=rustflags$)/, 'cargo.']],
  },
  { files: /(^|\/)staticcheck\.conf$/, read: toml, under: [[/^/, 'staticcheck.']] },
  { files: /(^|\/)\.golangci\.ya?ml$/, read: yaml, under: [[/^/, 'golangci.']] },
  { files: /(^|\/)\.?codecov\.ya?ml$/, read: yaml, under: [[/^/, 'codecov.']] },
  {
    files: /(^|\/)\.pre-commit-config\.ya?ml$/,
    read: yaml,
    under: [[/^repos\.[^.]*\.hooks\.[^.]*\.(?=id$)/, 'precommit.']],
  },
  { files: /(^|\/)\.eslintignore$/, read: lines, under: [[/^/, 'eslint.ignorePatterns']] },
];

/** True where the file configures what checks a change. */
export function isRules(path: string): boolean {
  return READINGS.some(({ files }) => files.test(path));
}

/** Empty where the file is none that is known; `undefined` where it cannot be read. */
export function factsOf(path: string, text: string): Facts | undefined {
  const facts = new Map<string, readonly Scalar[]>();
  const reading = READINGS.find(({ files }) => files.test(path));
  if (reading === undefined) return facts;
  try {
    for (const [key, values] of flattened(reading.read(text))) {
      const [sign, name] = reading.under.find(([each]) => each.test(key)) ?? [];
      if (sign === undefined || name === undefined) continue;
      const full = key.replace(sign, name);
      facts.set(full, [...(facts.get(full) ?? []), ...values]);
    }
    return facts;
  } catch {
    return undefined;
  }
}

function json(text: string): unknown {
  const plain = withoutComments(text.replace(/^\uFEFF/, ''), 'slashes');
  return JSON.parse(plain.replace(/,(?=\s*[}\]])/g, ''));
}

function toml(text: string): unknown {
  return parseToml(text);
}

function yaml(text: string): unknown {
  return parseYaml(text);
}

function lines(text: string): unknown {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
}

/** Sections and keys; what is indented goes on with the value above it. */
function ini(text: string): unknown {
  const found = new Map<string, string>();
  let section = '';
  let key: string | undefined;
  for (const whole of text.split(/\r?\n/)) {
    const raw = whole.slice(0, LINE_CHARS_MAX);
    if (/^\s*[#;]/.test(raw)) continue;
    const line = raw.replace(/\s+[#;].*$/, '');
    const [, title] = /^\[(.+)\]\s*$/.exec(line) ?? [];
    const [, name, value = ''] = /^([^\s=:[][^=:]*?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (title !== undefined) [section, key] = [title, undefined];
    else if (name !== undefined) {
      key = `${section}.${name}`;
      found.set(key, value);
    } else if (key !== undefined && /^\s+\S/.test(line))
      found.set(key, `${found.get(key) ?? ''}\n${line.trim()}`);
  }
  return found;
}

const DEPTH_MAX = 12;

/** Dotted names of scalars and lists. Objects in a list are named after what tells them from each other. */
function flattened(value: unknown, name = '', depth = 0): readonly (readonly [string, readonly Scalar[]])[] {
  if (value instanceof Map) return [...value].map(([key, each]) => [String(key), [plain(String(each))]]);
  if (isScalar(value)) return [[name, [value]]];
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return [];
  const below = (key: string): string => (name === '' ? key : `${name}.${key}`);
  if (!Array.isArray(value))
    return Object.entries(value).flatMap(([key, each]) => flattened(each, below(key), depth + 1));
  // A rule with options: `["error", { … }]`.
  if (/(^|\.)rules\.[^.]+$/.test(name)) return flattened(value[0], name, depth + 1);
  const scalars = value.filter(isScalar);
  const objects = value.filter((each): each is object => typeof each === 'object' && each !== null);
  const inner = objects.flatMap((each, at) => flattened(each, below(titleOf(each) ?? String(at)), depth + 1));
  return scalars.length > 0 || objects.length === 0 ? [[name, scalars], ...inner] : inner;
}

function titleOf(value: object): string | undefined {
  for (const key of ['module', 'files', 'includes', 'include', 'path', 'repo', 'id', 'name', 'linters']) {
    const title: unknown = (value as Readonly<Record<string, unknown>>)[key];
    if (title !== undefined) return JSON.stringify(title).replace(/[.\s]/g, '_');
  }
  return undefined;
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** INI knows text alone. */
function plain(text: string): Scalar {
  const word = text.trim();
  if (/^(true|yes|on)$/i.test(word)) return true;
  if (/^(false|no|off)$/i.test(word)) return false;
  return /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word;
}
