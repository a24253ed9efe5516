/** A shell and files for test runs of real projects in a temporary folder. */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findReports } from '../../../../src/core/qa/find-reports.ts';
import type { TestShell } from '../../../../src/core/qa/run-tests.ts';
import type { FilesView } from '../../../../src/core/qa/test-setup.ts';

/** A folder with these files, and one for reports beside it. Dispose removes both. */
export function project(files: Readonly<Record<string, string>>): Disposable & {
  readonly cwd: string;
  readonly reportsDir: string;
  readonly view: FilesView;
  readonly put: (files: Readonly<Record<string, string>>) => void;
} {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'quartet qa-')));
  const cwd = join(root, 'the project');
  const reportsDir = join(root, 'its "reports" $HOME');
  const put = (some: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(some)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), text);
    }
  };
  put(files);
  mkdirSync(reportsDir);
  const view: FilesView = {
    exists: (path) => Object.keys(files).includes(path),
    read: async (path) => files[path],
  };
  return {
    cwd,
    reportsDir,
    view,
    put,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Runs for real, with the node that runs this test first on the path. */
export const REAL_SHELL: TestShell = {
  run: (command, { cwd, env, timeoutMs, signal }) =>
    new Promise((resolve, reject) => {
      const { NODE_TEST_CONTEXT: _ours, ...outer } = process.env;
      const path = [dirname(process.execPath), process.env['PATH']].join(delimiter);
      const child = spawn('sh', ['-c', command], {
        cwd,
        env: { ...outer, PATH: path, ...env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr, timedOut] = ['', '', false];
      const kill = (): void => {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      };
      const timer = setTimeout(() => {
        timedOut = true;
        kill();
      }, timeoutMs);
      signal.addEventListener('abort', kill, { once: true });
      child.stdout.on('data', (data) => (stdout += String(data)));
      child.stderr.on('data', (data) => (stderr += String(data)));
      child.on('close', (exitCode) => {
        clearTimeout(timer);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve({ exitCode, stdout, stderr, timedOut });
      });
    }),
  findReports: (root, pattern) =>
    findReports(pattern, async (folder) => {
      if (!existsSync(join(root, folder))) return undefined;
      const entries = readdirSync(join(root, folder), { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    }),
  readReport: async (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  removeReport: async (path) => rmSync(path, { force: true }),
  writeHelper: async (path, text) => writeFileSync(path, text),
};
