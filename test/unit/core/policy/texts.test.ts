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
  assert.equal(createRedactor(() => ['plain words here']).redact('say plain words here!'), 'say [secret:1]!');
});

const OPENAI = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123';
const OWN = 'hush-9f8e7d6c5b4a';
const escaped = (text: string, as: (code: string) => string) =>
  Array.from(text, (char) => as(char.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
const disguised: readonly (readonly [string, string])[] = [
  ['put together', `const k = "${OPENAI.slice(0, 15)}" + "${OPENAI.slice(15)}";`],
  ['put together over lines', `k = '${OPENAI.slice(0, 9)}' +\n    '${OPENAI.slice(9)}'`],
  ['side by side', `k = "${OPENAI.slice(0, 9)}" "${OPENAI.slice(9)}"`],
  ['in three parts', `"${OPENAI.slice(0, 5)}" + "${OPENAI.slice(5, 20)}" + "${OPENAI.slice(20)}"`],
  ['on a continued line', `KEY=${OPENAI.slice(0, 12)}\\\n  ${OPENAI.slice(12)}`],
  ['wrapped', `${OPENAI.slice(0, 34)}\n${OPENAI.slice(34)}\n`],
  ['as unicode escapes', `"${escaped(OPENAI, (code) => `\\u00${code}`)}"`],
  ['half as escapes', `"${OPENAI.slice(0, 20)}${escaped(OPENAI.slice(20), (code) => `\\x${code}`)}"`],
  ['as percent escapes', `https://x.example/?k=${escaped(OPENAI, (code) => `%${code}`)}`],
  ['as entities', escaped(OPENAI, (code) => `&#x${code};`)],
  ['a known value put together', `"${OWN.slice(0, 6)}" + "${OWN.slice(6)}"`],
  ['a known value as escapes', escaped(OWN, (code) => `\\x${code}`)],
  ['a known value in base64', `Basic ${btoa(OWN)}`],
];
for (const [how, text] of disguised)
  test(`a key is hidden when it is written ${how}, and edits map it back`, () => {
    const redactor = createRedactor(() => [OWN]);
    const redacted = redactor.redact(text);
    assert.match(redacted, /\[secret:\d+\]/u);
    for (const key of [OPENAI, OWN, btoa(OWN).replaceAll('=', '')])
      for (let at = 0; at + 8 <= key.length; at++)
        assert.ok(!redacted.includes(key.slice(at, at + 8)), redacted);
    for (const as of [
      (code: string) => `\\x${code}`,
      (code: string) => `%${code}`,
      (code: string) => `\\u00${code}`,
    ])
      assert.ok(!redacted.includes(escaped(OPENAI.slice(-6), as)), redacted);
    assert.equal(redactor.restore(redacted).text, text);
    assert.equal(redactor.redact(redacted), redacted);
  });

test('what stands beside a key is left as it is', () => {
  const redactor = createRedactor();
  for (const text of [
    `OPENAI_API_KEY=${OPENAI}\nNEXT_LINE=plain\n`,
    'const a = "one" + "two";\nconst b = "x\\u0041y";\nhttps://example.com/a%20b?c=%2Fd\n',
    'long-line-of-words-that-go-on-and-on\nnext\n',
  ])
    assert.equal(redactor.redact(text).replace(/\[secret:\d+\]/u, OPENAI), text);
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

test('text: what carriage returns overwrote is gone, for every text of a few letters and ends of lines', () => {
  const as = (text: string): string =>
    text
      .replace(/\r+\n/gu, '\n')
      .replace(/[^\n]*\r(?=[^\n])/gu, '')
      .replace(/\r/gu, '');
  let texts = [''];
  for (let length = 0; length < 7; length++) {
    texts = texts.flatMap((text) => ['a', '\r', '\n'].map((next) => text + next));
    for (const text of texts) assert.equal(plainText(text), as(text), JSON.stringify(text));
  }
});

for (const [what, line] of [
  ['one letter', 'x'.repeat(2_000_000)],
  ['carriage returns', '\r'.repeat(2_000_000)],
  ['both', 'x\r'.repeat(1_000_000)],
  ['sequences that never end', `\r${'\u0090'.repeat(1_000_000)}\u001bx`],
] as const)
  test(`text: a line as long as a program makes it is looked at once: ${what}`, () => {
    assert.equal(plainText(`${line}end`), line.includes('\r') ? 'end' : `${line}end`);
  });
