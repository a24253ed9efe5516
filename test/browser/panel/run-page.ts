/** One browser and one bundle for a file of panel tests. */
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { difference } from '../../../src/protocol/difference.ts';
import type { PanelRequest, PanelUpdate } from '../../../src/protocol/panel.ts';
import type { RunViewUpdate } from '../../../src/protocol/run-view.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { ensureBrowser, launch } from '../../support/browser.mjs';
import { ready } from '../../support/panel-states/contexts.ts';
import { START } from '../../support/panel-states/parts.ts';
import { buildPages, type Pages } from '../../support/pages.ts';
import { soon } from '../../support/soon.ts';
import { openPanelPage, type PanelPage, type PanelPageOptions } from './harness.ts';

export interface Opener {
  readonly pages: () => Pages;
  /** A page that has got `updates`; closed when the file's tests are over. */
  open(options?: PanelPageOptions, ...updates: readonly (PanelUpdate | RunViewUpdate)[]): Promise<PanelPage>;
  /** A page that shows a run. */
  openRun(view: RunView, options?: PanelPageOptions): Promise<PanelPage>;
}

/** When sample pages are looked at: a moment after the latest thing that happens in them. */
const NOW = START + 128_000;

/** Call once at the top of a test file. */
export function usePanelPages(): Opener {
  let browser: Browser;
  let pages: Pages;
  before(async () => {
    browser = await launch(await ensureBrowser(() => undefined));
    pages = await buildPages();
  });
  after(() => browser.close());
  const open: Opener['open'] = async (options = {}, ...updates) => {
    const page = await openPanelPage(browser, pages, { now: NOW, ...options });
    await page.send(...updates);
    return page;
  };
  return {
    pages: () => pages,
    open,
    openRun: (view, options) => open(options, { type: 'context', context: ready }, shown(view)),
  };
}

/** The message that shows a run. */
export const shown = (view: RunView | null, owned = true): PanelUpdate => ({
  ...{ type: 'snapshot', at: view?.lastSeq ?? 0 },
  ...{ view, owned },
});

/** The message that brings a held run from `before` to `view`. */
export function delta(before: RunView, view: RunView): PanelUpdate {
  const by = difference({ ...before, feed: [] }, { ...view, feed: [] });
  return {
    ...{ type: 'delta', run: view.id, from: before.lastSeq, at: view.lastSeq },
    ...(by && { by }),
    feed: view.feed.flatMap((item, place) => (before.feed[place] === item ? [] : [[place, item] as const])),
  };
}

/** Presses parts one after the other and gives back what was posted meanwhile. */
export async function press(panel: PanelPage, ...names: readonly string[]): Promise<readonly PanelRequest[]> {
  await panel.forget();
  for (const name of names) await panel.page.locator(id(name)).first().click();
  return panel.posted();
}

/** The latest message of a type that is posted, which may be a moment from now. */
export async function awaited<T extends PanelRequest['type']>(
  panel: PanelPage,
  type: T,
  isIt: (request: Extract<PanelRequest, { type: T }>) => boolean = () => true,
): Promise<Extract<PanelRequest, { type: T }>> {
  const found = async () =>
    (await panel.posted()).findLast(
      (request): request is Extract<PanelRequest, { type: T }> =>
        request.type === type && isIt(request as Extract<PanelRequest, { type: T }>),
    );
  await soon.ok(found, `${type} is posted`);
  return (await found()) as Extract<PanelRequest, { type: T }>;
}

/** What a screen reader was told last. */
export const announced = ({ page }: PanelPage): Promise<string> =>
  page.locator('#root > [role="status"]').innerText();

/** The selector of a part by its `data-testid`. */
export const id = (name: string): string => `[data-testid="${name}"]`;
