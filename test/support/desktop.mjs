// Host tests in a desktop VS Code, fetched by @vscode/test-electron: the floor of `engines.vscode` or another version.
//   QUARTET_VSCODE=1.105.0 | stable | insiders | <path of an executable>   (default: stable)
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleHostTests, followReport } from './host.mjs';
import { onLeave } from './processes.mjs';
import { makeSample } from './sample.mjs';
import { root, say } from './setup.mjs';

/** The VS Code to test in, or a rejection that says what to do where it cannot be fetched. */
async function executable(electron) {
  const wanted = process.env.QUARTET_VSCODE ?? 'stable';
  if (existsSync(wanted)) return wanted;
  say(`fetching desktop VS Code ${wanted}`);
  return electron
    .downloadAndUnzipVSCode({ version: wanted, cachePath: join(root, '.vscode-test') })
    .catch((error) => {
      throw new Error(
        `Desktop VS Code ${wanted} could not be fetched (${error.message}). ` +
          'Set QUARTET_VSCODE to the path of an installed one; without a desktop use `npm run test:host`.',
      );
    });
}

/** Runs the host tests in desktop VS Code. Build first. Rejects when VS Code cannot be had. */
export async function runDesktopTests({ timeoutMs = 900_000 } = {}) {
  const electron = await import('@vscode/test-electron');
  const vscodeExecutablePath = await executable(electron);
  const { index } = await bundleHostTests();
  // Short: VS Code makes a socket below it, and socket paths are limited to about a hundred bytes.
  const scratch = await mkdtemp(join(tmpdir(), 'qd-'));
  const takeBack = onLeave(() => rm(scratch, { recursive: true, force: true }));
  const workspace = join(scratch, 'sample');
  const file = join(scratch, 'report.jsonl');
  await makeSample(workspace);
  const profile = ['--user-data-dir', join(scratch, 'data'), '--extensions-dir', join(scratch, 'extensions')];
  let reason;
  const ended = electron.runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: index,
    extensionTestsEnv: { QUARTET_HOST_REPORT: file, OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined },
    launchArgs: [workspace, ...profile, '--disable-telemetry'],
  });
  void ended.then(
    (code) => (reason = `VS Code ended with ${code} before the tests did`),
    (error) => (reason = error.message),
  );
  try {
    return await followReport(file, () => reason, timeoutMs);
  } finally {
    await ended.catch(() => {});
    await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    takeBack();
  }
}
