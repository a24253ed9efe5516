/** Edits and patches that nobody writes by accident: names of the language, patches in patches, parts that contradict each other. */
import { checkEdits } from './check-edits.ts';
import { checkPatches, patchOf } from './check-patch.ts';

checkPatches([
  {
    is: 'a file named as the prototype of everything',
    files: { f: 'a\n' },
    patch: patchOf('*** Add File: constructor\n+x'),
    gives: { f: 'a\n', constructor: 'x\n' },
  },
  {
    is: 'a patch as the text of a new file',
    patch: patchOf('*** Add File: p\n+*** Begin Patch\n+*** Delete File: f\n+*** End Patch'),
    files: { f: 'a\n' },
    gives: { f: 'a\n', p: '*** Begin Patch\n*** Delete File: f\n*** End Patch\n' },
  },
  {
    is: 'a header as a line that is added',
    files: 'a\n',
    hunks: '@@\n a\n+*** Delete File: f',
    gives: 'a\n*** Delete File: f\n',
  },
  {
    is: 'added, then deleted',
    files: { f: 'a\n' },
    patch: patchOf('*** Add File: n\n+x\n*** Delete File: n\n*** Update File: f\n@@\n-a\n+b'),
    gives: { f: 'b\n' },
  },
  {
    is: 'deleted, then updated',
    files: { f: 'a\n' },
    patch: patchOf('*** Delete File: f\n*** Update File: f\n@@\n-a\n+b'),
    gives: { error: 'missing' },
  },
  {
    is: 'two files that change places over a third',
    files: { a: '1\n', b: '2\n' },
    patch: patchOf(
      '*** Update File: a\n*** Move to: t\n@@\n-1\n+1\n*** Update File: b\n*** Move to: a\n*** Update File: t\n*** Move to: b',
    ),
    gives: { a: '2\n', b: '1\n' },
  },
  {
    is: 'two hunks on the same line: nothing is done',
    files: 'a\nb\n',
    hunks: '@@\n-a\n+x\n@@\n-a\n+y',
    gives: { error: 'context_missing' },
  },
  {
    is: 'a good file beside a bad one: nothing is done',
    files: { f: 'a\n', g: 'b\n' },
    patch: patchOf('*** Update File: f\n@@\n-a\n+x\n*** Update File: g\n@@\n-nothing like it\n+y'),
    gives: { error: 'context_missing', says: /Nothing was changed/u },
  },
  {
    is: 'everything replaced by nothing, found only roughly: nothing is done',
    files: 'a\n  b\n',
    hunks: '@@\n-a\n-b',
    gives: { error: 'would_empty' },
  },
  {
    is: 'no end: it may have been cut off',
    files: 'a\n',
    patch: '*** Begin Patch\n*** Update File: f\n@@\n-a\n+b',
    gives: { error: 'no_end' },
  },
  { is: 'an empty text', patch: '', gives: { error: 'no_begin' } },
  { is: 'only fences', patch: '```\n```', gives: { error: 'no_begin' } },
]);

checkEdits([
  { is: 'a text inside itself', text: 'aaa\n', edits: [['aa', 'b']], gives: { error: 'ambiguous' } },
  { is: 'what is written is not searched again', text: 'a\n', edits: [['a', 'aa', 'all']], gives: 'aa\n' },
  {
    is: 'overlapping places, all of them: those apart are replaced',
    text: 'aaaa\n',
    edits: [['aa', 'b', 'all']],
    gives: 'bb\n',
    notes: [/2 occurrences/u],
  },
  {
    is: 'a good edit before a bad one: nothing is done',
    text: 'a\nb\n',
    edits: [
      ['a', 'x'],
      ['zebra crossing', 'y'],
    ],
    gives: { error: 'not_found', at: 1 },
  },
  { is: 'half a letter stays half a letter', text: 'a\uD83Db\n', edits: [['b', 'c']], gives: 'a\uD83Dc\n' },
  { is: 'a zero is no text', text: 'a\u0000b', edits: [['a', 'b']], gives: { error: 'binary' } },
  {
    is: 'blank text is no place',
    text: 'a\n\n\nb\n',
    edits: [['\n\n', '\n']],
    gives: { error: 'ambiguous' },
  },
]);
