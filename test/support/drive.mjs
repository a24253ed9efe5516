// Drives a VS Code workbench in a browser as a person does: by keyboard, mouse and what is on the screen.
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const workbenchMs = 60_000;

/** Colour themes that every VS Code ships, by what `setTheme` calls them. */
export const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
};

/** The same by the names that the setting `workbench.colorTheme` takes. */
export const themeSettings = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

/** @typedef {import('playwright-core').Page} Page */

/**
 * Asks `probe` until it answers something truthy. Rejects with `what` after `timeoutMs`.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} probe
 * @param {number} [timeoutMs]
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, probe, timeoutMs = 20_000) {
  const ends = Date.now() + timeoutMs;
  let last;
  do {
    try {
      const answer = await probe();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  } while (Date.now() < ends);
  const cause = last === undefined ? '' : ` (${String(last.message).split('\n')[0]})`;
  throw new Error(`Waited ${Math.round(timeoutMs / 1000)} s in vain: ${what}${cause}`);
}

/**
 * Opens a workbench and waits until it can be used.
 * @param {import('playwright-core').Browser} browser
 * @param {object} options
 * @param {string} options.url of a server (`server.url()`)
 * @param {{width: number, height: number}} [options.size] of the window in CSS pixels
 * @param {number} [options.scale] device pixels per CSS pixel; 2 for sharp pictures
 * @param {Record<string, (...args: any[]) => unknown>} [options.expose] functions the page may call
 * @returns {Promise<{page: Page, said: string[], close: () => Promise<void>}>} `said` is the page's console
 */
export async function openWorkbench(
  browser,
  { url, size = { width: 1440, height: 900 }, scale = 1, expose = {} },
) {
  const context = await browser.newContext({ viewport: size, deviceScaleFactor: scale });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']).catch(() => {});
  const page = await context.newPage();
  /** @type {string[]} */
  const said = [];
  for (const [name, call] of Object.entries(expose)) await page.exposeFunction(name, call);
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`pageerror: ${error.message}`));
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: workbenchMs });
  await workbenchReady(page);
  return { page, said, close: () => context.close() };
}

/**
 * Waits until the workbench is drawn; also after a reload of the window.
 * @param {Page} page
 */
export async function workbenchReady(page) {
  await page.waitForSelector('.monaco-workbench .part.statusbar', { timeout: workbenchMs });
  await page.waitForSelector('.monaco-workbench .part.activitybar .action-item', { timeout: workbenchMs });
}

/**
 * Reloads the window the way a person does, so that it saves its state first.
 * @param {Page} page
 */
export async function reloadWindow(page) {
  const loaded = page.waitForEvent('domcontentloaded', { timeout: workbenchMs });
  await command(page, 'Developer: Reload Window');
  await loaded;
  await workbenchReady(page);
}

/**
 * Reloads the window in another language, as a language pack would have it: the server and so the extension host are told by the page.
 * @param {import('playwright-core').Page} page
 * @param {string} language
 */
export async function speak(page, language) {
  await page.addInitScript((value) => {
    Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { value, writable: false });
  }, language);
  await page.reload();
  await workbenchReady(page);
}

/**
 * Drags the edge of the side bar until it is `width` CSS pixels wide.
 * @param {Page} page
 * @param {number} width
 */
export async function setSideBarWidth(page, width) {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('There is no side bar to make wider.');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + width, y, { steps: 8 });
  await page.mouse.up();
}

const quickInput = '.quick-input-widget:not([style*="display: none"])';

async function typeIntoQuickInput(page, text) {
  const box = page.locator(`${quickInput} .quick-input-box input`);
  await box.waitFor({ timeout: 10_000 });
  // The box may go while it is looked for: whoever asks in a loop must get to ask again.
  await box.fill(text, { timeout: 3_000 });
}

/**
 * Chooses the entry of the open quick pick whose label holds `label`.
 * @param {Page} page
 * @param {string} label
 * @param {{type?: string}} [options] what to type to find it; default: the label
 */
export async function pick(page, label, { type = label } = {}) {
  await typeIntoQuickInput(page, type);
  const row = page.locator(`${quickInput} .monaco-list-row`).filter({ hasText: label }).first();
  await row.waitFor({ timeout: 10_000 });
  await row.click();
  // A list that was filled anew under the pointer loses the click: it is still there then.
  const gone = await row.waitFor({ state: 'hidden', timeout: 2_000 }).then(
    () => true,
    () => false,
  );
  if (!gone) await row.click({ timeout: 2_000 }).catch(() => undefined);
}

