// VS Code's own server, from the npm registry: the real workbench and the real extension host, without a desktop.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cached } from './cache.mjs';
import { npm } from './npm.mjs';
import { onLeave, run, start } from './processes.mjs';

/** The package that carries the server, and so the VS Code that tests run in. */
const carrier = 'code-server@4.139.1';
const vscodeIn = (folder) => join(folder, 'node_modules', 'code-server', 'lib', 'vscode');

/** Why this system cannot run the server, or undefined. */
export function serverUnsupported(platform = process.platform) {
  return platform === 'win32'
    ? 'The VS Code server does not run on Windows: use `npm run test:desktop`.'
    : undefined;
}

/** Installs the server into the cache if it is not there, and proves once that it answers. Returns its folder. */
export async function ensureServer(say) {
  const reason = serverUnsupported();
  if (reason !== undefined) throw new Error(reason);
  const name = `vscode-${carrier.replace('@', '-')}-${process.platform}-${process.arch}`;
  const folder = await cached(
    name,
    async (unfinished) => {
      say(`fetching the VS Code server (${carrier}, about 600 MB on disk, once)`);
      await writeFile(join(unfinished, 'package.json'), '{ "private": true }\n');
      await npm(['install', '--ignore-scripts', carrier], unfinished);
      const vscode = vscodeIn(unfinished);
      await npm(['install', '--omit=dev', '--ignore-scripts'], vscode);
      await npm(['install', '--omit=dev', '--ignore-scripts'], join(vscode, 'extensions'));
      say('starting the VS Code server once to see that it works');
      const server = await startServer({ folder: unfinished });
      await server.stop();
    },
    say,
  );
  return folder;
}

const answering = /Extension host agent listening on (\d+)/;

async function boundPort(server, deadlineMs) {
  for (let waitedMs = 0; waitedMs < deadlineMs; waitedMs += 100) {
    const port = answering.exec(server.output())?.[1];
    if (port !== undefined) return Number(port);
    if (server.child.exitCode !== null || server.child.pid === undefined) break;
    await sleep(100);
  }
  throw new Error(`The VS Code server did not start:\n${server.output().trim().slice(-2000)}`);
}

/** The page of a workbench: `folder`, or the several of a `workspace` file, opened; with `automated`, an extension from its sources (the page takes one) and tests in its host. */
function pageUrl(origin, { folder, workspace, development, tests }) {
  const remote = (path) => `vscode-remote://${new URL(origin).host}${path}`;
  const payload = [
    ...(development === undefined ? [] : [['extensionDevelopmentPath', remote(development)]]),
    ...(tests === undefined ? [] : [['extensionTestsPath', remote(tests)]]),
  ];
  const query = new URLSearchParams({
    ...(folder !== undefined && { folder }),
    ...(workspace !== undefined && { workspace }),
    ...(payload.length > 0 && { payload: JSON.stringify(payload) }),
  });
  return `${origin}/?${query.toString()}`;
}

const quietSettings = {
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'window.title': '${dirty}${activeEditorShort}${separator}${rootName}',
  // A mouse rests where it clicked last: no tooltip is to come up there and cover what is clicked next.
  'workbench.hover.delay': 600_000,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
};

/** Makes unpacked extensions installed ones, where they lie: no development flags, no copy. */
async function installUnpacked(extensions, paths) {
  const entries = [];
  await mkdir(extensions, { recursive: true });
  for (const path of paths) {
    const { publisher, name, version } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
    const entry = {
      identifier: { id: `${publisher}.${name}` },
      version,
      location: { $mid: 1, path, scheme: 'file' },
      relativeLocation: `${publisher}.${name}-${version}`,
      metadata: { installedTimestamp: 0, source: 'vsix' },
    };
    await symlink(path, join(extensions, entry.relativeLocation), 'junction');
    entries.push(entry);
  }
  await writeFile(join(extensions, 'extensions.json'), JSON.stringify(entries));
}

/**
 * Starts a server with a profile of its own, which `stop` removes.
 * @param {object} options
 * @param {string} options.folder the installed server (`ensureServer`)
 * @param {Record<string, unknown>} [options.settings] the person's settings
 * @param {boolean} [options.trust] false tests Restricted Mode: then a folder must be trusted by hand
 * @param {boolean} [options.automated] false: as a person has it; true: `url` accepts `development` and `tests`, and there are no toasts
 * @param {string[]} [options.unpacked] folders of extensions to have installed from the start
 * @param {Record<string, string | undefined>} [options.env] added to the environment of the server and so of the extension host; undefined removes
 */
export async function startServer({
  folder,
  settings = {},
  trust = true,
  automated = true,
  unpacked = [],
  env = {},
}) {
  const profile = await mkdtemp(join(tmpdir(), 'quartet-vscode-'));
  const data = join(profile, 'data');
  const extensions = join(profile, 'extensions');
  await mkdir(join(data, 'User'), { recursive: true });
  await mkdir(join(data, 'Machine'), { recursive: true });
  const text = JSON.stringify({ ...quietSettings, ...settings }, undefined, 2);
  await writeFile(join(data, 'User', 'settings.json'), text);
  await writeFile(join(data, 'Machine', 'settings.json'), text);

  if (unpacked.length > 0) await installUnpacked(extensions, unpacked);

  const main = join(vscodeIn(folder), 'out', 'server-main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: remove ${folder} and run this again.`);
  const where = ['--user-data-dir', data, '--extensions-dir', extensions];
  const flags = [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', ...where],
    ...(automated ? ['--enable-smoke-test-driver'] : []),
    ...(trust ? ['--disable-workspace-trust'] : []),
  ];
  // On Linux VS Code puts its sockets there; in the profile they go when it goes.
  const sockets = join(profile, 'run');
  await mkdir(sockets, { mode: 0o700 });
  const merged = { ...process.env, XDG_RUNTIME_DIR: sockets, ...env };
  for (const name of Object.keys(env)) if (env[name] === undefined) delete merged[name];
  const takeBack = onLeave(() => rm(profile, { recursive: true, force: true }));
  const server = start(process.execPath, [main, ...flags], { env: merged, cwd: profile });

  const stop = async () => {
    await server.stop();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    takeBack();
  };
  const port = await boundPort(server, 30_000).catch(async (error) => {
    await stop();
    throw error;
  });
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    data,
    extensions,
    stop,
    output: server.output,
    exited: server.exited,
    url: (options = {}) => pageUrl(origin, options),
    /** Installs a packaged extension as a person does from a file. */
    async install(vsix) {
      const { code, output } = await run(process.execPath, [main, ...where, '--install-extension', vsix], {
        cwd: profile,
      });
      if (code !== 0) throw new Error(`${vsix} could not be installed:\n${output}`);
    },
  };
}
