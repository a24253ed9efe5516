/** A page of ours in a browser without an editor around it: the same bundle and policy, a host that records. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { PanelRequest, type PanelUpdate } from '../../../src/protocol/panel.ts';
import { RunViewRequest, type RunViewUpdate } from '../../../src/protocol/run-view.ts';
import type { PageName, Pages } from '../../support/pages.ts';
import { TOLD } from '../../../src/protocol/told-patterns.ts';
import { TOLD_WHYS } from '../../../src/protocol/told-whys.ts';

export const THEMES = [
  'light',
  'dark',
  'high-contrast',
  'high-contrast-light',
  'light-2026',
  'dark-2026',
] as const;
export type Theme = (typeof THEMES)[number];

interface ThemeFile {
  readonly className: string;
  readonly variables: Readonly<Record<string, string>>;
}

const here = import.meta.dirname;
const themes = JSON.parse(readFileSync(join(here, 'themes.json'), 'utf8')) as Readonly<
  Record<Theme, ThemeFile>
>;

export interface PanelPageOptions {
  /** Which page; absent: the panel. */
  readonly name?: PageName;
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** What an earlier page kept with the host. */
  readonly saved?: unknown;
  /** Milliseconds since 1970 that the page takes for now; absent: the real time. */
  readonly now?: number;
  /** Translations by English text. */
  readonly texts?: Readonly<Record<string, string>>;
  /** The editor's display language; absent: English. */
  readonly language?: string;
  readonly reduceMotion?: boolean;
}

export interface PanelPage {
  readonly page: Page;
  /** What the panel has posted once it has drawn what was pressed or sent; each message is valid by the protocol. */
  posted(): Promise<readonly PanelRequest[]>;
  /** The same of a run view. */
  postedByRunView(): Promise<readonly RunViewRequest[]>;
  /** Forgets what was posted. */
  forget(): Promise<void>;
  /** Sends messages in order and waits until the page has drawn them. */
  send(...updates: readonly (PanelUpdate | RunViewUpdate)[]): Promise<void>;
  /** Sends anything at all. */
  sendRaw(message: unknown): Promise<void>;
  /** What the page keeps with the host. */
  kept(): Promise<unknown>;
  /** Uncaught errors, refused resources and messages on the console's error level. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

const ORIGIN = 'http://panel.test';

function html({ className, variables }: ThemeFile, options: PanelPageOptions): string {
  const nonce = 'n0nce';
  const { name = 'panel' } = options;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${ORIGIN}`,
    `font-src ${ORIGIN}`,
    `img-src ${ORIGIN} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const host = `
    const posted = [];
    let kept = ${JSON.stringify(options.saved ?? null)} ?? undefined;
    window.fakeHost = { posted, kept: () => kept };
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => posted.push(structuredClone(message)),
      getState: () => kept,
      setState: (state) => { kept = structuredClone(state); },
    });
    const variables = ${JSON.stringify(variables)};
    for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(name, value);
    document.documentElement.style.background = variables['--vscode-${name === 'panel' ? 'sideBar' : 'editor'}-background'];
  `;
  return `<!doctype html>
<html lang="${options.language ?? 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${ORIGIN}/webview-default.css">
<link rel="stylesheet" href="${ORIGIN}/page.css">
<link rel="stylesheet" href="${ORIGIN}/${name}.css">
<title>Quartet</title>
</head>
<body class="${className}${options.reduceMotion ? ' vscode-reduce-motion' : ''}">
<div id="root"></div>
<script type="application/json" id="texts">${JSON.stringify(options.texts ?? {})}</script>
<script type="application/json" id="told">${JSON.stringify(TOLD)}</script>
<script type="application/json" id="whys">${JSON.stringify(TOLD_WHYS)}</script>
<script nonce="${nonce}">${host}</script>
<script type="module" nonce="${nonce}" src="${ORIGIN}/${name}.js"></script>
</body>
</html>`;
}

type Fake = typeof window & { fakeHost: { posted: unknown[]; kept: () => unknown } };

/** Opens the panel in a page of its own. The caller closes it. */
export async function openPanelPage(
  browser: Browser,
  pages: Pages,
  options: PanelPageOptions = {},
): Promise<PanelPage> {
  const { theme = 'dark', width = 360, height = 800, now } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    reducedMotion: options.reduceMotion === true ? 'reduce' : 'no-preference',
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('requestfailed', (request) => complaints.push(`refused: ${request.url()}`));
  const files: Readonly<Record<string, { body: string; contentType: string }>> = {
    '/': { body: html(themes[theme], options), contentType: 'text/html' },
    ...Object.fromEntries(
      Object.entries(pages.files).map(([path, body]) => [
        `/${path}`,
        { body, contentType: path.endsWith('.css') ? 'text/css' : 'text/javascript' },
      ]),
    ),
    '/webview-default.css': {
      body: readFileSync(join(here, 'webview-default.css'), 'utf8'),
      contentType: 'text/css',
    },
  };
  await context.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url());
    const file = origin === ORIGIN ? files[pathname] : undefined;
    if (file) return route.fulfill(file);
    complaints.push(`asked for ${route.request().url()}`);
    return route.abort();
  });
  if (now !== undefined) await page.clock.setFixedTime(now);
  await page.goto(`${ORIGIN}/`);

  const drawn = (): Promise<void> =>
    page.evaluate(async () => {
      // Effects run after the frame that a press has drawn, and may draw another.
      for (let frame = 0; frame < 2; frame += 1)
        await new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done, 0)));
    });
  const sendRaw = async (message: unknown): Promise<void> => {
    await page.evaluate((each) => window.postMessage(each, '*'), message);
    await drawn();
  };
  return {
    page,
    complaints,
    posted: async () => {
      await drawn();
      const raw = await page.evaluate(() => (window as Fake).fakeHost.posted);
      return raw.map((message) => PanelRequest.parse(message));
    },
    postedByRunView: async () => {
      await drawn();
      const raw = await page.evaluate(() => (window as Fake).fakeHost.posted);
      return raw.map((message) => RunViewRequest.parse(message));
    },
    forget: () => page.evaluate(() => void ((window as Fake).fakeHost.posted.length = 0)),
    send: async (...updates) => {
      for (const update of updates) await sendRaw(update);
      await drawn();
    },
    sendRaw,
    kept: () => page.evaluate(() => (window as Fake).fakeHost.kept()),
    close: () => context.close(),
  };
}
