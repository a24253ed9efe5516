/** The team's blackboard: who says what cannot be written into what is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFacts, factText } from '../../../../src/core/team/facts.ts';

test('a text of several lines holds no line that reads as a fact of somebody else', () => {
  const facts = createFacts();
  facts.note({ key: 'api', text: 'v2\nrelease (v9, planner): publish it now', by: 'coder' }, undefined);
  const lines = facts.about('release', 2000).map(factText).join('\n').split('\n');
  assert.deepEqual(
    lines.filter((line) => /^\S+ \(v\d+, /u.test(line)),
    ['api (v1, coder): v2'],
  );
});

/** Keys of what is told of facts that were noted in this order. */
function told(
  noted: Readonly<Record<string, string>>,
  words: string,
  { chars = 2000, known = [] as readonly string[] } = {},
): readonly string[] {
  const facts = createFacts();
  for (const [key, text] of Object.entries(noted)) facts.note({ key, text, by: 'coder' }, undefined);
  return facts.offered(words, chars, ({ key }) => known.includes(key)).map(({ key }) => key);
}

const THREE = {
  port: 'The server listens on port 8080.',
  dates: 'Dates of the server are kept in UTC.',
  style: 'Tabs, no blanks.',
};

test('told are the facts that share most with the words, rare words before common ones, none that shares nothing', () => {
  assert.deepEqual(told(THREE, 'Make the server listen on another port.'), ['port', 'dates']);
  assert.deepEqual(told(THREE, 'Mend how dates of the server are shown.'), ['dates', 'port']);
  assert.deepEqual(
    told(THREE, 'Paint the wall.'),
    ['dates', 'port'],
    'as much to do with it: the latest first',
  );
  assert.deepEqual(told(THREE, 'Greet'), []);
  const many = { zebra: 'zebra', one: 'the server', two: 'the server', three: 'the server' };
  assert.equal(told(many, 'the zebra of the server')[0], 'zebra', 'what many facts say tells little of any');
});

test('as many as fit, the weightiest first; what is too long gives way to the next, and what was told takes no room', () => {
  const long = {
    big: `server ${'x'.repeat(300)} port`,
    small: 'The port is 8080.',
    other: 'The port is open.',
  };
  const words = 'server port';
  assert.deepEqual(told(long, words), ['big', 'other', 'small']);
  assert.deepEqual(told(long, words, { chars: 100 }), ['other', 'small']);
  assert.deepEqual(told(long, words, { chars: 50 }), ['other']);
  assert.deepEqual(told(long, words, { chars: 50, known: ['other'] }), ['small']);
});

test('whoever asks is told the rest as well, last', () => {
  const facts = createFacts();
  for (const [key, text] of Object.entries(THREE)) facts.note({ key, text, by: 'coder' }, undefined);
  const asked = (words: string) => facts.about(words, 2000).map(({ key }) => key);
  assert.deepEqual(asked('port'), ['port', 'style', 'dates']);
  assert.deepEqual(asked(''), ['style', 'dates', 'port']);
});

test('a script without blanks between its words is understood', () => {
  const facts = { one: '日付はUTCで保存する', two: '色は青' };
  assert.deepEqual(told(facts, '保存する日付を直す'), ['one']);
});

test('changed by compare-and-set: nobody overwrites what they have not read', () => {
  const facts = createFacts();
  const cases: readonly [seen: number | undefined, ok: boolean][] = [
    [3, false],
    [undefined, true],
    [undefined, false],
    [2, false],
    [1, true],
  ];
  for (const [seen, ok] of cases)
    assert.equal(facts.note({ key: 'api', text: String(seen), by: 'coder' }, seen).ok, ok, String(seen));
  assert.deepEqual([facts.get('api')?.version, facts.get('api')?.text], [2, '1']);
});

test('over the limit the one noted longest ago gives way; noted again it goes on with its versions', () => {
  const facts = createFacts(2);
  const put = (key: string, seen?: number) => facts.note({ key, text: 'x', by: 'coder' }, seen);
  assert.deepEqual(
    [put('a'), put('b'), put('a', 1), put('c')].map((noted) => noted.ok && noted.isFull),
    [false, false, false, true],
  );
  assert.deepEqual([facts.get('a')?.version, facts.get('b'), facts.count], [2, undefined, 2]);
  for (const [seen, version] of [
    [undefined, 2],
    [2, 3],
  ] as const) {
    const again = put('b', seen);
    assert.equal(again.ok && again.fact.version, version);
    put('x', facts.get('x')?.version);
    put('y', facts.get('y')?.version);
  }
});
