import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTerminalFilter } from '../../../src/editor/terminal-text.ts';

const filtered = (pieces: readonly string[]) => {
  const filter = createTerminalFilter();
  return pieces.map(filter).join('');
};

const cases: readonly (readonly [what: string, pieces: readonly string[], shown: string])[] = [
  ['line ends', ['a\nb\r\nc'], 'a\r\nb\r\nc'],
  ['colours pass', ['\u001b[31mred\u001b[0m'], '\u001b[31mred\u001b[0m'],
  ['a colour split over pieces', ['\u001b', '[3', '1mq'], '\u001b[31mq'],
  ['window title', ['\u001b]0;title\u0007x'], 'x'],
  ['forged exit code of shell integration', ['\u001b]633;D;0\u001b\\x'], 'x'],
  ['the same, split', ['\u001b]63', '3;D;0\u001b', '\\x'], 'x'],
  ['link with a hidden target', ['\u001b]8;;file:///etc\u0007name\u001b]8;;\u0007'], 'name'],
  ['device control and privacy message', ['\u001bPq#0\u001b\\\u001b^x\u001b\\y'], 'y'],
  ['clear, move, ask for the cursor, other screen', ['\u001b[2J\u001b[H\u001b[6nx\u001b[?1049h'], 'x'],
  ['reset, save, charset', ['\u001bc\u001b7x\u001b(B'], 'x'],
  ['C1 sequences and backspace', ['a\u0008\u009b31m'], 'a31m'],
  ['bidi controls', ['a\u202eb\u2066c'], 'abc'],
  ['a sequence that never ends holds its text back', ['\u001b]0;secret'], ''],
];
for (const [what, pieces, shown] of cases) {
  test(`terminal text: ${what}`, () => assert.equal(filtered(pieces), shown));
}

test('terminal text: an endless sequence is not held for ever', () => {
  assert.equal(filtered([`\u001b]0;${'x'.repeat(5000)}`, 'end']).endsWith('xend'), true);
});
