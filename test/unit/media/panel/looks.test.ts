import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Actor } from '../../../../src/protocol/events.ts';
import type { FeedItem } from '../../../../src/protocol/view.ts';
import { criticalPath, type Weighed } from '../../../../src/protocol/critical-path.ts';
import { entryName } from '../../../../media/panel/state/feed.ts';
import {
  agentsOf,
  filtered,
  NO_FILTER,
  speakersOf,
  type Filter,
} from '../../../../media/panel/state/filter.ts';
import { createFinder, nearest, PARTS, stepFrom, wordsIn } from '../../../../media/panel/state/find.ts';
import { layOut } from '../../../../media/panel/plan/graph/layout.ts';
import { WORKING } from '../../../support/panel-states/talk.ts';

const task = (id: string, after: readonly string[] = [], weight = 1): Weighed => ({ id, after, weight });

const PATHS: readonly (readonly [name: string, tasks: readonly Weighed[], path: string])[] = [
  ['no task', [], ''],
  ['tasks that wait for nobody', [task('a'), task('b')], ''],
  ['a chain', [task('a'), task('b', ['a']), task('c', ['b'])], 'a b c'],
  ['the heavier branch', [task('a'), task('b', ['a'], 9), task('c', ['a']), task('d', ['b', 'c'])], 'a b d'],
  [
    'the longer branch of equal tasks',
    [task('a'), task('b', ['a']), task('c', ['b']), task('d', ['a'])],
    'a b c',
  ],
  ['a task of no weight counts a little', [task('a', [], 0), task('b', ['a'], 0)], 'a b'],
  ['a dependency that is not there', [task('a', ['gone']), task('b', ['a'])], 'a b'],
  ['a circle', [task('a', ['b']), task('b', ['a'])], ''],
];
for (const [name, tasks, path] of PATHS)
  test(`the critical path of ${name}`, () => assert.equal(criticalPath(tasks).join(' '), path));

test('a plan is laid out from top to bottom, without boxes on each other', () => {
  const box = { width: 100, height: 40 };
  const nodes = [task('a'), task('b', ['a']), task('c', ['a', 'gone'])];
  const { boxes, arrows, width, height } = layOut(nodes, box);
  const at = (id: string) => boxes.get(id) ?? assert.fail(id);
  assert.ok(at('b').y - at('a').y > box.height && at('b').y === at('c').y);
  assert.ok(Math.abs(at('b').x - at('c').x) >= box.width);
  assert.deepEqual(arrows.map(({ from, to }) => `${from}>${to}`).sort(), ['a>b', 'a>c']);
  assert.ok(width >= 200 && height >= 80);
});

test('without a wish the conversation is the very same list', () => {
  assert.equal(filtered(WORKING, NO_FILTER), WORKING);
});

test('one agent, one task or some words are shown alone', () => {
  const qa = filtered(WORKING, { ...NO_FILTER, role: 'reviewer' });
  assert.ok(qa.length > 0 && qa.length < WORKING.length);
  const one = filtered(WORKING, { ...NO_FILTER, task: 'accents' });
  assert.ok(one.length > 0 && one.every((item) => JSON.stringify(item).includes('"accents"')));
});

test('of several who had a role in a task one is shown alone, beside what is about the task', () => {
  const coder = { role: 'coder', task: 'accents' };
  const by = (attempt: number) => ({ ...coder, agent: `task/accents/attempt/${attempt}/coder`, attempt });
  const said = (id: number, who: Actor): FeedItem => ({ kind: 'said', id, at: id, who, text: 'x' });
  const asked: FeedItem = {
    kind: 'message',
    id: 3,
    at: 3,
    from: 'qa',
    to: 'coder',
    text: 'y',
    task: 'accents',
  };
  const feed = [said(1, by(1)), said(2, by(2)), asked, said(4, { ...by(2), task: 'docs' })];
  assert.deepEqual([...agentsOf(feed, { ...NO_FILTER, ...coder }).values()], [by(1), by(2)]);
  assert.equal(agentsOf(feed, { ...NO_FILTER, role: 'coder' }).size, 0);
  const second = filtered(feed, { ...NO_FILTER, ...coder, agent: by(2).agent });
  assert.deepEqual(
    second.map(({ id }) => id),
    [2, 3],
  );
});

test('words are looked for in what is said and done, whatever their case, and lead round', () => {
  const run = {
    goal: 'Fold ACCENTS',
    tasks: [],
    feed: WORKING,
    summary: { title: 'Accents', body: 'They go.' },
  };
  const find = (text: string, more: Partial<Filter> = {}) =>
    createFinder(wordsIn({ text }))(run, { ...NO_FILTER, ...more });
  assert.deepEqual(find('no such words anywhere'), []);
  assert.deepEqual(find('  '), []);
  const [first] = WORKING.filter((item) => item.kind === 'tool');
  assert.ok(first?.kind === 'tool');
  assert.ok(find(first.title.toUpperCase()).includes(entryName(first)));
  const accents = find(' accents ');
  assert.equal(accents[0], PARTS.goal);
  assert.equal(accents.at(-1), PARTS.summary);
  assert.ok(find('accents', { role: 'reviewer' }).length < accents.length);
  assert.equal(stepFrom(accents, accents.at(-1), 1), PARTS.goal);
  assert.equal(stepFrom(accents, PARTS.goal, -1), PARTS.summary);
  assert.equal(stepFrom([], PARTS.goal, 1), undefined);
  const last = WORKING.at(-1) ?? assert.fail();
  assert.equal(nearest(accents, run, entryName(last)), PARTS.summary);
  assert.equal(nearest(['goal'], run, entryName(last)), 'goal');
});

test('everybody who takes part can be chosen, once', () => {
  const speakers = speakersOf(WORKING);
  assert.equal(new Set(speakers).size, speakers.length);
  assert.ok(speakers.includes('coder') && speakers.includes('planner'));
});
