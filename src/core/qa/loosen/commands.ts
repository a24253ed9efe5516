/** Commands that prove less than before: package scripts, make files and continuous integration. */
import { inlined } from '../detect/inline.ts';
import { CONFIG_CHARS_MAX, LINE_CHARS_MAX, lineOf, type Loosening, type TextChange } from './change.ts';
import { withoutComments } from './comments.ts';

/** What a command proves. */
type Proves = 'tests' | 'types' | 'lint' | 'coverage';

const SCRIPT = String.raw`\b(?:npm|pnpm|yarn|bun|make|just|task|rake|composer|tox|nox|hatch|turbo|nx|lerna)\b(?:\s+(?:run|run-script|-[\w-]+))*\s+(?:[\w-]+:)?`;
const SIGNS: Readonly<Record<Proves, RegExp>> = {
  tests: new RegExp(
    String.raw`\b(?:jest|vitest|mocha|ava|tap|playwright|cypress|karma|pytest|py\.test|unittest|tox|nox|phpunit|pest|rspec|minitest|ctest|nextest)\b|\bnode\b.*\s--test\b|\b(?:go|cargo|dotnet|bun|deno|swift|zig|mix|flutter|dart|react-scripts|ng)\s+(?:\S+\s+)*?test\b|\b(?:mvnw?|gradlew?)\b.*\b(?:test|verify|check|build|package|install)\b|\b(?:run|make|just|task)\s+ci\b|${SCRIPT}(?:test|check|verify)\b`,
  ),
  types: new RegExp(
    String.raw`\b(?:vue-)?tsc\b|\bsvelte-check\b|\b(?:mypy|pyright|basedpyright|pytype|pyre|flow)\b|\bgo\s+vet\b|\bcargo\s+check\b|\bphpstan\b|\bpsalm\b|${SCRIPT}(?:type-?check|types|check-types|check:types|tsc)\b`,
  ),
  lint: new RegExp(
    String.raw`\b(?:eslint|biome|oxlint|stylelint|standard|xo|ruff|flake8|pylint|bandit|golangci-lint|staticcheck|revive|rubocop|phpcs|shellcheck|ktlint|detekt|swiftlint|pre-commit)\b|\bcargo\s+clippy\b|${SCRIPT}lint\b`,
  ),
  coverage: /--check-coverage\b|--cov-fail-under\b|--coverage\.thresholds|\bcodecov\b/,
};
const NAMES: Readonly<Record<Proves, string>> = {
  tests: 'the tests',
  types: 'the type check',
  lint: 'the linter',
  coverage: 'the limit of coverage',
};

function provedBy(command: string): readonly Proves[] {
  return (Object.keys(SIGNS) as Proves[]).filter((each) => SIGNS[each].test(command));
}

