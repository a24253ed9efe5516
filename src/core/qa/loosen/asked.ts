/** Whether a task asks for other rules. */
import type { Loosening } from './change.ts';

const LOOSEN = String.raw`disabl|relax|loosen|weaken|silenc|suppress|ignor|allow|lower|reduc|soften|downgrad|exclud|skip|tolerat|(?:turn|switch)(?:s|ed|ing)?(?:\s+it)?\s+off`;
const CHANGE = String.raw`${LOOSEN}|remov|delet|dropp?|chang|updat|adjust|configur|edit|migrat|replac|rewrit|rework|modif|add|set\s+up|introduc|creat`;
/** No other clause lies between a verb and its object. */
const FILLER = String.raw`(?:(?!(?:so|that|until|and|or|to|for|with|make|let|before|after|when|if|but|then|not|without)\b)[\w'"\`@/.-]+\s+){0,4}["'\`]?`;
/** Who is to be rid of these mends the code. */
const NOT_THESE = String.raw`(?!["'\`]?\s+(?:errors?|warnings?|violations?|problems?|issues?|findings?|failures?|complaints?)\b)`;

const TOOLS = String.raw`eslint|biome|oxlint|ruff|flake8|pylint|mypy|pyright|basedpyright|clippy|staticcheck|golangci-lint|typescript|tsc`;
const CONFIGURATION = String.raw`(?:lint(?:er|ing)?|${TOOLS}|compiler|type[ -]?check(?:er|ing)?|tsconfig|coverage|build|test)\s+(?:rules?|config(?:uration)?|settings?|options?|thresholds?|limits?|scripts?)|strict(?:ness|\s+mode)?|tsconfig|coverage\s+(?:threshold|limit)s?|ignore\s+lists?|suppressions?|(?:ci|continuous integration|pipelines?|workflows?)\b`;

/** True where the text asks for what was found: by the name of the rule or of the file, or for other rules of its kind. */
export function asksToLoosen(wanted: string, { path, rule }: Pick<Loosening, 'path' | 'rule'>): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const named = [rule, ...rule.split(/,\s*/), file]
    .filter((name) => name.length >= NAME_CHARS_MIN)
    .map(escaped);
  return (
    asks(wanted, CHANGE, [...named, CONFIGURATION].join('|')) ||
    asks(
      wanted,
      LOOSEN,
      String.raw`(?:${TOOLS}|lint(?:er|ing)?|type[ -]?check(?:s|er|ing)?)\b|(?:the|this|that|these)\s+(?:warnings?|rules?|errors?|lints?)`,
    )
  );
}

/** Shorter names say too little. */
const NAME_CHARS_MIN = 4;

function asks(wanted: string, verbs: string, objects: string): boolean {
  const pattern = new RegExp(
    String.raw`\b(?:${verbs})(?:e|es|ed|d|ing|s|ie[sd]|y)?\s+${FILLER}(?:${objects})${NOT_THESE}`,
    'gi',
  );
  return [...wanted.matchAll(pattern)].some(
    ({ index }) => !/\b(?:not|never|without|don't|no|nor)\s+(?:\w+\s+){0,2}$/i.test(wanted.slice(0, index)),
  );
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
