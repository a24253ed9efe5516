import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../../src/protocol/events.ts';
import type { NeedView, RunView } from '../../../src/protocol/view.ts';
import { createStory, GOAL_CHARS_MAX, needText } from '../../../src/terminal/story.ts';

type Told = readonly [type: JournalLine['type'], data: unknown, key?: string];

/** What is said of these lines, in order. */
function said(...lines: readonly Told[]): readonly (string | undefined)[] {
  const story = createStory();
  return lines.map(([type, data, key], index) =>
    story({ v: 1, seq: index + 1, at: 0, type, data, key, prev: '', sum: '' } as unknown as JournalLine),
  );
}

const call = (key: string, title: string): Told => [
  'step.started',
  { kind: 'tool', title, who: { role: 'planner' }, digest: '' },
  key,
];
const end = (key: string, state: string, brief: string): Told => [
  'step.finished',
  { output: { state, text: brief }, brief },
  key,
];

const CALLS: readonly (readonly [what: string, Told, string | undefined])[] = [
  ['one that worked says nothing more', end('a', 'ok', '     1  text'), undefined],
  ['a refusal says why', end('a', 'denied', 'Not allowed: no.'), '  planner: Read x: Not allowed: no.'],
  [
    'a command says how it ended',
    end('a', 'error', 'much output\n[exit code 2]'),
    '  planner: Read x: exit code 2',
  ],
  [
    'a failure says its first line',
    end('a', 'error', 'No such file.\nmore'),
    '  planner: Read x: No such file.',
  ],
  ['one that nobody named says nothing', end('b', 'error', 'No.'), undefined],
];

for (const [what, line, expected] of CALLS) {
  test(`a call: ${what}`, () => {
    assert.equal(said(call('a', 'Read x'), line)[1], expected);
  });
}

test('a pause says the failure it comes of once, and what to do', () => {
  const failed: Told = ['step.failed', { code: 'x', message: 'It is down.', retryable: true }, 'a/model'];
  const paused: Told = ['run.paused', { reason: 'endpoint', message: 'It is down. Start it.' }];
  assert.deepEqual(said(failed, paused), ['It is down.', 'Start it.']);
  assert.deepEqual(
    said(failed, ['run.paused', { reason: 'endpoint', message: 'It is down.' }])[1],
    undefined,
  );
  assert.deepEqual(said(paused), ['It is down. Start it.']);
});

test('a long goal is shortened, and nothing in it steers the terminal', () => {
  const [text = ''] = said(['run.started', { run: 'r', demo: false, goal: `\u001b[31m${'x'.repeat(5000)}` }]);
  assert.ok(text.length < GOAL_CHARS_MAX + 100 && text.endsWith('…'));
  assert.ok(!text.includes('\u001b'));
});

test('a base without tests says so, with the reason', () => {
  const report = {
    verdict: 'notProved',
    totals: { passed: 0, failed: 0, skipped: 0 },
    reasons: ['There is no package.json.'],
  };
  assert.deepEqual(said(['gate.finished', { scope: 'baseline', round: 0, report }]), [
    'Tests on the base: no tests ran\n  There is no package.json.',
  ]);
});

test('only a question’s own options are shown: the others are not answers as they stand', () => {
  const view = { changes: undefined } as unknown as RunView;
  const need = (kind: string): NeedView =>
    ({ signal: 's', ask: { kind, title: 'T', options: ['Apply the rest', 'Apply nothing'] } }) as never;
  assert.equal(needText(need('apply'), view), 'T');
  assert.equal(needText(need('question'), view), 'T\n  (Apply the rest / Apply nothing)');
});
