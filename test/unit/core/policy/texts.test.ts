import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedactor } from '../../../../src/core/policy/redact.ts';
import { colouredText, plainText } from '../../../../src/core/policy/terminal-text.ts';

/** [text, what must not be left, or undefined where nothing may change] */
const secrets: readonly (readonly [string, string | undefined])[] = [
  ['key sk-proj-abcdefghijklmnop1234 end', 'abcdefghijklmnop1234'],
  ['ghp_abcdefghijklmnopqrstuvwxyz0123456789', 'abcdefghijkl'],
  ['AKIAABCDEFGHIJKLMNOP', 'ABCDEFGHIJKLMNOP'],
  ['postgres://user:hunter2secret@host/db', 'hunter2secret'],
  ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
  ['"apiKey": "abcdef0123456789"', 'abcdef0123456789'],
  ['export DB_PASSWORD=correct-horse', 'correct-horse'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----', 'MIIE'],
  ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijk', 'abcdefghijk'],
  ['const apiKey = process.env.API_KEY;', undefined],
  ['API_KEY=your-key-here', undefined],
  ['password: string', undefined],
  ['const token = parser.next();', undefined],
  ['https://example.com:8080/path@2', undefined],
  ['commit 3981eaaa43b7785541f6598ee14cdad22460fa89', undefined],
];
test('values that look like secrets become markers; ordinary text does not', () => {
  for (const [text, secret] of secrets) {
    const redacted = createRedactor().redact(text);
    if (secret === undefined) assert.equal(redacted, text);
    else {
      assert.ok(!redacted.includes(secret), redacted);
      assert.match(redacted, /\[secret:1\]/u);
    }
  }
});

test('a value has one marker wherever it occurs, and markers map back', () => {
  const redactor = createRedactor();
  const first = redactor.redact('A_TOKEN=abcdefgh12345\nB_TOKEN=zyxwvuts98765\n');
  assert.equal(first, 'A_TOKEN=[secret:1]\nB_TOKEN=[secret:2]\n');
  assert.equal(redactor.redact('said abcdefgh12345 again'), 'said [secret:1] again');
  assert.deepEqual(redactor.restore('x [secret:2] y [secret:9]'), {
    text: 'x zyxwvuts98765 y [secret:9]',
    unknown: ['[secret:9]'],
  });
  assert.equal(redactor.size, 2);
});

test('redacting twice changes nothing more', () => {
  const redactor = createRedactor();
  const once = redactor.redact(secrets.map(([text]) => text).join('\n'));
  assert.equal(redactor.redact(once), once);
});

test('values known to be secret are hidden whatever they look like', () => {
  assert.equal(createRedactor(['plain words here']).redact('say plain words here!'), 'say [secret:1]!');
});

const terminal: readonly (readonly [string, string])[] = [
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007text', 'text'],
  ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u001b]633;D;0\u0007done', 'done'],
  ['\u009b2Jx', 'x'],
  ['a\r\nb', 'a\nb'],
  ['10%\r50%\r100%\n', '100%\n'],
  ['a\u202eb', 'ab'],
  ['bell\u0007', 'bell'],
  ['cut \u001b[3', 'cut '],
  ['tab\tkept', 'tab\tkept'],
];
test('terminal text is read as a person would see it', () => {
  for (const [text, expected] of terminal) assert.equal(plainText(text), expected, JSON.stringify(text));
});

test('coloured text keeps colours only', () => {
  assert.equal(
    colouredText('\u001b[1;31mred\u001b[0m\u001b[2J\u001b]633;D;0\u0007!'),
    '\u001b[1;31mred\u001b[0m!',
  );
});
