// npm as set-up uses it: quiet, from the registry the person configured, with errors a person can act on.
import { delimiter, join } from 'node:path';
import { run } from './processes.mjs';

const root = join(import.meta.dirname, '..', '..');
const windows = process.platform === 'win32';

/** The machine's own npm: the checkout's `node` may be what an installation is about to replace. */
function environment() {
  const bin = join(root, 'node_modules', '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => entry !== bin);
  const env = { ...process.env, PATH: path.join(delimiter), NODE_ENV: 'development' };
  // What an outer `npm start` passes on describes that run, not this one.
  for (const name of Object.keys(env))
    if (/^npm_(package|lifecycle|command|execpath)/.test(name)) delete env[name];
  return env;
}

const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|UND_ERR|network/i;

/** Why npm failed, and what to do. */
function advice(output) {
  if (offline.test(output)) {
    return "The package registry cannot be reached: connect to a network (or set npm's proxy or registry), then run this again.";
  }
  if (/ENOSPC/.test(output)) return 'The disk is full: free some space, then run this again.';
  if (/EACCES|EPERM/.test(output))
    return 'npm may not write there: check who owns the folder, then run this again.';
  if (/in sync|EUSAGE/.test(output))
    return 'package.json and package-lock.json disagree: run `npm install` once, then this again.';
  return 'Run the command by hand to see more.';
}

/** Runs npm in `cwd`. Rejects with what happened and what to do. */
export async function npm(args, cwd) {
  const { code, output } = await run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    env: environment(),
    shell: windows,
  });
  if (code === 0) return output;
  const telling = output
    .trim()
    .split('\n')
    .filter((line) => /^npm error \S/.test(line) && !/complete log/.test(line));
  const tail = telling.slice(0, 6).join('\n');
  throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${tail}\n${advice(output)}`);
}
