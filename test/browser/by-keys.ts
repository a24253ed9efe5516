/** The panel in the real editor by keyboard alone. */
import assert from 'node:assert/strict';
import type { Frame, Page } from 'playwright-core';
import { until } from '../support/drive.mjs';

export interface ByKeys {
  /** Presses keys one after the other. */
  keys(...pressed: readonly string[]): Promise<void>;
  /** Where the focus is in the panel: the `data-testid` of the part, `page` for none of its parts; nothing where it is elsewhere. */
  focused(): Promise<string | undefined>;
  /** Presses Tab, or another key, until the part has the focus. */
  tabTo(name: string, key?: string): Promise<void>;
  /** Runs a command from the palette. */
  run(title: string): Promise<void>;
  /** Brings the focus into the panel. */
  toPanel(): Promise<void>;
}

/** Most presses that lead from one part of the panel to another. */
const PRESSES_MAX = 60;

const focusedIn = (frame: Frame): Promise<string | undefined> =>
  frame
    .evaluate(() => {
      const root = document.getElementById('root');
      const part = document.activeElement;
      if (root === null || !document.hasFocus()) return undefined;
      if (part === null || part === document.body) return 'page';
      return part.closest('[data-testid]')?.getAttribute('data-testid') ?? 'page';
    })
    .catch(() => undefined);

/** `page` is that of the editor, which opens later. */
export function byKeys(page: () => Page): ByKeys {
  const keys: ByKeys['keys'] = async (...pressed) => {
    for (const key of pressed) await page().keyboard.press(key);
  };
  const focused: ByKeys['focused'] = async () => {
    for (const frame of page().frames()) {
      if (frame === page().mainFrame() || frame.isDetached()) continue;
      const found = await focusedIn(frame);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    keys,
    focused,
    async tabTo(name, key = 'Tab') {
      const met: string[] = [];
      for (let presses = 0; presses < PRESSES_MAX; presses++) {
        const now = await focused();
        if (now === name) return;
        met.push(String(now));
        await keys(key);
        await page().waitForTimeout(30);
      }
      assert.fail(`${name} is not reached by ${key}: ${met.join(', ')}`);
    },
    async run(title) {
      const row = page().locator('.quick-input-widget .monaco-list-row.focused', { hasText: title });
      await until(`the palette offers "${title}"`, async () => {
        await keys('Escape', 'F1');
        await page().keyboard.type(title);
        await row.first().waitFor({ timeout: 3000 });
        return true;
      });
      await keys('Enter');
    },
    /** A window that has just opened does not know our keys yet. */
    async toPanel() {
      await until(
        'the panel has the focus',
        async () => {
          if ((await focused()) !== undefined) return true;
          await keys('Control+k', 'q');
          await page().waitForTimeout(1500);
          return false;
        },
        60_000,
      );
    },
  };
}
