import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  appendPieces,
  NOTHING_LIVE,
  settle,
  takeTests,
  type Live,
} from '../../../../media/panel/state/live.ts';
import type { ActiveStep } from '../../../../src/protocol/view.ts';

const step = (key: string): ActiveStep => ({ key, kind: 'model', title: 'Ask', since: 0 });
const shows = (active: readonly ActiveStep[], ended: readonly string[] = []) => ({ active, ended });
const piece = (key: string, text: string) => ({ key, role: 'coder', text });
const texts = (live: Live): string[] => live.replies.map(({ key, text }) => `${key}:${text}`);

test('pieces of a reply are joined in order, replies of several agents kept apart', () => {
  let live = settle(NOTHING_LIVE, shows([step('a'), step('b')]));
  live = appendPieces(live, [piece('a', 'Hel'), piece('b', 'x')]);
  live = appendPieces(live, [piece('a', 'lo')]);
  assert.deepEqual(texts(live), ['a:Hello', 'b:x']);
});

test('a reply goes when its step ends, and late pieces of it stay away', () => {
  let live = appendPieces(settle(NOTHING_LIVE, shows([step('a')])), [piece('a', 'Hello')]);
  live = settle(live, shows([]));
  assert.deepEqual(texts(live), []);
  assert.deepEqual(texts(appendPieces(live, [piece('a', ' again')])), []);
});

test('a reply that overtakes the news of its step is kept whole', () => {
  let live = appendPieces(NOTHING_LIVE, [piece('a', 'He')]);
  live = settle(live, shows([]));
  live = appendPieces(live, [piece('a', 'llo')]);
  live = settle(live, shows([step('a')]));
  assert.deepEqual(texts(live), ['a:Hello']);
  assert.deepEqual(texts(settle(live, shows([]))), []);
});

test('a reply whose step ended between two views goes with the first view that says so', () => {
  const live = settle(appendPieces(NOTHING_LIVE, [piece('a', 'Hello')]), shows([], ['a']));
  assert.deepEqual(texts(live), []);
  assert.deepEqual(texts(appendPieces(live, [piece('a', ' again')])), []);
});

test('a stray whose step never shows does not stay for ever', () => {
  let live = appendPieces(NOTHING_LIVE, [piece('a', 'x')]);
  for (let views = 0; views < 3; views += 1) live = settle(live, shows([]));
  assert.deepEqual(texts(live), []);
});

test('a step that runs again after it ended may speak again', () => {
  let live = settle(settle(NOTHING_LIVE, shows([step('a')])), shows([]));
  live = settle(live, shows([step('a')]));
  assert.deepEqual(texts(appendPieces(live, [piece('a', 'second try')])), ['a:second try']);
});

test('nothing new is the same object', () => {
  const live = appendPieces(settle(NOTHING_LIVE, shows([step('a')])), [piece('a', 'x')]);
  assert.equal(appendPieces(live, []), live);
  assert.equal(appendPieces(live, [piece('a', '')]), live);
  assert.equal(settle(live, shows([step('a')])).replies, live.replies);
});

test('how far tests have come is kept while their step runs, whichever of the two is heard of first', () => {
  const progress = (done: number) => ({ unit: 'tests', done, failed: 0, total: 9 }) as const;
  let live = takeTests(NOTHING_LIVE, 'a', progress(1));
  live = settle(live, shows([step('a'), step('b')]));
  live = takeTests(live, 'b', progress(2));
  live = takeTests(live, 'a', progress(3));
  assert.deepEqual(
    [...live.tests].map(([key, { done }]) => [key, done]),
    [
      ['a', 3],
      ['b', 2],
    ],
  );
  live = settle(live, shows([step('b')]));
  assert.deepEqual([...live.tests.keys()], ['b']);
  assert.deepEqual(
    [...takeTests(live, 'a', progress(4)).tests.keys()],
    ['b'],
    'a late word of it is dropped',
  );
});
