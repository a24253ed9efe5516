// One call to a driven VS Code: server, browser and page together, for tests and for `npm start -- --headless`.
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { launch } from './browser.mjs';
import { openWorkbench, screenshot } from './drive.mjs';
import { onLeave } from './processes.mjs';
import { makeSample } from './sample.mjs';
import { prepareEditor, root } from './setup.mjs';
import { startServer } from './vscode-server.mjs';

/** A run must not find the machine's own models when a test says which there are. */
export const noModels = { OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined };

/**
 * @typedef {object} OpenEditor
 * @property {string} [folder] opened in the workbench; default: a fresh copy of the sample project, removed at the end
 * @property {string} [extension] folder of Quartet itself; default: the checkout
 * @property {string} [vsix] install this package; default: the checkout itself, as an installed extension
 * @property {string[]} [extensions] folders of further extensions to have installed
 * @property {Record<string, unknown>} [settings] the person's settings
 * @property {boolean} [trust] false: Restricted Mode until a person trusts the folder
 * @property {Record<string, string | undefined>} [env] added to the extension host's environment
 * @property {{width: number, height: number}} [size] of the window
 * @property {number} [scale] device pixels per CSS pixel
 */

/**
 * Opens VS Code on a folder with Quartet installed, without development flags. Build first (`npm run compile`).
 * @param {OpenEditor} [options]
 */
export async function openEditor({ folder, vsix, extension = root, extensions = [], ...rest } = {}) {
  const { settings, trust, env, size, scale } = rest;
  const { server: installed, browser: found } = await prepareEditor();
  const scratch = await mkdtemp(join(tmpdir(), 'quartet-sample-'));
  const removeScratch = () => rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const takeBack = onLeave(removeScratch);
  const opened = folder ?? join(scratch, 'sample');
  if (folder === undefined) await makeSample(opened);

  const server = await startServer({
    folder: installed,
    settings,
    trust,
    automated: false,
    unpacked: [...(vsix === undefined ? [extension] : []), ...extensions],
    env: { ...noModels, ...env },
  });
  if (vsix !== undefined) await server.install(vsix);
  const browser = await launch(found);
  const workbench = await openWorkbench(browser, { url: server.url({ folder: opened }), size, scale });
  return {
    page: workbench.page,
    folder: opened,
    server,
    /** What the page's console said, newest last. */
    said: workbench.said,
    /** Saves `<name>.png` under .vscode-test/<group>/. */
    picture: (name, group = 'browser') =>
      screenshot(workbench.page, join(root, '.vscode-test', group, `${name}.png`)),
    async close() {
      await browser.close();
      await server.stop();
      await removeScratch();
      takeBack();
    },
  };
}
