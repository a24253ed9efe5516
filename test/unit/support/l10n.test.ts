import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { putIn, takeOut } from '../../support/l10n/manifest.mjs';
import { collectStrings, stringsIn } from '../../support/l10n/strings.mjs';
import {
  compareTables,
  COMPLETE,
  LANGUAGES,
  pseudo,
  readTable,
  tablePath,
} from '../../support/l10n/tables.mjs';

const root = join(import.meta.dirname, '..', '..', '..');

test('sources: strings are found through every way to call t, and what does not go through it is told', () => {
  const text = [
    "vscode.l10n.t('one {0}', 1);",
    'l10n.t(`two`);',
    "const words = <p title={t('three')}>{t('four')} · {count}</p>;",
    't(words);',
    '<p aria-label="five">six</p>;',
    '<p class="seven">·</p>;',
  ].join('\n');
  const { strings, faults } = stringsIn('a.tsx', text);
  assert.deepEqual(strings, ['one {0}', 'two', 'three', 'four']);
  assert.deepEqual(
    faults.map((fault) => fault.replace(/: (the|does).*: /, ' ')),
    ['a.tsx:4 t(words)', 'a.tsx:5 aria-label="five"', 'a.tsx:5 six'],
  );
});

test('sources: every word of the editor and its pages goes through t', () => {
  const { strings, faults } = collectStrings(root);
  assert.deepEqual(faults, []);
  assert.ok(strings.includes('Needs you') && strings.includes('Raise the Limit'));
});

test('editor: words that VS Code shows, and sentences anywhere, go through t, the log, or a pattern of what is told', () => {
  const text = [
    "vscode.window.showWarningMessage(`Quartet: ${t('one')}`, { modal: true }, 'Stop');",
    "const item = { label: 'Runs', description: isOld ? t('two') : 'new', command: 'a.run' };",
    "box.placeholder = ok ? '' : 'Which one?';",
    "new vscode.TreeItem('Empty'); new vscode.Diagnostic(range, 'Broken');",
    "const why = 'nothing listens there'; const kind = 'quartet.run';",
    "log.info('a line of the log'); throw new Error('a bug in our house');",
    "throw new PortError('a.b', `${name} is not there.`, { advice: 'Look for it. Start it.' });",
    "const place = { label: 'Ollama', description: '.quartet/agents', title: `$(gear) ${t('three')}` };",
  ].join('\n');
  const told = new Set(['{} is not there.', 'Look for it. Start it.']);
  const { strings, faults } = stringsIn('src/editor/a.ts', text, (each) => told.has(each));
  assert.deepEqual(strings, ['one', 'two', 'three']);
  assert.deepEqual(
    faults.map((fault) => fault.replace('src/editor/a.ts:', '').replace(': does not go through l10n.t:', '')),
    [
      "1 'Stop'",
      "2 'Runs'",
      "2 'new'",
      "3 'Which one?'",
      "4 'Empty'",
      "4 'Broken'",
      "5 'nothing listens there'",
    ],
  );
});

test('editor: what it is asked for is told from words that are learnt, and those are said once they are', () => {
  const learnt = "import { t } from '../told.ts';\nconst one = () => [t('one'), vscode.l10n.t('two')];";
  const read = (text: string) => stringsIn('src/editor/a.ts', text);
  assert.deepEqual([read(learnt).own, read(learnt).faults], [['two'], []]);
  const editors = '\nconst { t } = vscode.l10n;';
  assert.deepEqual(read(`${editors}\nt('three');`).own, ['three']);
  const faultsIn = (text: string) => read(text).faults.map((fault) => fault.slice(16));
  assert.deepEqual(faultsIn(`${learnt}\nconst three = t('three');`), [
    "3: is said before it is learnt: t('three')",
  ]);
  assert.match(faultsIn(learnt + editors).join(), /^1: calls both/);
});

