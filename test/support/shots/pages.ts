/** Pictures of the pages alone, without an editor around them: every state that a run can be in, many of which no short run comes to. */
import { join } from 'node:path';
import { openPanelPage, type PanelPage, type PanelPageOptions } from '../../browser/panel/harness.ts';
import { unfold } from '../../browser/panel/looks.ts';
import { ensureBrowser, launch } from '../browser.mjs';
import { buildPages } from '../pages.ts';
import { START } from '../panel-states/parts.ts';
import { STATES } from '../panel-states/states.ts';
import { journalOf, wholeOf } from '../panel-states/timelines.ts';

type Look = Pick<PanelPageOptions, 'theme' | 'width'> & { readonly name: string };

const LOOKS: readonly Look[] = [
  { name: 'light', theme: 'light-2026', width: 400 },
  { name: 'dark', theme: 'dark-2026', width: 400 },
  { name: 'high-contrast', theme: 'high-contrast', width: 400 },
  { name: 'high-contrast-light', theme: 'high-contrast-light', width: 400 },
  { name: 'narrow', theme: 'dark', width: 250 },
  { name: 'wide', theme: 'light', width: 900 },
];

/** Milliseconds after which code has its colours and the page has scrolled to its end. */
const SETTLED_MS = 350;

/** Pictures every state in every look, `state-<name>.<look>.png`, and once more with all that folds unfolded. */
export async function shootPages(folder: string): Promise<void> {
  const browser = await launch(await ensureBrowser(() => undefined));
  const pages = await buildPages();
  const lines = journalOf(6);
  for (const { name: look, theme, width } of LOOKS) {
    const options = { ...(theme && { theme }), height: 900, now: START + 128_000 };
    const keep = async ({ page }: PanelPage, name: string): Promise<void> => {
      await page.waitForTimeout(SETTLED_MS);
      await page.screenshot({ path: join(folder, `${name}.${look}.png`) });
    };
    for (const [name, updates] of Object.entries(STATES)) {
      const panel = await openPanelPage(browser, pages, { ...options, ...(width && { width }) });
      await panel.send(...updates);
      await keep(panel, `state-${name}`);
      await panel.page.setViewportSize({ width: width ?? 400, height: 2600 });
      await unfold(panel.page);
      await keep(panel, `unfolded-${name}`);
      await panel.close();
    }
    const view = await openPanelPage(browser, pages, {
      ...{ ...options, name: 'run-view' },
      width: look === 'narrow' ? 480 : 1200,
    });
    await view.send(wholeOf(lines, lines.length));
    await keep(view, 'state-run-view');
    await view.close();
  }
  await browser.close();
}
