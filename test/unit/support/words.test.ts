import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as esbuild from 'esbuild';
import { doors } from '../../../esbuild.js';
import { unpackWords } from '../../../src/editor/told-words.ts';
import { TOLD } from '../../../src/protocol/told-patterns.ts';
import { TOLD_WHYS } from '../../../src/protocol/told-whys.ts';
import { editorStrings } from '../../support/l10n/strings.mjs';
import { LANGUAGES, readTable, tablePath } from '../../support/l10n/tables.mjs';
import { packWords } from '../../support/l10n/words.mjs';

const root = process.cwd();

test('packed words: nothing is lost, what the editor looks up stays in its tables, and nothing stands in both', () => {
  const tables = new Map(
    LANGUAGES.map((language) => [language, readTable(tablePath(root, 'bundle', language))]),
  );
  const own = editorStrings(root);
  const { kept, packed } = packWords({ tables, recorded: [...TOLD, ...TOLD_WHYS], own });
  for (const [language, table] of tables) {
    const [stays, goes] = [kept.get(language) ?? {}, unpackWords(packed, language)];
    assert.deepEqual({ ...stays, ...goes }, table, language);
    for (const english of own) assert.ok(!(english in table) || english in stays, english);
    assert.ok(Object.keys(goes).length > Object.keys(stays).length);
  }
  assert.deepEqual(unpackWords(packed, 'tlh'), {});
});

test('packed words: a language may lack some', () => {
  const tables = new Map([
    ['de', { Run: 'Lauf', 'Stopped.': 'Gestoppt.', Open: 'Öffnen' }],
    ['fr', { Run: 'Exécution' }],
  ]);
  const { kept, packed } = packWords({ tables, recorded: ['Stopped.'], own: new Set(['Open']) });
  assert.deepEqual(kept.get('de'), { Open: 'Öffnen' });
  assert.deepEqual(unpackWords(packed, 'de', ['Stopped.']), { Run: 'Lauf', 'Stopped.': 'Gestoppt.' });
  assert.deepEqual(unpackWords(packed, 'fr', ['Stopped.']), { Run: 'Exécution' });
});

/** Sources that the door loads at once although they say learnt words: what they show is known of runs, or was asked for. */
const LATER = [
  ...['changes-tree.ts', 'doctor.ts', 'notify.ts', 'role-name.ts', 'run-label.ts'],
  ...['comments.ts', 'files.ts', 'hunk-threads.ts', 'new-problems.ts', 'review.ts', 'shown-hunks.ts'].map(
    (name) => `review/${name}`,
  ),
  ...['gates.ts', 'messages.ts', 'problems.ts', 'progress.ts'].map((name) => `tests/${name}`),
];

test('what an editor shows before words are learnt is looked up by itself', async () => {
  const { metafile } = await esbuild.build({
    ...(doors as esbuild.BuildOptions),
    entryPoints: ['src/extension.ts'],
    packages: 'external',
    plugins: [],
    ...{ write: false, metafile: true },
  });
  const reached = new Set(['src/extension.ts']);
  for (const path of reached)
    for (const { path: next, kind } of metafile.inputs[path]?.imports ?? [])
      if (kind !== 'dynamic-import' && next.startsWith('src/')) reached.add(next);
  const learnt = [...reached].filter((path) =>
    /^import \{ t\b.*told\.ts';$/mu.test(readFileSync(path, 'utf8')),
  );
  assert.ok(reached.size > 20);
  assert.deepEqual(learnt.sort(), LATER.map((name) => `src/editor/${name}`).sort());
});
