/** The browser of agents: where it is found, what it tells of a page, and that nothing gets past it or is left of it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createBrowser } from '../../../src/node/browser/browser.ts';
import { browserPlaces, findBrowser } from '../../../src/node/browser/places.ts';
import { browserFlags } from '../../../src/node/browser/flags.ts';
import { createNodeShell } from '../../../src/node/shell.ts';
import { localBrowser } from '../../support/local-browser.ts';
import { WHERE_HELD } from '../../support/sandbox.ts';

describe('where browsers lie', () => {
  const cases = [
    ['linux', { PATH: '/usr/bin:relative:/opt/x' }, '/usr/bin/google-chrome-stable', '/opt/x/chromium'],
    ['linux', {}, '/opt/google/chrome/chrome', '/snap/bin/chromium'],
    [
      'darwin',
      { HOME: '/Users/a' },
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Users/a/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ],
    [
      'win32',
      { PROGRAMFILES: 'C:\\Program Files', LOCALAPPDATA: 'C:\\Users\\a\\AppData\\Local' },
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Users\\a\\AppData\\Local\\Microsoft\\Edge\\Application\\msedge.exe',
    ],
  ] as const;
  for (const [platform, env, first, other] of cases)
    test(`on ${platform} with ${JSON.stringify(env)}`, () => {
      const places = browserPlaces(platform, env);
      assert.equal(places[0], first);
      assert.ok(places.includes(other), places.join('\n'));
      assert.ok(!places.some((place) => place.startsWith('relative')));
    });

  test('none is said, with what to do', () => {
    for (const named of ['/no/such/browser', 'chrome', tmpdir()])
      assert.throws(() => findBrowser(named), /no program[\s\S]*quartet\.browse\.browser/u);
  });

  test('its own sandbox is given up only where it is said so', () => {
    assert.ok(!browserFlags({ profile: '/p', ownSandbox: true }).includes('--no-sandbox'));
    assert.ok(browserFlags({ profile: '/p', ownSandbox: false }).includes('--no-sandbox'));
  });
});

const room = mkdtempSync(join(tmpdir(), 'quartet-browser-'));
const found = await localBrowser(room);
const skip = typeof found === 'string' ? found : false;

/** An address of this machine that is not its loopback, or another name of the loopback. */
const elsewhere =
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';

let server: Server;
let port = 0;
/** Hosts that were asked for, as the server heard them. */
let heard: string[] = [];

const ways = (host: string): string => `
  const away = 'http://${host}:' + location.port;
  console.log('hello', { a: 1 });
  fetch(away + '/fetch').catch(() => {});
  navigator.sendBeacon(away + '/beacon', 'x');
  try { new WebSocket(away.replace('http', 'ws') + '/socket'); } catch {}
  new Worker(URL.createObjectURL(new Blob(["fetch('" + away + "/worker').catch(() => {}); new WebSocket('" + away.replace('http', 'ws') + "/worker-socket')"])));
  navigator.serviceWorker?.register('/service.js').catch(() => {});
  for (const rel of ['preconnect', 'prefetch', 'dns-prefetch'])
    document.head.append(Object.assign(document.createElement('link'), { rel, href: away + '/' + rel }));
  const frame = document.createElement('iframe');
  frame.src = away + '/frame';
  document.body.append(frame);
  window.open(away + '/popup');
  setTimeout(() => { document.body.append('here at last'); }, 300);
  throw new Error('thrown by the page');`;

const PAGES: Readonly<Record<string, (host: string) => string>> = {
  '/': () =>
    `<title>A page</title><h1>Shown</h1><p hidden>Hidden</p><script src="/missing.js"></script><script>${ways(elsewhere)}</script>`,
  '/dialog': () => `<h1>After</h1><script>alert('Stop!')</script>`,
  '/busy': () => `<h1>Busy</h1><script>setTimeout(() => { for (;;); }, 50)</script>`,
  '/leaves': () => `<script>location.href = 'http://${elsewhere}:' + location.port + '/left'</script>`,
  '/long': () => `<p>${'x'.repeat(5000)}</p>`,
};

before(async () => {
  server = createServer((request, response) => {
    const { host, pathname } = new URL(request.url ?? '/', `http://${request.headers.host ?? 'none'}`);
    heard.push(`${host}${pathname}`);
    if (pathname === '/redirect') {
      response.writeHead(302, { location: `http://${elsewhere}:${port}/redirected` }).end();
      return;
    }
    if (pathname === '/service.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      response.end(`fetch('http://${elsewhere}:${port}/service').catch(() => {})`);
      return;
    }
    const page = PAGES[pathname];
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html' });
    response.end(page?.(host) ?? 'none');
  });
  server.on('upgrade', (request, socket) => {
    heard.push(`${request.headers.host ?? ''}${request.url ?? ''}`);
    socket.destroy();
  });
  // On every address, so that what gets past is heard.
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(room, { recursive: true, force: true });
});

let looks = 0;
async function look(path: string, more: { timeoutMs?: number; waitFor?: string; signal?: AbortSignal } = {}) {
  assert.ok(typeof found !== 'string');
  looks += 1;
  const profile = join(room, `profile-${looks}`);
  mkdirSync(profile);
  heard = [];
  const { signal = new AbortController().signal, timeoutMs = 60_000, waitFor } = more;
  const confined = { mode: 'off', network: 'local', writable: [], readable: [] } as const;
  const seen = await createBrowser(createNodeShell()).look(
    {
      url: `http://127.0.0.1:${port}${path}`,
      textCharsMax: 1000,
      timeoutMs,
      ...(waitFor !== undefined && { waitFor }),
    },
    { program: found.program, profile, confined, beside: '/nowhere', label: 'test' },
    signal,
  );
  return { seen, profile };
}

