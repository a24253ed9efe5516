/** A package's file of words that is damaged, cut off or gone: what it would say stays English, and the log says why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOLD, TOLD_WHYS, toldIn, wordsOf } from '../../../src/editor/told-words.ts';
import { editorStrings } from '../../support/l10n/strings.mjs';
import { LANGUAGES, readTable, tablePath } from '../../support/l10n/tables.mjs';
import { packWords } from '../../support/l10n/words.mjs';

const root = process.cwd();
const language = 'de';
const tables = new Map(LANGUAGES.map((each) => [each, readTable(tablePath(root, 'bundle', each))]));
const { kept, packed } = packWords({
  tables,
  recorded: [...TOLD, ...TOLD_WHYS],
  own: editorStrings(root),
});
const whole = tables.get(language) ?? {};
const bundle = kept.get(language) ?? {};

async function learnt(read: () => Promise<Uint8Array>, from = bundle) {
  const warnings: string[] = [];
  const words = await wordsOf(
    { bundle: from, language, read },
    { warn: (message) => warnings.push(message) },
  );
  return { words, warnings };
}

/** Recorded text, which only the packed file has words for. */
const RECORDED = 'The tests prove it.';

const shown = (words: Readonly<Record<string, string>>): string =>
  toldIn(words, { told: TOLD, whys: TOLD_WHYS }).told(RECORDED);

test('words: those of the editor and of the packed file are together what a checkout has', async () => {
  const { words, warnings } = await learnt(async () => packed);
  assert.deepEqual([words, warnings], [whole, []]);
  assert.equal(shown(words), 'Die Tests beweisen es.');
});

test('words: a checkout has them all in the editor’s table, and no file is looked for', async () => {
  const { words, warnings } = await learnt(() => Promise.reject(new Error('read')), whole);
  assert.deepEqual([words, warnings], [whole, []]);
});

const DAMAGED: readonly (readonly [what: string, read: () => Promise<Uint8Array>])[] = [
  ['missing', () => Promise.reject(new Error('FileNotFound'))],
  ['empty', async () => new Uint8Array()],
  ['cut off', async () => packed.subarray(0, packed.length / 2)],
  ['other bytes', async () => new TextEncoder().encode('no words')],
];

for (const [what, read] of DAMAGED)
  test(`words: a packed file that is ${what} leaves them English, and the log says so once`, async () => {
    const { words, warnings } = await learnt(read);
    assert.deepEqual(words, bundle);
    assert.equal(shown(words), RECORDED);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? '',
      /^Some words stay English: media\/l10n\/words\.br cannot be read \(.+\)\./u,
    );
  });

test('words: a single wrong byte, wherever it is, keeps nothing from working', async () => {
  for (let at = 0; at < packed.length; at += Math.ceil(packed.length / 60)) {
    const wrong = Uint8Array.from(packed, (byte, index) => (index === at ? byte ^ 0xff : byte));
    const { words } = await learnt(async () => wrong);
    for (const [english, said] of Object.entries(bundle)) assert.equal(words[english], said);
    assert.equal(typeof shown(words), 'string');
  }
});
