import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  checkRows,
  coverageText,
  loadRow,
  looserRows,
  missedPlaces,
  proofRows,
} from '../../../../media/panel/state/more-evidence.ts';
import { report } from '../../../support/panel-states/parts.ts';

const check = {
  kind: 'types' as const,
  command: 'npm run typecheck',
  reason: '1 new finding.',
  findings: [],
  mended: 2,
  still: 3,
};

test('a check says what is new and what was there; only what blocks is bad', () => {
  const rows = (verdict: 'clean' | 'same' | 'worse' | 'unknown', blocks: boolean) =>
    checkRows(report('green', { checks: [{ ...check, verdict, blocks }] })).map(({ tone, said }) => [
      tone,
      said,
    ]);
  assert.deepEqual(rows('worse', true), [['bad', 'worse, 2 mended, 3 as before']]);
  assert.deepEqual(rows('worse', false), [['warn', 'worse, told only, 2 mended, 3 as before']]);
  const its = { ...check, folder: 'packages/a', verdict: 'clean' as const, blocks: true };
  assert.equal(checkRows(report('green', { checks: [its] }))[0]?.folder, 'packages/a');
  assert.equal(rows('clean', true)[0]?.[0], 'good');
  assert.equal(rows('unknown', true)[0]?.[0], 'none');
});

test('looser rules are bad where nobody asked for them, and told where somebody did', () => {
  const its = {
    kind: 'rule',
    path: 'tsconfig.json',
    line: 3,
    rule: 'strict',
    reason: '"strict" is turned off.',
  };
  const of = (...blocks: readonly boolean[]) =>
    looserRows(report('green', { loosened: blocks.map((each) => ({ ...its, blocks: each })) }));
  assert.match(of(false, true)?.title ?? '', /did not ask/);
  assert.deepEqual(
    of(false, true)?.rows.map(({ tone, line }) => [tone, line]),
    [
      ['none', 3],
      ['bad', 3],
    ],
  );
  assert.match(of(false)?.title ?? '', /as the task asked/);
  assert.equal(looserRows(report('green')), undefined);
});

test('a new test proves the change only where it fails without and passes with it', () => {
  const tests = [
    { id: 'a', base: 'failed' as const, now: 'passed' as const },
    { id: 'b', base: 'passed' as const, now: 'passed' as const },
    { id: 'c', base: 'absent' as const, now: 'passed' as const },
  ];
  const rows = proofRows(report('green', { proof: { tests, passToPass: 1 } }));
  assert.deepEqual(
    rows.map(({ before, after, proves }) => [before, after, proves]),
    [
      ['fails', 'passes', true],
      ['passes', 'passes', false],
      ['no result', 'passes', false],
    ],
  );
});

test('coverage is a share and the beginning of each stretch that is missed; none where nothing counts', () => {
  const file = { path: 'a.js', covered: 3, total: 7, missed: [2, 3, 4, 9] };
  const some = report('green', { coverage: { covered: 3, total: 7, files: [file] } });
  assert.equal(coverageText(some), 'Tests reach 3 of 7 changed lines (42 %)');
  assert.deepEqual(missedPlaces(some), [
    { path: 'a.js', line: 2 },
    { path: 'a.js', line: 9 },
  ]);
  assert.equal(coverageText(report('green')), undefined);
  assert.equal(coverageText(report('green', { coverage: { covered: 0, total: 0, files: [] } })), undefined);
  const why = 'install it.';
  assert.equal(
    coverageText(report('green', { coverage: { covered: 0, total: 0, files: [], why } })),
    'Which changed lines the tests reach is not known: install it.',
  );
});

test('that tests load the code is good news, that they do not is a warning; nothing is said where nothing is known', () => {
  const row = (outcome: 'loaded' | 'elsewhere' | 'unclear' | 'off', files: number) =>
    loadRow(report('green', { probe: { outcome, files } }));
  assert.deepEqual(row('loaded', 3), {
    text: 'Tests load the changed code: with 3 files of it broken on purpose they fail',
    tone: 'good',
  });
  assert.deepEqual(
    [row('elsewhere', 3)?.tone, row('unclear', 3)?.tone, row('off', 0)?.tone],
    ['warn', 'warn', 'none'],
  );
  const kept = loadRow(report('green', { probe: { outcome: 'loaded', files: 0, takenAt: 1 } }));
  assert.match(kept?.text ?? '', /earlier run of the same set-up/);
  assert.equal(loadRow(report('green')), undefined);
});