/** Command lines that name the profile of a look. */
function left(profile: string): readonly string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(profile));
}

describe('a look at a page', { skip, concurrency: false }, () => {
  test('tells text, title, status, console, errors and failures, and takes a picture', async () => {
    const { seen, profile } = await look('/', { waitFor: 'here at last' });
    assert.equal(seen.problem, undefined);
    assert.deepEqual([seen.title, seen.status, seen.url], ['A page', 200, `http://127.0.0.1:${port}/`]);
    assert.match(seen.text, /Shown/u);
    assert.doesNotMatch(seen.text, /Hidden/u);
    assert.ok(
      seen.console.some((line) => /hello.*a: 1/u.test(line)),
      seen.console.join(),
    );
    assert.ok(seen.errors.some((line) => line.includes('thrown by the page')));
    assert.ok(seen.failed.some((line) => /missing\.js: 404/u.test(line)));
    assert.match(seen.screenshot ?? '', /^\/9j\//u, 'a JPEG');
    assert.deepEqual(left(profile), []);
  });

  test('lets nothing reach another host, by whatever way, and lists what tried', async () => {
    const { seen } = await look('/', { waitFor: 'here at last' });
    await wait(300);
    assert.deepEqual(
      heard.filter((each) => !each.startsWith('127.0.0.1:')),
      [],
    );
    for (const way of ['/fetch', '/socket', '/frame'])
      assert.ok(
        seen.blocked.some((line) => line.includes(`${elsewhere}:${port}${way}`)),
        `${way}: ${seen.blocked.join()}`,
      );
  });

  for (const [path, why] of [
    ['/redirect', /leads away from this machine/u],
    ['/leaves', /not of this machine/u],
  ] as const)
    test(`${path} to another host is not followed`, async () => {
      const { seen } = await look(path);
      assert.match(seen.problem ?? '', why);
      assert.ok(seen.blocked.length > 0);
      assert.deepEqual([seen.text, seen.screenshot], ['', undefined]);
      assert.ok(!heard.some((each) => each.includes('/redirected') || each.includes('/left')));
    });

  test('answers what a dialog asks with no, and reads on', async () => {
    const { seen } = await look('/dialog');
    assert.match(seen.text, /After/u);
    assert.deepEqual(seen.console, ['[alert] Stop!']);
  });

  test('cuts a long page and says so', async () => {
    const { seen } = await look('/long');
    assert.match(seen.text, /^x{1000}\n\[… 4000 characters left out …\]$/u);
  });

  test('says that nothing listens', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const unused = (closed.address() as AddressInfo).port;
    await new Promise((resolve) => closed.close(resolve));
    const real = port;
    port = unused;
    const { seen } = await look('/').finally(() => (port = real));
    assert.match(seen.problem ?? '', /ERR_CONNECTION_REFUSED/u);
  });

  test('ends a page that never answers, and one that is stopped, with nothing left', async () => {
    const { seen, profile } = await look('/busy', { timeoutMs: 20_000 });
    assert.match(seen.problem ?? '', /keeps it busy/u);
    assert.deepEqual(left(profile), []);
    const stop = new AbortController();
    const stopped = look('/busy', { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('stopped by the person')), 700);
    await assert.rejects(stopped, /stopped by the person/u);
    assert.deepEqual(left(join(room, `profile-${looks}`)), []);
  });
});

describe('in the sandbox of commands', { skip: skip || WHERE_HELD.skip, concurrency: false }, () => {
  test('it sees the servers that run there, and not those of the machine', async () => {
    assert.ok(typeof found !== 'string');
    const shell = createNodeShell();
    const copy = join(room, 'copy');
    const profile = join(room, 'held');
    for (const folder of [copy, profile]) mkdirSync(folder);
    const confined = {
      mode: 'on',
      network: 'local',
      writable: [copy],
      readable: [found.folder, room],
    } as const;
    const { signal } = new AbortController();
    const inside = 18_317;
    const page = `<h1>Of the sandbox</h1>`;
    await shell.background.start(
      {
        handle: 'bg-00000000',
        owner: copy,
        ownedMax: 1,
        command: `node -e "require('http').createServer((q, s) => s.end('${page}')).listen(${inside}, '127.0.0.1')"`,
        cwd: copy,
        outputChars: 1000,
        label: 'server',
        confined,
        beside: copy,
        readyMs: 20_000,
      },
      signal,
    );
    try {
      const at = (url: string) =>
        createBrowser(shell).look(
          { url, textCharsMax: 1000, timeoutMs: 60_000 },
          { program: found.program, profile, confined, beside: copy, label: 'test' },
          signal,
        );
      const seen = await at(`http://127.0.0.1:${inside}/`);
      assert.deepEqual([seen.text, seen.enforced.network], ['Of the sandbox', 'none']);
      assert.notEqual(seen.enforced.by, 'none');
      const other = await at(`http://127.0.0.1:${port}/`);
      assert.match(other.problem ?? '', /ERR_CONNECTION_REFUSED/u);
    } finally {
      await shell.background.endAll(copy);
    }
  });
});
