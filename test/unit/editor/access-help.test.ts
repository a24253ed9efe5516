/** The help for those who use keyboard and ear: it names the keys that there are, and says the same in every language. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { accessHelp, type Manifest } from '../../../src/editor/access-help.ts';
import { filled, inEnglish, type Words } from '../../../src/protocol/words.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const manifest = read('package.json') as Manifest;

test('every key of the manifest is in it, for both kinds of keyboards, and with its command', () => {
  const page = accessHelp(manifest, inEnglish);
  assert.match(page, /\*\*Ctrl\+K J\*\* \(macOS: \*\*Cmd\+K J\*\*\): _Quartet: /u);
  for (const { command } of manifest.contributes.keybindings) {
    const title = manifest.contributes.commands.find((each) => each.command === command)?.title;
    assert.ok(title !== undefined && page.includes(title), command);
  }
  const [{ command } = { command: '' }] = manifest.contributes.keybindings;
  const moved = { command, key: 'alt+shift+9', mac: 'alt+9' };
  const other = accessHelp({ contributes: { ...manifest.contributes, keybindings: [moved] } }, inEnglish);
  assert.match(other, /\*\*Alt\+Shift\+9\*\* \(macOS: \*\*Alt\+9\*\*\)/u);
  assert.match(other, /\*\*Ctrl\+Enter\*\* \(macOS: \*\*Cmd\+Enter\*\*\)/u, 'keys are written as people do');
  assert.match(other, /“Now” tells who does what/u);
  assert.doesNotMatch(other, /Ctrl\+K/u, 'no other key of the editor is in it');
});

test('it has the same parts and keys in every language, none of them in English', () => {
  const shape = (page: string): readonly string[] => page.match(/^(?:# |## |- )|\bF3\b|\bTab\b/gmu) ?? [];
  const english = accessHelp(manifest, inEnglish);
  for (const language of ['de', 'es', 'fr', 'ja', 'pt-br', 'zh-cn']) {
    const table = read(`media/l10n/bundle.l10n.${language}.json`) as Readonly<Record<string, string>>;
    const t: Words = (text, ...values) => filled(table[text] ?? assert.fail(text), values);
    const page = accessHelp(manifest, t);
    assert.deepEqual(shape(page).toSorted(), shape(english).toSorted(), language);
    assert.doesNotMatch(page, /\{\d\}/u);
  }
});
