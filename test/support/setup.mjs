// Makes a machine that has only Node and git ready: packages, the right Node, the VS Code server, a browser.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { isLeaving, leave, run } from './processes.mjs';

export const root = join(import.meta.dirname, '..', '..');
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** One line about what set-up does. */
export function say(text) {
  console.log(`[set-up] ${text}`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether node_modules holds what the lock file asks for; npm's own record of it is written last. */
function packagesAreCurrent() {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {};
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (installed === undefined || !existsSync(ownNode)) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || optional === true || installed[path]?.version === version,
  );
}

async function ensurePackages() {
  if (packagesAreCurrent()) return;
  say('installing the packages of package-lock.json (npm ci)');
  await npm(['ci'], root);
  if (!existsSync(ownNode))
    throw new Error('npm ci brought no Node: see that install scripts are allowed, then run this again.');
}

async function ensureGit() {
  const { code, output } = await run('git', ['--version']);
  if (code !== 0)
    throw new Error('git was not found: install it (https://git-scm.com), then run this again.');
  const [major, minor] = (/(\d+)\.(\d+)/.exec(output) ?? []).slice(1).map(Number);
  if (major < 2 || (major === 2 && minor < 20))
    throw new Error(`${output.trim()} is too old: 2.20 or newer is needed.`);
}

function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 11)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: install Node 20.11 or newer, then run this again.`,
  );
}

/** Runs this very command again on the Node that package.json pins; does not return. */
function rerun() {
  const child = spawn(ownNode, process.argv.slice(1), {
    stdio: 'inherit',
    env: { ...process.env, QUARTET_RERUN: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.removeAllListeners(signal);
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => void fail(error));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
  return new Promise(() => {});
}

/** Prints what went wrong, without a stack, cleans up and exits 1. On the way out nothing is wrong any more. */
export async function fail(error) {
  if (isLeaving()) return;
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  await leave(1);
}

/**
 * The part of set-up that everything needs: Node, git, packages; afterwards the process runs on the pinned Node.
 * Rejects with what is missing and what to do.
 */
export async function prepare() {
  ensureNode();
  await ensureGit();
  await ensurePackages();
  const sameNode = spawnSync(ownNode, ['-p', 'process.version'], { encoding: 'utf8' }).stdout?.trim();
  if (sameNode === process.version || process.env.QUARTET_RERUN === '1') {
    process.env.PATH = `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`;
    return;
  }
  await rerun();
}

/** The VS Code server and a browser to drive it. Rejects with what is missing and what to do. */
export async function prepareEditor() {
  const { ensureServer } = await import('./vscode-server.mjs');
  const { ensureBrowser } = await import('./browser.mjs');
  const server = await ensureServer(say);
  const browser = await ensureBrowser(say);
  return { server, browser };
}
