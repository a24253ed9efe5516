/** What is packed otherwise than it stands in the checkout says the same to an editor and its user. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { leanFiles } from '../../support/lean-files.mjs';

const packed = leanFiles(
  new Map([
    [
      'package.json',
      JSON.stringify({
        name: 'sample',
        scripts: { test: 'node test' },
        devDependencies: { esbuild: '1' },
        contributes: { title: '%sample.long.title%', more: ['%sample.other%', '%sample.long.title%'] },
      }),
    ],
    ['package.nls.json', '{\n  "sample.other": "Other",\n  "sample.long.title": "Title"\n}\n'],
    ['package.nls.de.json', '{ "sample.long.title": "Titel", "sample.other": "Anderes" }'],
    ['media/l10n/bundle.l10n.de.json', '{\n  "Run {0}": "{0} ausführen"\n}\n'],
    [
      'CHANGELOG.md',
      '# Changelog\n\n## 0.2.0\n\n- Runs go on. They did not.\n- Reads `.env` files (e.g. of yours); says\n  so.\n- One\n  thing.\n\n## 0.1.0\n\n- First.\n',
    ],
    ['README.md', '# Sample\n'],
  ]),
);
const json = (path: string): Record<string, unknown> =>
  JSON.parse(packed.get(path) ?? 'null') as Record<string, unknown>;

test('the manifest names the same words, in every language, and holds nothing for developers', () => {
  const manifest = json('package.json');
  assert.deepEqual(manifest, { name: 'sample', contributes: { title: '%0%', more: ['%1%', '%0%'] } });
  assert.deepEqual(json('package.nls.json'), { 0: 'Title', 1: 'Other' });
  assert.deepEqual(json('package.nls.de.json'), { 0: 'Titel', 1: 'Anderes' });
});

test('tables of texts hold the same without spaces between', () => {
  assert.equal(packed.get('media/l10n/bundle.l10n.de.json'), '{"Run {0}":"{0} ausführen"}');
});

test('of each change stands what is said first, under its version', () => {
  assert.equal(
    packed.get('CHANGELOG.md'),
    '# Changelog\n\n## 0.2.0\n\n- Runs go on.\n- Reads `.env` files (e.g. of yours).\n- One thing.\n\n## 0.1.0\n\n- First.\n',
  );
});

test('other files are packed as they are', () => {
  assert.equal(packed.has('README.md'), false);
});