/**
 * Answers the open input box.
 * @param {Page} page
 * @param {string} text
 */
export async function answer(page, text) {
  await typeIntoQuickInput(page, text);
  await page.keyboard.press('Enter');
}

/**
 * Runs a command from the palette by its title, e.g. `Quartet: Run Demo`.
 * @param {Page} page
 * @param {string} title
 */
export async function command(page, title) {
  await until(
    `the command palette offers "${title}"`,
    async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await typeIntoQuickInput(page, `>${title}`);
      const row = page.locator(`${quickInput} .monaco-list-row`).filter({ hasText: title }).first();
      await row.waitFor({ timeout: 3000 });
      await row.click({ timeout: 3000 });
      return true;
    },
    30_000,
  );
}

/**
 * Whether the palette offers a command now.
 * @param {Page} page
 * @param {string} title
 */
export async function offers(page, title) {
  await page.keyboard.press('Escape');
  await page.keyboard.press('F1');
  await typeIntoQuickInput(page, `>${title}`);
  await page.locator(`${quickInput} .monaco-list-row`).first().waitFor({ timeout: 10_000 });
  await page.waitForTimeout(500);
  const labels = await page.locator(`${quickInput} .monaco-list-row .label-name`).allInnerTexts();
  await page.keyboard.press('Escape');
  return labels.some((label) => label.trim() === title);
}

/**
 * Brings a container of the activity bar to the front by its title.
 * @param {Page} page
 * @param {string} title
 */
export async function openContainer(page, title) {
  const tab = page
    .locator(
      `.part.activitybar [role="tab"][aria-label*="${title}"], .part.activitybar [aria-label*="${title}"]`,
    )
    .first();
  await tab.waitFor({ timeout: 30_000 });
  const shown = page.locator('.part.sidebar .composite.title').getByText(title, { exact: false }).first();
  // A press on a container that is shown hides it, and a window that is being restored shows it late.
  await until(`the container "${title}" is shown`, async () => {
    const isShown = () =>
      shown.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    if (await isShown()) return true;
    // A badge may cover the icon: whoever presses that presses the tab.
    await tab.click({ timeout: 2000, force: true });
    return isShown();
  });
}

/**
 * The document of the webview that holds `selector`; it is two frames deep and is replaced when the view is hidden.
 * @param {Page} page
 * @param {string} selector
 * @param {number} [timeoutMs]
 */
export async function webview(page, selector, timeoutMs = 30_000) {
  return until(
    `a webview that shows ${selector}`,
    async () => {
      for (const frame of page.frames()) {
        if (frame === page.mainFrame() || frame.isDetached()) continue;
        if ((await frame.locator(selector).count()) > 0) return frame;
      }
      return undefined;
    },
    timeoutMs,
  );
}

/**
 * A part of the panel by its `data-testid`. Playwright waits for it whenever it is used.
 * @param {Page} page
 * @param {string} id
 * @param {number} [timeoutMs]
 */
export async function part(page, id, timeoutMs) {
  const selector = `[data-testid="${id}"]`;
  const frame = await webview(page, selector, timeoutMs);
  return frame.locator(selector);
}

/**
 * Changes the colour theme the way a person does.
 * @param {Page} page
 * @param {string} name a key of `themes` or a theme's own label
 */
export async function setTheme(page, name) {
  const label = themes[name] ?? name;
  await command(page, 'Preferences: Color Theme');
  await pick(page, label);
  await page.locator(quickInput).waitFor({ state: 'hidden', timeout: 10_000 });
}

/**
 * The texts of the notifications that wait, read in the notification centre: under test VS Code shows no toasts.
 * @param {Page} page
 * @returns {Promise<string[]>}
 */
export async function notifications(page) {
  await command(page, 'Notifications: Show Notifications');
  const centre = page.locator('.notifications-center.visible');
  await centre.waitFor({ timeout: 5000 });
  const texts = await centre.locator('.notification-list-item-message').allInnerTexts();
  await page.keyboard.press('Escape');
  return texts;
}

/**
 * Saves what a person sees.
 * @param {Page} page
 * @param {string} path
 */
export async function screenshot(page, path) {
  await mkdir(dirname(path), { recursive: true });
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
}
