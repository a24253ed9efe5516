/** What a task asks of tests: to be changed, or all of them to pass. */

const CHANGE =
  'updat|chang|adapt|adjust|rewrit|relax|loosen|weaken|remov|delet|dropp?|skipp?|disabl|replac|regenerat|refresh|reduc';
const REMOVE = 'remov|delet|dropp?|skipp?|disabl';
const FILLER = String.raw`(?:(?!(?:so|that|until|and|or|to|for|with|make|let|before|after|when|if|but|then)\b)[\w'-]+\s+){0,3}`;
const TESTS = String.raw`(?:tests?|specs?|assertions?|expectations?|expected|snapshots?|tolerances?|goldens?|fixtures?)\b`;

/** True where the text asks to change tests, expectations or recorded results. */
export function asksForOtherTests(wanted: string): boolean {
  return asks(wanted, CHANGE);
}

/** True where the text asks to remove or skip tests. */
export function asksToRemoveTests(wanted: string): boolean {
  return asks(wanted, REMOVE);
}

/** True where the text wants every failing test to pass, named or not. */
export function asksForAllToPass(wanted: string): boolean {
  return /\b(?<!not )(?:all|every|these|failing)\s+(?:[\w-]+\s+){0,2}tests?\s+(?:(?:must|should|to|now|do|again)\s+){0,2}(?:pass|go green|are green)/i.test(
    wanted,
  );
}

function asks(wanted: string, verbs: string): boolean {
  const pattern = new RegExp(String.raw`\b(?:${verbs})(?:e|es|ed|ing|s)?\s+${FILLER}${TESTS}`, 'gi');
  return [...wanted.matchAll(pattern)].some(
    ({ index }) => !/\b(?:not|never|without|don't|no|nor)\s+(?:\w+\s+)?$/i.test(wanted.slice(0, index)),
  );
}
