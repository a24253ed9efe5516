import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockHtml, blocksOf, isCode } from '../../../../media/panel/markdown/to-html.ts';

const html = (text: string): string => blocksOf(text).map(blockHtml).join('').trim();

test('raw HTML shows as text', () => {
  assert.equal(html('a <b onclick="x">c</b>'), '<p>a &lt;b onclick=&quot;x&quot;&gt;c&lt;/b&gt;</p>');
  assert.equal(html('<script>x</script>'), '&lt;script&gt;x&lt;/script&gt;');
});

test('images are their description, never a request', () => {
  assert.equal(html('![a "cat"](https://x.example/p.gif)'), '<p><em>a &quot;cat&quot;</em></p>');
  assert.equal(html('![](https://x.example/p.gif)'), '<p><em>https://x.example/p.gif</em></p>');
});

const harmless: readonly string[] = [
  '![a][b]\n\n[b]: https://tracker.example/p.gif',
  '[![a](https://tracker.example/p.gif)](https://example.com)',
  '<img src="https://tracker.example/p.gif">',
  '<svg><image href="https://tracker.example/p.gif"/></svg>',
  '<div style="background:url(https://tracker.example/p.gif)">x</div>',
  '<link rel="stylesheet" href="https://tracker.example/x.css">',
  '<iframe src="https://tracker.example"></iframe>',
  '| <img src="https://tracker.example/p.gif"> |\n| - |\n| ![](https://tracker.example/p.gif) |',
  '- <video poster="https://tracker.example/p.gif">',
  '> <object data="https://tracker.example">',
  '# <input onfocus="x" autofocus>',
];
for (const text of harmless)
  test(`nothing is loaded or run by ${JSON.stringify(text)}`, () => {
    assert.doesNotMatch(html(text), /<(?!\/?(?:p|em|a|table|thead|tbody|tr|th|td|ul|li|blockquote|h1)\b)/u);
    assert.doesNotMatch(html(text), /<[^>]*\s(?:on\w+|style|src|poster|data)=/u);
  });

test('code that names a place links to it; other code does not', () => {
  assert.equal(html('`src/a.js:3`'), '<p><a href="src/a.js:3"><code>src/a.js:3</code></a></p>');
  assert.equal(html('`a < b`'), '<p><code>a &lt; b</code></p>');
});

test('task lists, tables and nested lists are kept', () => {
  assert.match(html('- [x] done\n- [ ] open'), /☑ .*☐ /s);
  assert.match(html('| a |\n| - |\n| 1 |'), /<table>.*<td>1<\/td>/s);
  assert.match(html('- a\n  - b'), /<li>a.*<li>b/s);
});

test('a growing text keeps its earlier pieces', () => {
  const whole = 'First.\n\n```js\nlet a = 1;\n```\n\nThen more';
  const before = blocksOf(whole);
  const after = blocksOf(`${whole} and more.`);
  assert.equal(after.length, before.length);
  assert.deepEqual(
    after.slice(0, -1).map(({ raw }) => raw),
    before.slice(0, -1).map(({ raw }) => raw),
  );
  assert.deepEqual(after.map(isCode), [false, true, false]);
});

test('an unclosed fence is code from its first line on', () => {
  const block = blocksOf('```js\nlet a = 1;\nlet b').at(-1);
  assert.ok(block && isCode(block));
  assert.equal(block.text, 'let a = 1;\nlet b');
});
