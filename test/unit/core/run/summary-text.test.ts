/** What a run says of itself where no model sums it up, and what views leave out of it, having it elsewhere. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomesText } from '../../../../src/core/run/summary-text.ts';
import type { GateReport } from '../../../../src/protocol/events.ts';
import { summaryOf } from '../../../../src/protocol/summary.ts';
import { leftInEnglish } from '../../protocol/pseudo-told.ts';
import { ACCENTS, report, taskView } from '../../../support/panel-states/parts.ts';

const NOTHING_NEW = { findings: [], mended: 0, still: 0, reason: 'Nothing new.' };

const FULL: GateReport = report('green', {
  reasons: ['No test got worse.'],
  newlyPassing: ['slugify › folds'],
  checks: [{ kind: 'types', command: 'tsc', verdict: 'clean', blocks: true, ...NOTHING_NEW }],
  loosened: [
    {
      kind: 'rule',
      path: 'a.json',
      line: 3,
      rule: 'strict',
      reason: '"strict" is turned off.',
      blocks: false,
    },
  ],
  proof: { tests: [{ id: 'slugify › folds', base: 'failed', now: 'passed' }], passToPass: 5 },
  probe: { outcome: 'loaded', files: 2 },
  coverage: { covered: 3, total: 4, files: [], why: 'it took too long' },
});

const SAID = 'It folds accents.\n\n**Open**: what of "ß"?';
const results = new Map([['accents', { text: SAID }]]);
const bodyOf = (verdict: GateReport | undefined, undone: readonly string[] = []): string =>
  outcomesText({ results, verdict, undone });

test('a run without a summary of a model tells results, tests, all evidence and what was not done', () => {
  const body = bodyOf(FULL, ['Docs: failed.']);
  for (const told of [
    `**accents**: ${SAID}`,
    '**Tests**: green; ',
    '**Checks**: `tsc` nothing new.',
    '- a.json:3: "strict" is turned off.',
    '| slugify › folds | failed | passed |',
    '5 tests of the changed files pass both times.',
    '**Code under test**: ',
    '**Coverage**: tests reach 3 of 4 changed lines.',
    'Newly passing:\n- slugify › folds',
    '**Not done**: Docs: failed.',
  ])
    assert.ok(body.includes(told), told);
});

test('views leave out what they show as evidence, and nothing else', () => {
  const shown = (body: string, id = 'accents') =>
    summaryOf({ summary: { title: 'T', body }, tasks: [taskView({ ...ACCENTS, id })] })?.body;
  assert.equal(shown(bodyOf(FULL, ['Docs: failed.'])), `**accents**: ${SAID}\n\n**Not done**: Docs: failed.`);
  assert.equal(shown(bodyOf(undefined)), `**accents**: ${SAID}`);
  const ofModel = 'Done.\n\n**Tests**: I wrote five.';
  assert.equal(shown(ofModel), ofModel);
  assert.equal(shown(bodyOf(FULL), 'another'), bodyOf(FULL), 'it is not known to be the run’s');
  assert.equal(summaryOf({ tasks: [] }), undefined);
});

test('what was not done is told in the person’s language', () => {
  assert.deepEqual(
    leftInEnglish('**Not done**: Fold accents: failed. Docs: blocked.', 'Fold accents Docs'),
    [],
  );
});
