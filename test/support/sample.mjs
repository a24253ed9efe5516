// The sample project (test/fixtures/demo/project) as a person would have it: a folder of its own, under git.
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.mjs';

const root = join(import.meta.dirname, '..', '..');
const fixture = join(root, 'test', 'fixtures', 'demo', 'project');

/** Settings of the person, the machine and hooks must not reach the sample's history. */
const gitEnv = {
  GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Sample',
  GIT_AUTHOR_EMAIL: 'sample@example.invalid',
  GIT_COMMITTER_NAME: 'Sample',
  GIT_COMMITTER_EMAIL: 'sample@example.invalid',
};

/**
 * Runs git in a folder, apart from the person's own configuration. Rejects when it fails.
 * @param {string} cwd
 * @param {...string} args
 * @returns {Promise<string>} what it printed
 */
export async function git(cwd, ...args) {
  const { code, output } = await run('git', args, { cwd, env: { ...process.env, ...gitEnv } });
  if (code !== 0) throw new Error(`git ${args.join(' ')} failed in ${cwd}: ${output}`);
  return output;
}

/**
 * Makes `folder` a git repository whose one commit holds what lies there.
 * @param {string} folder
 */
export async function commitAll(folder) {
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await git(folder, 'add', '--all');
  await git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'The sample as it is');
}

/**
 * Replaces `folder` by a fresh copy of the sample project.
 * @param {string} folder
 */
export async function makeSample(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await cp(fixture, folder, { recursive: true });
  await commitAll(folder);
}

// For F5: also installs the packages that the build after it needs.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { fail, prepare } = await import('./setup.mjs');
  await prepare()
    .then(() => makeSample(join(root, '.vscode-test', 'sample')))
    .catch(fail);
}
