/** References are read as the parser reads them, which the build leaves without its table of every name that there is. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { Parser } from 'htmlparser2';
import { readableText } from '../../../../src/core/tools/readable.ts';
import { withoutReferences } from '../../../../src/core/tools/references.ts';

function parsed(html: string): string {
  let text = '';
  const parser = new Parser({ ontext: (piece) => (text += piece) });
  parser.end(html);
  return text;
}

const AS_PARSED = [
  'Caf&eacute; &mdash; &laquo;a&raquo; &lt;menu&gt; &amp;amp;',
  '&nbsp;&yuml;&Agrave;&times;&divide;&shy;',
  '&Omega;&sigmaf;&theta;&thetasym;&piv; &sum;&infin;&ne;&le;&hearts;&check;&zwj;',
  '&#233;&#xE9;&#Xe9; &#128512; &#x80;&#150;&#0;&#xD800;&#x110000;&#99999999999;',
  'AT&T &copy 2020, &nbsp&lt &unknown; &; &# &#x; &eacute',
  '&colon;&semi;&lpar;&rpar;&Tab;&excl;&lcub;&quot;&apos;&bsol;',
];
for (const html of AS_PARSED)
  test(`${html} is read as by the parser`, () => {
    assert.equal(withoutReferences(html), parsed(html));
  });

test('what an address asks for is no reference, but for what ends like one', () => {
  const html = '<p><a href="/?a=1&copy=2&amp;b=3">more</a></p>';
  assert.match(readableText(html, 'https://a.example/'), /https:\/\/a\.example\/\?a=1&copy=2&b=3/);
});

test('a page hides nothing with references in its styles', () => {
  const html = '<p>seen</p><p style="display&colon; no&#110;e">hidden</p>';
  assert.equal(readableText(html, 'https://a.example/'), 'seen');
});

test('names that hardly any page writes stay as they are', () => {
  assert.equal(withoutReferences('a &nsubseteqq; b'), 'a &nsubseteqq; b');
});
