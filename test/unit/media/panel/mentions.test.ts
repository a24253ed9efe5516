import assert from 'node:assert/strict';
import { test } from 'node:test';
import { urisIn } from '../../../../media/panel/state/given.ts';
import { isAtEdge, moved, remembered } from '../../../../media/panel/state/history.ts';
import { offersFor, withMention, withMentions } from '../../../../media/panel/state/mentions.ts';
import { mentionText, typedMention } from '../../../../src/protocol/mentions.ts';

const typed = (draft: string) => {
  const found = typedMention(draft.replace('|', ''), draft.indexOf('|'));
  assert.ok(found, draft);
  return found;
};

test('words of the editor are offered before files, roles for @', () => {
  const texts = (draft: string, found = [{ kind: 'file', path: 'src/a.js' } as const]) =>
    offersFor(typed(draft), found).map(({ text }) => text);
  assert.deepEqual(texts('#|'), ['#selection', '#problems', '#diff', '#file:src/a.js']);
  assert.deepEqual(texts('#p|', []), ['#problems']);
  assert.deepEqual(texts('#file:a|'), ['#file:src/a.js']);
  assert.deepEqual(texts('@re|'), ['@researcher', '@reviewer']);
  assert.deepEqual(offersFor(undefined, []), []);
});

test('the person’s own roles are offered after those of the house, with what they are for', () => {
  const own = [
    { kind: 'role', name: 'wordsmith', about: 'Knows our words' },
    { kind: 'role', name: 'rewriter' },
  ] as const;
  assert.deepEqual(
    offersFor(typed('@re|'), own).map(({ text }) => text),
    ['@researcher', '@reviewer', '@rewriter'],
  );
  assert.deepEqual(offersFor(typed('(@w|'), own), [
    { text: '@wordsmith', label: 'Wordsmith', detail: 'Knows our words' },
  ]);
  assert.deepEqual(
    offersFor(typed('@rew|'), own).map(({ detail }) => detail),
    ['@rewriter'],
  );
  assert.deepEqual(offersFor(typed('#re|'), own), []);
});

test('a mention takes the place of what was typed, with one blank after it', () => {
  const draft = 'Fix #disc in it';
  assert.deepEqual(withMention(draft, typed('Fix #disc| in it'), '#file:src/discounts.js'), {
    draft: 'Fix #file:src/discounts.js in it',
    caret: 27,
  });
  assert.deepEqual(withMention('#d', typed('#d|'), '#diff'), { draft: '#diff ', caret: 6 });
});

test('former goals are called one by one, and what was written comes back', () => {
  const history = ['one', 'two'];
  assert.deepEqual(moved(history, undefined, -1), { to: 1 });
  assert.deepEqual(moved(history, 1, -1), { to: 0 });
  assert.equal(moved(history, 0, -1), undefined);
  assert.deepEqual(moved(history, 1, 1), { to: undefined });
  assert.equal(moved(history, undefined, 1), undefined);
  assert.equal(moved([], undefined, -1), undefined);
});

test('a goal is remembered once, the latest last, fifty at most', () => {
  assert.deepEqual(remembered(['a', 'b'], 'a'), ['b', 'a']);
  const many = Array.from({ length: 60 }, (_, n) => String(n)).reduce<readonly string[]>(remembered, []);
  assert.equal(many.length, 50);
  assert.equal(many.at(-1), '59');
});

test('arrows move within the text until its first or last line', () => {
  assert.ok(isAtEdge('one\ntwo', 2, -1) && !isAtEdge('one\ntwo', 5, -1));
  assert.ok(isAtEdge('one\ntwo', 5, 1) && !isAtEdge('one\ntwo', 2, 1));
});

test('mentions: a path with blanks stands in quotes; dropped ones come after the draft', () => {
  assert.equal(mentionText({ kind: 'file', path: 'my notes.md' }), '#file:"my notes.md"');
  assert.equal(mentionText({ kind: 'folder', path: 'src' }), '#folder:src');
  const both = [{ kind: 'file', path: 'a.ts' } as const, { kind: 'diff' } as const];
  assert.equal(withMentions('', both), '#file:a.ts #diff ');
  assert.equal(withMentions('Look at', both), 'Look at #file:a.ts #diff ');
  assert.equal(withMentions('Look at\n', []), 'Look at\n');
});

test('what is dropped: addresses of files, of whichever list there is, and no others', () => {
  const data = (lists: Readonly<Record<string, string>>) => ({
    getData: (type: string) => lists[type] ?? '',
  });
  assert.deepEqual(urisIn(data({})), []);
  assert.deepEqual(urisIn(data({ 'text/uri-list': '# one\r\nfile:///a\r\nhttps://far/x' })), ['file:///a']);
  const both = { 'text/uri-list': 'http://far/b', 'application/vnd.code.uri-list': 'vscode-remote://h/b' };
  assert.deepEqual(urisIn(data(both)), ['vscode-remote://h/b']);
  const many = Array.from({ length: 50 }, (_, at) => `file:///${at}`).join('\n');
  assert.equal(urisIn(data({ 'text/uri-list': many })).length, 20);
});
