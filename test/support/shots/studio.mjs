// An editor that is pictured: in each theme, narrow and wide.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setSideBarWidth, themeSettings, until, webview } from '../drive.mjs';
import { openEditor } from '../editor.mjs';
import { root } from '../setup.mjs';

/** Where pictures lie. */
export const folder = join(root, '.vscode-test', 'shots');

/** Widths of the side bar in CSS pixels. */
const WIDTH = { usual: 400, narrow: 250, wide: 900 };

/** Each state is pictured like this; the order moves the side bar least, and what is lost in two columns is lost last. */
const LOOKS = [
  { name: 'light', theme: 'light', width: WIDTH.usual },
  { name: 'dark', theme: 'dark', width: WIDTH.usual },
  { name: 'high-contrast', theme: 'high-contrast', width: WIDTH.usual },
  { name: 'high-contrast-light', theme: 'high-contrast-light', width: WIDTH.usual },
  { name: 'narrow', theme: 'dark', width: WIDTH.narrow },
  { name: 'wide', theme: 'light', width: WIDTH.wide },
];

/** What the workbench calls itself in a theme. */
const WORKBENCH_CLASS = {
  light: 'vs',
  dark: 'vs-dark',
  'high-contrast': 'hc-black',
  'high-contrast-light': 'hc-light',
};

/**
 * @typedef {object} Studio
 * @property {Awaited<ReturnType<typeof openEditor>>} editor
 * @property {import('playwright-core').Page} page
 * @property {boolean} muted true: nothing is pictured
 * @property {(name: string, how?: {whole?: boolean, settle?: () => Promise<unknown>}) => Promise<void>} shoot
 *   pictures the side bar in every look, or with `whole` the window in the four themes; `settle` runs before each picture
 * @property {(look: {theme: string, width: number}) => Promise<void>} dress a theme, and a width of the side bar
 * @property {(more: Record<string, unknown>) => Promise<void>} set changes the person's settings
 */

/**
 * @param {import('../editor.mjs').OpenEditor} options
 * @returns {Promise<Studio>}
 */
export async function openStudio({ settings = {}, ...options }) {
  let all = { ...settings };
  const editor = await openEditor({ size: { width: 1440, height: 960 }, ...options, settings: all });
  const { page, server } = editor;
  const before = await import('node:fs').then(({ readFileSync }) =>
    JSON.parse(readFileSync(join(server.data, 'Machine', 'settings.json'), 'utf8')),
  );
  all = { ...before, ...all };
  let width = 0;

  const set = async (more) => {
    all = { ...all, ...more };
    const text = JSON.stringify(all, undefined, 2);
    for (const scope of ['User', 'Machine']) await writeFile(join(server.data, scope, 'settings.json'), text);
  };
  const dress = async ({ theme, width: wanted }) => {
    await set({ 'workbench.colorTheme': themeSettings[theme] });
    await page.locator(`.monaco-workbench.${WORKBENCH_CLASS[theme]}`).waitFor({ timeout: 15_000 });
    if (wanted !== width) await setSideBarWidth(page, wanted);
    width = wanted;
    await page.mouse.move(1, 1);
    await page.waitForTimeout(350);
  };
  await mkdir(folder, { recursive: true });
  return {
    editor,
    page,
    muted: false,
    set,
    dress,
    async shoot(name, { whole = false, settle } = {}) {
      // What comes later finds the editor as it would be.
      if (this.muted) {
        await dress(LOOKS[0]);
        return;
      }
      for (const look of LOOKS) {
        if (whole && look.width !== WIDTH.usual) continue;
        await dress(look);
        await settle?.();
        const path = join(folder, `${name}.${look.name}.png`);
        const how = { path, animations: 'disabled', caret: 'hide' };
        if (whole) await page.screenshot(how);
        else await page.locator('.part.sidebar').screenshot(how);
      }
      await dress(LOOKS[0]);
    },
  };
}

/** Scrolls the part of the panel with this `data-testid` to the top. */
export async function scrollTo(page, id) {
  const selector = `[data-testid="${id}"]`;
  const frame = await webview(page, selector);
  await frame.evaluate((wanted) => {
    const part = document.querySelector(wanted);
    part?.scrollIntoView({ block: 'start' });
  }, selector);
}

/** Waits until something is as it should be in whichever frame holds it. */
export const seen = (page, selector, timeoutMs = 60_000) => webview(page, selector, timeoutMs);

/** Waits until nothing in any frame fits `selector`. */
export const gone = (page, selector, timeoutMs = 30_000) =>
  until(
    `nothing is left of ${selector}`,
    async () => {
      const counts = await Promise.all(page.frames().map((frame) => frame.locator(selector).count()));
      return counts.every((count) => count === 0);
    },
    timeoutMs,
  );

/** Writes the page that shows all pictures, a state a row; its path. */
export async function writeIndex() {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
  const states = [...new Set(names.map((name) => name.split('.')[0]))];
  const row = (state) => {
    const own = names.filter((name) => name.startsWith(`${state}.`));
    const figures = own.map(
      (name) => `<figure><img src="${name}" loading="lazy"><figcaption>${name}</figcaption></figure>`,
    );
    return `<h2>${state}</h2><div>${figures.join('')}</div>`;
  };
  const style =
    'body{font:13px sans-serif}div{display:flex;gap:8px;overflow-x:auto;align-items:start}img{height:600px}figure{margin:0}';
  const path = join(folder, 'index.html');
  await writeFile(
    path,
    `<!doctype html><meta charset="utf-8"><title>Quartet</title><style>${style}</style>${states.map(row).join('\n')}`,
  );
  return path;
}
