/** One grammar of mentions, for whoever completes them and whoever reads them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lookedFor,
  mentionsIn,
  mentionText,
  namesIn,
  typedMention,
  type Mention,
} from '../../../src/protocol/mentions.ts';

const typed = (draft: string) => typedMention(draft.replace('|', ''), draft.indexOf('|'));
const texts = (text: string) => mentionsIn(text).map(mentionText);

test('what is typed is a mention from its sign to the caret, and no sign within a word is one', () => {
  assert.deepEqual(typed('Fix #sr| now'), { sign: '#', query: 'sr', start: 4 });
  assert.deepEqual(typed('@|'), { sign: '@', query: '', start: 0 });
  assert.deepEqual(typed('(#größe|'), { sign: '#', query: 'größe', start: 1 });
  assert.equal(typed('#file:"my no|')?.query, 'file:"my no');
  for (const none of ['Fix|', 'a@b.c|', 'C#|', '#file:a |', '|#a', '#file:"a b" |'])
    assert.equal(typed(none), undefined, none);
});

test('files are looked for by what stands after the kind and an opening quote, roles by their name', () => {
  const query = (draft: string) => {
    const found = typed(draft);
    return found && lookedFor(found);
  };
  assert.equal(query('#file:src/a|'), 'src/a');
  assert.equal(query('#folder:"my no|'), 'my no');
  assert.equal(query('#disc|'), 'disc');
  assert.equal(query('@coder|'), 'coder');
});

test('whatever is put into a text is read from it again, also at the end of a sentence or in brackets', () => {
  const all: readonly Mention[] = [
    { kind: 'selection' },
    { kind: 'file', path: 'src/größe.ts' },
    { kind: 'file', path: '日本語.md' },
    { kind: 'file', path: 'my notes.md' },
    { kind: 'file', path: 'odd.' },
    { kind: 'folder', path: 'app/(group)' },
    { kind: 'folder', path: 'src' },
  ];
  for (const mention of all)
    for (const around of ['|', 'See |, please', 'Why (|)?', 'Is it |?', '|\nnext', 'see |。'])
      assert.deepEqual(mentionsIn(around.replace('|', mentionText(mention))), [mention], around);
});

test('mentions are read once each, and words that only begin like one are left', () => {
  assert.deepEqual(texts('#diff #problems. #diff'), ['#diff', '#problems']);
  for (const none of ['#different', '#diff-view', '#selections', 'C#diff', '#file:', '#12', '#file:.'])
    assert.deepEqual(texts(none), [], none);
});

test('a name after @ may be a role; addresses, packages, decorators and handles of others are not', () => {
  assert.deepEqual(namesIn('@reviewer look, (@qa) and @my-role: then @qa. @researcherに聞いて'), [
    'reviewer',
    'qa',
    'my-role',
    'researcher',
  ]);
  const others = ['me@coder.org', 'a@coder', '@coder/core', '@coder()', '@coder.io', '@Coder', '@coder@x.y'];
  for (const none of [...others, '`@coder`', '@', 'x/@coder', '@coder_x'])
    assert.deepEqual(namesIn(none), [], none);
});