test('manifest: plain words become keys once; words, keys and commands that are there stay', () => {
  const manifest = {
    description: 'A team',
    contributes: {
      commands: [
        { command: 'a.run', title: 'Run', category: 'Quartet' },
        { command: 'a.run', title: 'Run it' },
        { command: 'a.old', title: '%a.old.title%' },
      ],
      configuration: [
        {
          title: 'Limits',
          properties: { 'a.mode': { enum: ['x'], enumDescriptions: ['The x'], description: 'How' } },
        },
      ],
      languageModelTools: [{ name: 'a_tool', displayName: 'Tool', modelDescription: 'for models' }],
    },
  };
  const plain = structuredClone(manifest);
  const words = takeOut(manifest, { 'a.old.title': 'Old', 'a.gone': 'Gone' });
  assert.deepEqual(words, {
    'extension.description': 'A team',
    'a.run.title': 'Run',
    'a.run.title.2': 'Run it',
    'a.old.title': 'Old',
    'configuration.0.title': 'Limits',
    'a.mode.description': 'How',
    'a.mode.enumDescriptions.0': 'The x',
    'tool.a_tool.displayName': 'Tool',
  });
  assert.equal(manifest.contributes.commands[1]?.title, '%a.run.title.2%');
  const once = structuredClone(manifest);
  assert.deepEqual(takeOut(manifest, words), words);
  assert.deepEqual(manifest, once);
  const [, , old] = plain.contributes.commands;
  if (old) old.title = 'Old';
  assert.deepEqual(putIn(manifest, words), plain);
});

test('manifest: a key without words is an error that names it', () => {
  const manifest = { description: '%nothing%', contributes: {} };
  assert.throws(() => takeOut(manifest, {}), /%nothing%/);
});

test('tables: what is missing, stale, or differs in placeholders, code and commands is told', () => {
  const english = { a: 'a {0} of {1}', b: 'b `x`', c: 'c', d: '[d](command:a.run)', e: '{0} {1}' };
  const translated = { a: '{1}: {0}', b: 'b `y`', d: '[d](command:a.stop)', e: '{0}', old: 'o' };
  assert.deepEqual(compareTables(english, translated), {
    missing: ['c'],
    stale: ['old'],
    wrong: ['b', 'd', 'e'],
  });
});

test('pseudo-locale: letters are marked, placeholders stay', () => {
  assert.equal(pseudo('Ab {0}!'), '⟦Ａｂ {0}!⟧');
});

const TABLES = ['bundle', 'manifest'] as const;

for (const language of LANGUAGES)
  test(`${language}: placeholders are those of the English; with everything translated where that is asked for`, () => {
    for (const table of TABLES) {
      const english = readTable(tablePath(root, table));
      const { missing, stale, wrong } = compareTables(english, readTable(tablePath(root, table, language)));
      assert.deepEqual(wrong, []);
      if (COMPLETE) assert.deepEqual({ missing, stale }, { missing: [], stale: [] });
    }
  });

test('the English tables hold what the sources say', { skip: !COMPLETE }, () => {
  assert.deepEqual(
    Object.keys(readTable(tablePath(root, 'bundle'))).sort(),
    [...collectStrings(root).strings].sort(),
  );
});

/** How a language speaks to a stranger; these speak to a colleague. */
const FORMAL: Readonly<Record<string, RegExp>> = {
  de: /\p{Ll}n Sie\b|\bSie (?:haben|können|müssen)\b|\bIhnen\b/u,
  fr: /\b(?:vous|votre|vos)\b|(?:^|[.:!?] )\p{Lu}\p{Ll}+ez\b/iu,
  es: /\b(?:usted|ustedes)\b/iu,
  'zh-cn': /您/u,
};

for (const [language, formal] of Object.entries(FORMAL))
  test(`${language}: nobody is spoken to in two ways`, () => {
    const said = TABLES.flatMap((table) => Object.values(readTable(tablePath(root, table, language))));
    assert.deepEqual(
      said.filter((text) => formal.test(text)),
      [],
    );
  });
