/** The pages in other languages: nothing stays English that is not data, and longer words find room. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { pseudo, readTable, tablePath } from '../../support/l10n/tables.mjs';
import { collectStrings } from '../../support/l10n/strings.mjs';
import { STATES } from '../../support/panel-states/states.ts';
import { journalOf, wholeOf } from '../../support/panel-states/timelines.ts';
import { soon } from '../../support/soon.ts';
import { overflowing, unfold } from './looks.ts';
import { id, shown, usePanelPages } from './run-page.ts';
import { writtenIn } from './written.ts';

const { open } = usePanelPages();
const root = join(import.meta.dirname, '..', '..', '..');
const pictures = join(root, '.vscode-test', 'panel');

/** Text and spoken attributes of a page, each once. */
const words = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const SPOKEN = ['title', 'placeholder', 'alt', 'aria-label', 'aria-valuetext', 'aria-description'];
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node instanceof Text && node.parentElement?.tagName !== 'SCRIPT') found.add(node.data);
      if (node instanceof Element) for (const name of SPOKEN) found.add(node.getAttribute(name) ?? '');
    }
    return [...found];
  });

/** What a page makes of data: amounts, times ago, and what stands for hidden signs. */
const MADE =
  /^(?:[<~]?\$?[\d.,]+ ?(?:[kM]?B?|%)|[\w.]+ (?:\w+\.? )?ago|yesterday|(?:[\d/]+, )?\d{1,2}:\d{2}(?::\d{2})?\s[AP]M|[A-Z]|U\+[0-9A-F]{4}|Ctrl)$/;

const bare = (piece: string): string => piece.replace(/^[^\p{L}\d]+|[^\p{L}\d]+$/gu, '');
/** Of a list only the first is shown, with how many more there are. */
const known = (piece: string, data: string): boolean =>
  !/[A-Za-z]/.test(piece) || MADE.test(piece) || data.includes(piece.replace(/ \+\d+$/u, ''));

/**
 * Texts that are neither marked nor in `data`. Beside words that are marked, values may stand together that `data` has apart (a path
 * and its line); a text without a mark has to be there as it is.
 */
function unmarked(texts: readonly string[], data: string): readonly string[] {
  return texts.filter((text) => {
    // The name of the product is the same in every language.
    const pieces = text
      .replaceAll('Quartet', '⟦⟧')
      .split(/[\uff21-\uff3a\uff41-\uff5a⟦⟧⟨⟩]+/)
      .map(bare);
    const left = pieces.filter((piece) => !known(piece, data));
    const values = left.flatMap((piece) => piece.split(/[\s,:()]+/).map(bare));
    return left.length > 0 && (pieces.length === 1 || values.some((value) => !known(value, data)));
  });
}

const marked = Object.fromEntries(collectStrings(root).strings.map((text) => [text, pseudo(text)]));

test('pseudo-locale: the panel shows no word that is neither translated nor data, in any state', async () => {
  const panel = await open({ texts: marked, height: 900 });
  const left: string[] = [];
  // An error stays until it is dismissed, so what was sent before counts too.
  let data = '';
  for (const [name, updates] of Object.entries(STATES)) {
    await panel.send(shown(null), ...updates);
    await unfold(panel.page);
    data += writtenIn(updates);
    left.push(...unmarked(await words(panel.page), data).map((text) => `${name}: ${text}`));
  }
  assert.deepEqual(left, []);
  await panel.close();
});

test('pseudo-locale: so does the run view', async () => {
  const lines = journalOf(6);
  const updates = [wholeOf(lines, lines.length)];
  const panel = await open({ texts: marked, name: 'run-view', width: 1200 }, ...updates);
  await panel.page.locator('[data-kind="model"].bar').first().click();
  await soon.deepEqual(async () => unmarked(await words(panel.page), writtenIn(updates)), []);
  await panel.close();
});

/** A few words of each language, so that a table of another one is noticed. */
const SAMPLES = {
  de: 'Braucht dich',
  es: 'Te necesita',
  fr: 'A besoin de toi',
  ja: '対応が必要',
  'pt-br': 'Precisa de você',
  'zh-cn': '需要你',
} as const;

for (const [language, need] of Object.entries(SAMPLES))
  test(`${language}: the page speaks it, and nothing sticks out at 250 pixels`, async () => {
    mkdirSync(pictures, { recursive: true });
    const texts = readTable(tablePath(root, 'bundle', language));
    const panel = await open({ texts, language, width: 250, height: 900 });
    const problems: string[] = [];
    for (const [name, updates] of Object.entries(STATES)) {
      await panel.send(shown(null), ...updates);
      await panel.page.waitForTimeout(60);
      await panel.page.screenshot({ path: join(pictures, `${name}-${language}.png`) });
      problems.push(...(await overflowing(panel.page)).map((part) => `${name}: ${part}`));
    }
    await panel.send(shown(null), ...(STATES['asked'] ?? []));
    await soon.match(() => panel.page.locator(id('needs-you')).innerText(), new RegExp(need, 'i'));
    assert.deepEqual([...problems, ...panel.complaints], []);
    await panel.close();
  });

test('a time that has passed is told in the language of the page', async () => {
  const panel = await open({ language: 'de' }, ...(STATES['start'] ?? []));
  const times = await panel.page.locator('.recent-time').allInnerTexts();
  assert.ok(
    times.some((time) => /^(?:vor|gestern)/.test(time)),
    times.join(', '),
  );
  await panel.close();
});
