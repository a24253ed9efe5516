/** The small rules of the panel, each as a table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planEssence } from '../../../../src/protocol/plan-change.ts';
import { news } from '../../../../media/panel/state/announce.ts';
import {
  freeze,
  NO_DRAFTS,
  thaw,
  withText,
  withoutAnswered,
  withoutOutdated,
} from '../../../../media/panel/state/drafts.ts';
import {
  latestReport,
  reasonsBeyondLists,
  testLists,
  testMessage,
  testName,
  totalsText,
} from '../../../../media/panel/state/evidence.ts';
import { isThere, placeToBe, stillFollows } from '../../../../media/panel/state/follow.ts';
import { ago, cost, duration, tokens } from '../../../../media/panel/state/format.ts';
import { keep } from '../../../../media/panel/state/keep.ts';
import { isActive, roleName, roleOf, statusOf, toneOf } from '../../../../media/panel/state/names.ts';
import { isWebLink, parsePlace, placeText, splitPath } from '../../../../media/panel/state/places.ts';
import { NO_READING } from '../../../../media/panel/state/reading.ts';
import { completions, parseSteer } from '../../../../media/panel/state/steer.ts';
import { visible } from '../../../../media/panel/state/visible.ts';
import {
  applyRed,
  failed,
  finished,
  notProved,
  paused,
  review,
} from '../../../support/panel-states/ended.ts';
import { PLAN, report } from '../../../support/panel-states/parts.ts';
import { asked, planOpen, working } from '../../../support/panel-states/runs.ts';
import { RED } from '../../../support/panel-states/talk.ts';

function table<I, O>(what: string, act: (input: I) => O, cases: readonly (readonly [I, O])[]): void {
  test(what, () => {
    for (const [input, expected] of cases) assert.deepEqual(act(input), expected, JSON.stringify(input));
  });
}

table('durations', duration, [
  [0, '0.0s'],
  [840, '0.8s'],
  [42_900, '42s'],
  [60_000, '1m 00s'],
  [125_000, '2m 05s'],
  [4_320_000, '1h 12m'],
]);

table('tokens', tokens, [
  [0, '0'],
  [999, '999'],
  [1000, '1k'],
  [4210, '4.2k'],
  [38_412, '38k'],
  [999_400, '999k'],
  [999_600, '1M'],
  [1_340_000, '1.3M'],
]);

table('costs: unknown is never zero', cost, [
  [null, 'unknown'],
  [0, '$0.00'],
  [0.004, '<$0.01'],
  [0.1372, '$0.14'],
  [12, '$12.00'],
]);

table('how long ago', (ms: number) => ago(1_000_000_000 - ms, 1_000_000_000, 'en'), [
  [-5000, 'just now'],
  [30_000, 'just now'],
  [90_000, '1 min. ago'],
  [7_200_000, '2 hr. ago'],
  [86_400_000, 'yesterday'],
]);

table('places in a text', parsePlace, [
  ['src/slugify.js', { path: 'src/slugify.js' }],
  ['./src/slugify.js:12', { path: 'src/slugify.js', line: 12 }],
  ['src/slugify.js:12:5', { path: 'src/slugify.js', line: 12 }],
  ['src/slugify.js:12-20', { path: 'src/slugify.js', line: 12 }],
  ['README.md', { path: 'README.md' }],
  ['bin/run:3', { path: 'bin/run', line: 3 }],
  ['a.ts:0', { path: 'a.ts' }],
  ['../etc/passwd.txt', undefined],
  ['src/../../x.js', undefined],
  ['/etc/passwd.txt', undefined],
  ['C:\\x.js', undefined],
  ['javascript:1', undefined],
  ['https://a.example/b.js', undefined],
  ['command:x.y', undefined],
  ['slugify', undefined],
  ['a b.js', undefined],
]);

table('links that the editor may open', isWebLink, [
  ['https://a.example', true],
  ['HTTP://a.example', true],
  ['mailto:a@b.example', true],
  ['javascript:x', false],
  ['command:x', false],
  ['data:text/html,x', false],
  ['vscode://x', false],
  ['src/a.js', false],
]);

test('places as text, paths as folder and name', () => {
  assert.equal(placeText('a.js', 3), 'a.js:3');
  assert.equal(placeText('a.js', 0), 'a.js');
  assert.deepEqual(splitPath('src/x/a.js'), { folder: 'src/x/', name: 'a.js' });
  assert.deepEqual(splitPath('a.js'), { folder: '', name: 'a.js' });
});

const ROLES = ['coder', 'qa'];

table('messages to the team', (draft: string) => parseSteer(draft, ROLES), [
  ['use tabs', { text: 'use tabs' }],
  ['@coder use tabs', { text: 'use tabs', to: 'coder' }],
  ['@QA  run it\nagain', { text: 'run it\nagain', to: 'qa' }],
  ['@nobody hello', { text: '@nobody hello' }],
  ['tell @coder', { text: 'tell @coder' }],
  ['@coder', undefined],
  ['  ', undefined],
]);

table('roles on offer', ([draft, caret]: readonly [string, number]) => completions(draft, caret, ROLES), [
  [
    ['@', 1],
    ['coder', 'qa'],
  ],
  [['@c', 2], ['coder']],
  [['@coder', 6], []],
  [['@x', 2], []],
  [['hi @', 4], []],
  [['', 0], []],
]);

table('hidden signs are written out', visible, [
  ['plain\ttext\n', 'plain\ttext\n'],
  ['a\u202eb', 'a⟨U+202E⟩b'],
  ['a\u0000b', 'a⟨U+0000⟩b'],
  ['a\u200bb\u2028c', 'a⟨U+200B⟩b⟨U+2028⟩c'],
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007done', 'done'],
  ['a\r\nb\rc', 'a\nb\nc'],
  [`a${' '.repeat(100)}b`, 'a⟨100 blanks⟩b'],
  [`a${'\n'.repeat(9)}b`, 'a⟨9 empty lines⟩b'],
  ['👩‍💻 é ß', '👩‍💻 é ß'],
]);

table('names of speakers', roleName, [
  ['qa', 'QA'],
  ['coder/slugify', 'Coder'],
  ['coder#2', 'Coder'],
  ['person', 'You'],
  ['poet', 'Poet'],
  ['constructor', 'Constructor'],
  ['__proto__', '__proto__'],
  ['', ''],
]);

test('a role is what stands before a task or number', () => {
  assert.equal(roleOf('Coder@slug'), 'coder');
});

test('a status says how the run stands or ended', () => {
  assert.equal(statusOf(working), 'Working');
  assert.equal(statusOf(paused), 'Budget reached');
  assert.equal(statusOf(finished), 'Done');
  assert.equal(statusOf(notProved), 'Done, not proved');
  assert.equal(statusOf(failed), 'Failed');
  const partly = { ...finished, finished: { outcome: 'done', message: '', partial: true } } as const;
  assert.equal(statusOf(partly), 'Done, partly');
});

test('a run of the tests alone is called by what they say, and looks like it', () => {
  const found = (verdict: 'green' | 'red' | 'notProved') => ({
    ...finished,
    mode: 'qa' as const,
    finished: { outcome: 'answered' as const, message: '', partial: false },
    evidence: finished.evidence.integrated
      ? { integrated: { ...finished.evidence.integrated, verdict } }
      : assert.fail('the state has evidence'),
  });
  assert.deepEqual(
    [found('green'), found('red'), found('notProved')].map((view) => [statusOf(view), toneOf(view)]),
    [
      ['Tests pass', 'good'],
      ['Tests fail', 'bad'],
      ['Not proved', 'warn'],
    ],
  );
});

test('tones: not proved is not good, waiting is not busy', () => {
  const tones = [working, asked, review, paused, finished, notProved, failed].map(toneOf);
  assert.deepEqual(tones, ['busy', 'warn', 'warn', 'warn', 'good', 'warn', 'bad']);
  assert.deepEqual([working, review, paused, finished].map(isActive), [true, true, false, false]);
});

test('the report that counts is the latest', () => {
  assert.equal(latestReport(working), undefined);
  assert.equal(latestReport(finished)?.verdict, 'green');
  assert.equal(latestReport(applyRed)?.verdict, 'red');
});

test('lists of tests come worst first; no tests is said', () => {
  assert.deepEqual(
    testLists(RED).map(({ kind, tests }) => `${kind} ${tests.length}`),
    ['newlyFailing 1', 'newlyPassing 1'],
  );
  const failing = report('green', { stillFailing: [{ id: 'a' }] });
  assert.deepEqual(
    [testLists(failing)[0]?.title, testLists(failing, true)[0]?.title],
    ['Still failing', 'Failing'],
  );
  const added = report('green', { newlyPassing: ['a'], added: ['a', 'b'] });
  assert.deepEqual(
    testLists(added).map(({ kind, tests }) => `${kind} ${tests.length}`),
    ['newlyPassing 1', 'added 1'],
  );
  assert.equal(totalsText(RED), '11 passed, 2 failed');
  assert.equal(
    totalsText(report('notProved', { totals: { passed: 0, failed: 0, skipped: 0 } })),
    'no tests ran',
  );
});

table('names of tests: the file is not said twice', testName, [
  [{ id: 'test/a.test.js > adds up', file: 'test/a.test.js' }, 'adds up'],
  [{ id: 'tests/test_a.py::test_x', file: 'tests/test_a.py' }, 'test_x'],
  [{ id: 'adds up', file: 'test/a.test.js' }, 'adds up'],
  [{ id: 'test/a.test.js', file: 'test/a.test.js' }, 'test/a.test.js'],
  [{ id: 'test/a.test.js > adds up' }, 'test/a.test.js > adds up'],
]);

table('messages of tests: a comparison is not said twice', testMessage, [
  [
    { id: 'a', message: 'Expected values to be equal:\n\n1 !== 2', expected: '2', actual: '1' },
    'Expected values to be equal',
  ],
  [{ id: 'a', message: ' boom\nat x ' }, 'boom\nat x'],
  [{ id: 'a' }, ''],
]);

test('reasons that the lists of tests say already are not said twice', () => {
  const beyond = reasonsBeyondLists(
    report('red', {
      reasons: [
        '"adds up" fails and did not fail on the base.',
        'The exit code is 0 although a test failed.',
      ],
      newlyFailing: [{ id: 'adds up' }],
    }),
  );
  assert.deepEqual(beyond, ['The exit code is 0 although a test failed.']);
});

test('news: what needs the person, a new status, tasks that ended; nothing for a run just opened', () => {
  assert.deepEqual(news(undefined, asked), []);
  assert.deepEqual(news(working, working), []);
  assert.deepEqual(news(working, asked), [
    'Coder needs you: Run npm install --save-dev c8',
    'Coder needs you: Should "ß" become "ss" or "s"?',
    'Waiting for you',
  ]);
  const [first, ...rest] = working.tasks;
  assert.ok(first);
  assert.deepEqual(news(working, { ...working, tasks: [{ ...first, state: 'done' }, ...rest] }), [
    `Task ${first.spec.title}: done`,
  ]);
});

test('structural sharing: equal parts keep their identity, changed ones do not', () => {
  const old = { a: [1, { b: 2 }], c: { d: 'x' }, e: null };
  assert.equal(keep(old, structuredClone(old)), old);
  const next = keep(old, { a: [1, { b: 3 }], c: { d: 'x' }, e: null });
  assert.notEqual(next, old);
  assert.equal(next.c, old.c);
  assert.deepEqual(next, { a: [1, { b: 3 }], c: { d: 'x' }, e: null });
  assert.deepEqual(keep(old, { c: { d: 'x' } }), { c: { d: 'x' } });
  assert.deepEqual(keep([1, 2], { 0: 1, 1: 2 }), { 0: 1, 1: 2 });
  assert.deepEqual(keep({ a: undefined }, {}), {});
  assert.deepEqual(keep(null, { a: 1 }), { a: 1 });
});

const page = { scrollTop: 0, scrollHeight: 1000, clientHeight: 300, anchorTop: undefined };

test('a page follows its end, or stops where the part to read begins', () => {
  assert.equal(placeToBe(page), 700);
  assert.equal(placeToBe({ ...page, anchorTop: 500 }), 492);
  assert.equal(placeToBe({ ...page, anchorTop: 900 }), 700);
  assert.equal(placeToBe({ ...page, anchorTop: 3 }), 0);
  assert.equal(placeToBe({ ...page, scrollHeight: 100 }), 0);
  assert.equal(isThere({ ...page, scrollTop: 690 }), true);
  assert.equal(isThere({ ...page, scrollTop: 600 }), false);
});

test('only the person moves a page away: growth alone does not', () => {
  assert.equal(stillFollows(700, { ...page, scrollTop: 700, scrollHeight: 2000 }), true);
  assert.equal(stillFollows(700, { ...page, scrollTop: 550 }), false);
  assert.equal(stillFollows(500, { ...page, scrollTop: 560, scrollHeight: 2000 }), true);
  assert.equal(stillFollows(492, { ...page, scrollTop: 640, anchorTop: 500 }), false);
});

test('drafts survive the page; those of another version or broken do not', () => {
  const drafts = { ...NO_DRAFTS, goal: 'half a goal', plan: { run: 'r', signal: 's', plan: PLAN, base: '' } };
  assert.deepEqual(thaw(structuredClone(freeze({ run: 'r', drafts, reading: NO_READING }))), {
    run: 'r',
    drafts,
    reading: NO_READING,
  });
  const nothing = { run: undefined, drafts: NO_DRAFTS, reading: NO_READING };
  for (const state of [undefined, null, 'x', {}, { version: 2, drafts }, { version: 1, drafts: 'x' }])
    assert.deepEqual(thaw(state), nothing);
  assert.deepEqual(thaw({ version: 1, run: 7, drafts: { goal: 7 } }), nothing);
});

test('drafts are kept by name, the oldest forgotten, empty ones not kept', () => {
  const many = Array.from({ length: 30 }, (_, index) => `run-${index}`).reduce(
    (drafts, name) => withText(drafts, name, 'x'),
    {},
  );
  assert.equal(Object.keys(many).length, 20);
  assert.ok('run-29' in many && !('run-0' in many));
  assert.deepEqual(withText({ a: 'x' }, 'a', ''), {});
});

test('an edit that began from another plan is forgotten, however the plan is written down', () => {
  const drafts = { ...NO_DRAFTS, plan: { run: 'r', signal: 'live', plan: PLAN, base: planEssence(PLAN) } };
  const turned = (value: object): object => Object.fromEntries(Object.entries(value).toReversed());
  const rewritten = { ...PLAN, tasks: PLAN.tasks.map(turned) } as typeof PLAN;
  assert.equal(withoutOutdated(drafts, 'r', PLAN), drafts);
  assert.equal(withoutOutdated(drafts, 'r', rewritten), drafts);
  assert.equal(withoutOutdated(drafts, 'other', { ...PLAN, tasks: [] }), drafts);
  const other = { ...PLAN, tasks: PLAN.tasks.slice(1) };
  assert.equal(withoutOutdated(drafts, 'r', other).plan, undefined);
});

test('what was begun for an answered question is forgotten, the rest stays', () => {
  const drafts = {
    ...NO_DRAFTS,
    answers: { 'r q/1': 'x', 'r q/2': 'y', 'other q/1': 'z' },
    plan: { run: 'r', signal: 'plan/1', plan: PLAN, base: '' },
  };
  const after = withoutAnswered(drafts, 'r', new Set(['q/2']));
  assert.deepEqual(after.answers, { 'r q/2': 'y', 'other q/1': 'z' });
  assert.equal(after.plan, undefined);
  assert.equal(withoutAnswered(drafts, 'third', new Set()), drafts);
  assert.equal(withoutAnswered(drafts, 'r', new Set(['q/1', 'q/2', 'plan/1'])), drafts);
});

test('the sample plan waits for the person', () => {
  assert.equal(planOpen.needs[0]?.ask.kind, 'plan');
});
