// A Chromium to drive: the person's own, Playwright's, the one inside an npm package, or Debian's.
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { cached } from './cache.mjs';
import { npm } from './npm.mjs';
import { onLeave, run } from './processes.mjs';

const packaged = '@sparticuz/chromium@153.0.0';
const isRoot = process.getuid?.() === 0;

const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
];

async function playwright() {
  const { chromium } = await import('playwright-core');
  return chromium;
}

function onPath(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .filter((path) => existsSync(path));
}

const usualPlaces = {
  darwin: () =>
    ['', homedir()].flatMap((base) => [
      `${base}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
      `${base}/Applications/Chromium.app/Contents/MacOS/Chromium`,
      `${base}/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
    ]),
  win32: () =>
    [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter((base) => base !== undefined)
      .flatMap((base) => [
        join(base, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(base, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]),
  linux: () =>
    onPath(['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge']),
};

const systemBrowsers = () => (usualPlaces[process.platform]?.() ?? []).filter((path) => existsSync(path));

/** Unpacks the build inside the npm package: a bare executable, libraries it may lack, and fonts. */
async function unpack(unfinished) {
  await writeFile(join(unfinished, 'package.json'), '{ "private": true }\n');
  await npm(['install', '--ignore-scripts', packaged], unfinished);
  const bin = join(unfinished, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const decompress = promisify(brotliDecompress);
  for (const [name, target] of [
    ['chromium', 'chromium'],
    ['al2023.tar', 'libraries.tar'],
    ['fonts.tar', 'fonts.tar'],
  ]) {
    await writeFile(join(unfinished, target), await decompress(await readFile(join(bin, `${name}.br`))));
  }
  await chmod(join(unfinished, 'chromium'), 0o755);
  for (const name of ['libraries', 'fonts']) {
    await mkdir(join(unfinished, name));
    const { code, output } = await run('tar', ['-xf', `${name}.tar`, '-C', name], { cwd: unfinished });
    if (code !== 0) throw new Error(`The browser package could not be unpacked: ${output}`);
    await rm(join(unfinished, `${name}.tar`));
  }
  await rm(join(unfinished, 'node_modules'), { recursive: true });
}

/** A font configuration for a machine that has no fonts. */
async function ownFonts(folder) {
  const file = join(folder, 'fonts.conf');
  const text = `<?xml version="1.0"?><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n`;
  await writeFile(file, text);
  return file;
}

async function packagedBrowser(say) {
  const name = packaged.replace('@', '').replace(/[/@]/g, '-');
  const folder = await cached(
    name,
    async (unfinished) => {
      say(`fetching a headless Chromium (${packaged}, about 200 MB on disk, once)`);
      await unpack(unfinished);
    },
    say,
  );
  const path = join(folder, 'chromium');
  const fonts = existsSync('/usr/share/fonts') ? {} : { FONTCONFIG_FILE: await ownFonts(folder) };
  const libraries = join(folder, 'libraries', 'lib');
  const env = { LD_LIBRARY_PATH: [libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') };
  return [
    { path, env: fonts },
    { path, env: { ...fonts, ...env } },
  ];
}

async function debianBrowser(say) {
  say("installing Debian's chromium with apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-q'], { env });
  const wanted = ['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'];
  const { code, output } = await run('apt-get', wanted, { env });
  if (code !== 0) throw new Error(`apt-get could not install chromium: ${output.trim().split('\n').at(-1)}`);
  return systemBrowsers().map((path) => ({ path }));
}

/** Where to look, best first. Each entry is tried only when those before it have no browser that starts. */
function places(say) {
  const named = process.env.QUARTET_BROWSER;
  if (named) return [{ name: `QUARTET_BROWSER (${named})`, find: () => [{ path: named }] }];
  const linux = process.platform === 'linux';
  return [
    { name: 'the system', find: () => systemBrowsers().map((path) => ({ path })) },
    {
      name: "Playwright's download",
      find: async () =>
        [{ path: (await playwright()).executablePath() }].filter(({ path }) => existsSync(path)),
    },
    ...(linux && process.arch === 'x64' ? [{ name: packaged, find: () => packagedBrowser(say) }] : []),
    ...(linux && isRoot && existsSync('/usr/bin/apt-get')
      ? [{ name: 'Debian', find: () => debianBrowser(say) }]
      : []),
  ];
}

/** Launches the browser that `ensureBrowser` found. The caller closes it; leaving the process closes it too. */
export async function launch(browser, options = {}) {
  const chromium = await playwright();
  const args = [...flags, ...(isRoot ? ['--no-sandbox'] : []), ...(options.args ?? [])];
  const launched = await chromium.launch({
    executablePath: browser.path,
    env: { ...process.env, ...browser.env },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    ...options,
    args,
  });
  const takeBack = onLeave(() => launched.close());
  launched.on('disconnected', takeBack);
  return launched;
}

async function starts(candidate) {
  try {
    const browser = await launch(candidate, { timeout: 30_000 });
    const page = await browser.newPage();
    const answer = await page.evaluate('6 * 7');
    const version = browser.version();
    await browser.close();
    return answer === 42 ? { version } : { problem: 'it starts, but runs no script' };
  } catch (error) {
    return { problem: String(error.message).split('\n').slice(0, 12).join(' ').slice(0, 400) };
  }
}

/** Finds or fetches a Chromium that really starts. Rejects with what was tried and what to do. */
export async function ensureBrowser(say) {
  const tried = [];
  for (const { name, find } of places(say)) {
    const candidates = await Promise.resolve()
      .then(find)
      .catch((error) => {
        tried.push(`${name}: ${error.message}`);
        return [];
      });
    for (const candidate of candidates) {
      const { version, problem } = await starts(candidate);
      if (version !== undefined) return { ...candidate, version, from: name };
      tried.push(`${name}: ${candidate.path} does not start: ${problem}`);
    }
    if (candidates.length === 0) tried.push(`${name}: none`);
  }
  throw new Error(
    `No browser to drive VS Code with. Tried:\n  ${tried.join('\n  ')}\n` +
      'Install Google Chrome or Chromium, or set QUARTET_BROWSER to the path of one, then run this again.',
  );
}