/** What makes a command prove less, where it was not there before. */
const FLAGS: readonly (readonly [sign: RegExp, says: string])[] = [
  [
    /\|\|\s*(true|:|exit\s+0|echo\b)|;\s*(true|exit\s+0)\s*['"]?\s*$|\bset\s+\+e\b|--exit-zero\b/,
    'does not fail any more, whatever it finds',
  ],
  [/--pass-?with-?no-?tests\b(?!=false)/i, 'passes where there are no tests'],
  [
    /--(test-?path-?ignore-?patterns?|exclude|deselect|ignore(-glob|-path|-pattern|-errors)?|omit)\b/i,
    'leaves files out',
  ],
  [
    /\s-k\s*=?\s*["']?not\b|\s-m\s*=?\s*["']?not\b|--invert\b|\s--skip\b|--test-?name-?pattern\b|\s-t\s+\S/i,
    'leaves tests out',
  ],
  [/-DskipTests\b|-Dmaven\.test\.skip\b|\s-x\s+test\b|--no-tests\b/, 'leaves the tests out'],
  [/--(retries|retry|reruns|test-retries|flaky)\b(?!\s*[= ]\s*0)/, 'repeats what fails until it passes'],
  [
    /--update-?snapshots?\b|--snapshot-update\b|--updateSnapshot\b|\b(jest|vitest)\b.*\s-u\b/,
    'writes its recorded results anew',
  ],
  [/--skip-?lib-?check\b|--no-?check\b|--strict(\s+|=)false\b|--no-strict\b/i, 'checks types less strictly'],
  [/\beslint\b.*--quiet\b/, 'hides warnings'],
  [/\beslint\b.*--no-config-lookup\b|\beslint\b.*--rule\b.*\b(off|0)\b/, 'turns rules off'],
  [/--cap-lints\b|\s-A\s*(clippy::\w+|warnings)\b/, 'allows what was found'],
];

/** How `after` proves less than `before`; each is a sentence's end. Empty where it does not. */
function provesLess(before: string, after: string): readonly string[] {
  const lost = provedBy(before).filter((each) => !provedBy(after).includes(each));
  const fresh = FLAGS.filter(([sign]) => sign.test(after) && !sign.test(before)).map(([, says]) => says);
  return [...lost.map((each) => `no longer runs ${NAMES[each]}`), ...fresh, ...limits(before, after)];
}

const LIMITS: readonly (readonly [sign: RegExp, less: 'lower' | 'higher', what: string])[] = [
  [/--cov-fail-under[= ]+(\d+(?:\.\d+)?)/, 'lower', 'the coverage'],
  [/--(?:lines|coverage\.thresholds\.lines)[= ]+(\d+)/, 'lower', 'the coverage of lines'],
  [/--(?:branches|coverage\.thresholds\.branches)[= ]+(\d+)/, 'lower', 'the coverage of branches'],
  [/--(?:functions|coverage\.thresholds\.functions)[= ]+(\d+)/, 'lower', 'the coverage of functions'],
  [/--test-coverage-(?:lines|branches|functions)[= ]+(\d+)/, 'lower', 'the coverage'],
  [/--max-warnings[= ]+(-?\d+)/, 'higher', 'the warnings'],
];

function limits(before: string, after: string): readonly string[] {
  return LIMITS.flatMap(([sign, less, what]) => {
    const was = sign.exec(before)?.[1];
    const now = sign.exec(after)?.[1];
    if (was === undefined || (now === undefined && provedBy(after).length === 0)) return [];
    if (now === undefined) return [`has no limit for ${what} any more (it was ${was})`];
    const isLess =
      less === 'lower' ? Number(now) < Number(was) : Number(now) > Number(was) || Number(now) < 0;
    return isLess && Number(now) !== Number(was)
      ? [`changes its limit for ${what} from ${was} to ${now}`]
      : [];
  });
}

type Scripts = Readonly<Record<string, string>>;

/** Scripts of a package.json. One that only got another name is the same. */
export function weakerScripts({ path, before, after }: TextChange): readonly Loosening[] {
  if (before === undefined || after === undefined || after.length > CONFIG_CHARS_MAX) return [];
  const [was, now] = [scriptsOf(before), scriptsOf(after)];
  if (was === undefined || now === undefined) return [];
  return Object.entries(was).flatMap(([name, text]) => {
    const own = now[name];
    const whole = callsOf(text, was);
    if (own === undefined) {
      const isElsewhere =
        provedBy(whole).length === 0 || Object.values(now).some((each) => each.trim() === text.trim());
      return isElsewhere ? [] : [scriptFinding(path, after, name, 'is gone')];
    }
    // A script that calls others is told of by theirs.
    if (own === text || (provedBy(whole).length === 0 && !IS_PROOF.test(name))) return [];
    const isIdle = IDLE.test(own) && !IDLE.test(text);
    const says = isIdle ? ['does nothing any more'] : provesLess(whole, callsOf(own, now));
    return says.map((each) => scriptFinding(path, after, name, each));
  });
}

/** Names of scripts that prove something, whatever they run. */
const IS_PROOF = /^(pre|post)?(test|lint|check|ci|verify|typecheck|type-check|types)\b/;
const IDLE = /^\s*(true|:|exit\s+0|echo\b[^&|;]*)?(\s*&&\s*exit\s+[01])?\s*$/;

/** With what the scripts that it calls say. */
function callsOf(text: string, scripts: Scripts): string {
  const called = [...text.matchAll(/\b(?:npm|pnpm|yarn|bun|npm-run-all|run-s|run-p)\b((?:\s+[\w:@./-]+)+)/g)]
    .flatMap(([, words = '']) => words.trim().split(/\s+/))
    .flatMap((word) => scripts[word] ?? []);
  return [inlined(text, scripts, ''), ...called].join(' && ');
}

function scriptsOf(text: string): Scripts | undefined {
  try {
    const { scripts = {} } = JSON.parse(text.replace(/^\uFEFF/, '')) as {
      readonly scripts?: Readonly<Record<string, unknown>>;
    };
    const texts = Object.entries(scripts).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(texts);
  } catch {
    return undefined;
  }
}

function scriptFinding(path: string, after: string, name: string, says: string): Loosening {
  const line = lineOf(after, [`"${name}"`, '"scripts"']);
  return { kind: 'script', path, line, rule: name, reason: `The script "${name}" ${says}.` };
}

const PIPELINES =
  /^\.(github\/workflows|gitea\/workflows|forgejo\/workflows|buildkite|woodpecker)\/.+\.ya?ml$|^\.circleci\/config\.ya?ml$|^(\.gitlab-ci|azure-pipelines[\w-]*|bitbucket-pipelines|\.travis|\.drone|\.woodpecker|\.?appveyor|cloudbuild)\.ya?ml$|^Jenkinsfile$/;
const RECIPES =
  /(^|\/)(GNUmakefile|[Mm]akefile|[Jj]ustfile|Taskfile\.ya?ml|noxfile\.py|tox\.ini|Rakefile|composer\.json)$/;

/** Steps of pipelines and recipes; one that moved to another of these files is the same. */
export function weakerPipelines(changes: readonly TextChange[]): readonly Loosening[] {
  const pipelines = changes.filter(({ path }) => PIPELINES.test(path) || RECIPES.test(path));
  const added = pipelines.flatMap(({ path, before, after }) =>
    difference(commandsIn(path, after), commandsIn(path, before)),
  );
  const free = new Set(added);
  return pipelines.flatMap((change) => {
    const { path, before, after } = change;
    const left = commandsIn(path, after);
    const removed = difference(commandsIn(path, before), left);
    const kind = PIPELINES.test(path) ? 'ci' : 'script';
    const found = removed.flatMap((line) => lostStep(line, { path, after, kind, left, free }));
    return [...found, ...(kind === 'ci' ? softened(change) : [])];
  });
}

interface Place {
  readonly path: string;
  readonly after: string | undefined;
  readonly kind: 'ci' | 'script';
  /** Every command that the file still has. */
  readonly left: readonly string[];
  /** Commands that are new and nobody's successor yet. */
  readonly free: Set<string>;
}

function lostStep(line: string, { path, after, kind, left, free }: Place): readonly Loosening[] {
  const proves = provedBy(line);
  const next = [...free]
    .filter((each) => provedBy(each).some((its) => proves.includes(its)))
    .sort((a, b) => provesLess(line, a).length - provesLess(line, b).length)[0];
  const finding = (says: string, words: readonly string[]): Loosening => ({
    ...{ kind, path, line: lineOf(after, words), rule: line.slice(0, RULE_CHARS) },
    reason: `"${line.slice(0, RULE_CHARS)}" ${says}.`,
  });
  if (next !== undefined) {
    free.delete(next);
    return provesLess(line, next).map((says) => finding(says, [next]));
  }
  return left.some((each) => proves.every((its) => provedBy(each).includes(its)))
    ? []
    : [finding('is no longer run', [])];
}

const RULE_CHARS = 100;

/** Lines that prove something, without what is around the command. */
function commandsIn(path: string, text: string | undefined): readonly string[] {
  if (text === undefined || text.length > CONFIG_CHARS_MAX) return [];
  return withoutComments(text, path.endsWith('Jenkinsfile') || path.endsWith('.json') ? 'slashes' : 'hashes')
    .split('\n')
    .map((line) =>
      line
        .slice(0, LINE_CHARS_MAX)
        .trim()
        .replace(/^-\s+/, '')
        .replace(/^(run|script|command|cmd|commands)\s*:\s*/, ''),
    )
    .filter(
      (line) =>
        !/^(name|uses|id|key|title|description|stage)\s*:/.test(line) &&
        !/^[\w.-]+\s*:{1,2}[^=]*$/.test(line),
    )
    .filter((line) => provedBy(line).length > 0);
}

function difference(from: readonly string[], what: readonly string[]): readonly string[] {
  const left = [...what];
  return from.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

const SOFT: readonly (readonly [sign: RegExp, says: string])[] = [
  [/^\s*-?\s*continue-on-error\s*:\s*(true|\$\{\{\s*true)/, 'A step or job may fail now.'],
  [/^\s*-?\s*(allow_failure|allowFailure|continueOnError)\s*:\s*true/, 'A step or job may fail now.'],
  [
    /^\s*-?\s*(if|condition|when|rules)\s*:\s*["']?(\$\{\{\s*)?(false|never|manual)\b/,
    'A step or job does not run any more.',
  ],
];

/** What makes a pipeline pass over failures. */
function softened({ path, before, after }: TextChange): readonly Loosening[] {
  if (before === undefined || after === undefined) return [];
  if (before.length + after.length > 2 * CONFIG_CHARS_MAX) return [];
  const [was, now] = [before, after].map((text) => withoutComments(text, 'hashes').split('\n')) as [
    string[],
    string[],
  ];
  const found = SOFT.flatMap(([sign, says]) => {
    const lines = now.filter((line) => sign.test(line));
    const more = lines.length - was.filter((line) => sign.test(line)).length;
    const line = lines.at(-1)?.trim() ?? '';
    return more > 0 ? [{ says, line }] : [];
  });
  const triggers = /^\s*-?\s*["']?(pull_request|push|merge_request_event)\b|^on\s*:.*\b(pull_request|push)\b/;
  const isQuiet = was.some((line) => triggers.test(line)) && !now.some((line) => triggers.test(line));
  const all = isQuiet ? [...found, { says: 'It no longer runs for changes by itself.', line: 'on:' }] : found;
  return all.map(({ says, line }) => {
    return {
      kind: 'ci',
      path,
      line: lineOf(after, [line]),
      rule: line.slice(0, RULE_CHARS),
      reason: says,
    };
  });
}
