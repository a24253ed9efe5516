// Host tests: bundled with esbuild, run by Mocha inside a real extension host, watched from outside.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launch } from './browser.mjs';
import { openWorkbench } from './drive.mjs';
import { noModels } from './editor.mjs';
import { buildLanguageModels } from './language-models.mjs';
import { onLeave } from './processes.mjs';
import { makeSample } from './sample.mjs';
import { prepareEditor, root } from './setup.mjs';
import { testFiles } from './test-files.mjs';
import { startServer } from './vscode-server.mjs';

const bundle = join(root, '.vscode-test', 'host');

/** Bundles the files of test/host and their runner; Mocha stays outside, it loads itself by path. */
export async function bundleHostTests() {
  const esbuild = await import('esbuild');
  const { host } = await import('../../esbuild.js');
  await rm(bundle, { recursive: true, force: true });
  const tests = testFiles('test/host').filter((path) => path.includes(process.env.QUARTET_ONLY ?? ''));
  const entries = [...tests, 'test/host/index.ts'].map((path) => [
    relative('test/host', path).replace(/\.ts$/, ''),
    path,
  ]);
  await esbuild.build({
    ...host,
    entryPoints: Object.fromEntries(entries),
    outdir: bundle,
    outExtension: { '.js': '.mjs' },
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  return { tests, index: join(bundle, 'index.mjs') };
}

async function readReport(file) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const symbols = { pass: '✔', fail: '✖', skip: '-', flaky: '~' };

function print(line) {
  if (line.type === 'end') return;
  const slow = line.ms > 5000 ? ` (${(line.ms / 1000).toFixed(0)} s)` : '';
  const error = line.error !== undefined ? `\n${line.error.replace(/^/gm, '      ')}` : '';
  console.log(`  ${symbols[line.type]} ${line.title}${slow}${error}`);
}

/**
 * Prints the lines of a report as they come, until its end, `stopped()` says why there will be none, or the time is up.
 * @returns {Promise<{passed: number, failed: number, skipped: number, flaky: string[]}>} an unfinished report counts as a failure
 */
export async function followReport(file, stopped, timeoutMs) {
  const ends = Date.now() + timeoutMs;
  let shown = 0;
  let reason;
  for (;;) {
    const last = stopped();
    const lines = await readReport(file);
    for (const line of lines.slice(shown)) print(line);
    shown = lines.length;
    if (lines.at(-1)?.type === 'end') break;
    reason = last ?? (Date.now() > ends ? `no end after ${timeoutMs / 1000} s` : undefined);
    if (reason !== undefined) break;
    await sleep(250);
  }
  if (reason !== undefined) console.log(`  ✖ the host tests did not finish: ${reason}`);
  const lines = await readReport(file);
  const count = (type) => lines.filter((line) => line.type === type).length;
  const passed = new Set(lines.filter(({ type }) => type === 'pass').map(({ title }) => title));
  return {
    flaky: lines.filter(({ type, title }) => type === 'flaky' && passed.has(title)).map(({ title }) => title),
    passed: count('pass'),
    failed: count('fail') + (reason === undefined ? 0 : 1),
    skipped: count('skip'),
  };
}

/** What Quartet said in its log, the last lines: why a command did nothing. */
async function ownLog(data) {
  const files = await readdir(join(data, 'logs'), { recursive: true }).catch(() => []);
  const own = files.filter((path) => /quartet/i.test(path) && path.endsWith('.log'));
  const texts = await Promise.all(
    own.map((path) => readFile(join(data, 'logs', path), 'utf8').catch(() => '')),
  );
  return texts.join('\n').trim().split('\n').slice(-40).join('\n');
}

/** Editors that share the files of the host tests: they wait far more than they work. */
const EDITORS = 2;

/** Runs a share of the host tests (`1/2`: the first of two) in a VS Code of their own. */
async function runShare(share, { found, folder, index, languageModels, timeoutMs }) {
  const scratch = await mkdtemp(join(tmpdir(), 'quartet-host-'));
  const takeBack = onLeave(() => rm(scratch, { recursive: true, force: true }));
  const workspace = join(scratch, 'sample');
  const file = join(scratch, 'report.jsonl');
  await makeSample(workspace);

  const authority = join(root, 'test', 'fixtures', 'tls', 'authority.pem');
  const env = {
    ...noModels,
    QUARTET_HOST_REPORT: file,
    QUARTET_HOST_SHARE: share,
    NODE_EXTRA_CA_CERTS: authority,
    SSL_CERT_FILE: authority,
  };
  const server = await startServer({ folder, unpacked: [languageModels], env });
  const browser = await launch(found);
  let exit;
  const log = [];
  const workbench = openWorkbench(browser, {
    url: server.url({ folder: workspace, development: root, tests: index }),
    expose: {
      codeAutomationExit: (code) => {
        exit = code;
      },
      codeAutomationLog: (type, args) => log.push(`${type}: ${JSON.stringify(args)}`),
    },
  });
  workbench.catch(() => {});
  let over = 0;
  const stopped = () => {
    if (exit === undefined) return undefined;
    // The report may be a moment behind the page.
    return over++ < 8
      ? undefined
      : `the extension host ended with code ${exit}\n${log.slice(-20).join('\n')}`;
  };
  try {
    const result = await followReport(file, stopped, timeoutMs);
    if (result.failed > 0) console.log(`Quartet's log of ${share} ends with:\n${await ownLog(server.data)}`);
    return result;
  } finally {
    await browser.close();
    await server.stop();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    takeBack();
  }
}

/** Runs the host tests in the VS Code server, two editors side by side. Build first. */
export async function runHostTests({ timeoutMs = 900_000 } = {}) {
  const { server: folder, browser: found } = await prepareEditor();
  const { tests, index } = await bundleHostTests();
  const languageModels = await buildLanguageModels();
  const editors = Math.min(EDITORS, tests.length);
  const shares = Array.from({ length: editors }, (_, at) => `${at + 1}/${editors}`);
  const how = { found, folder, index, languageModels, timeoutMs };
  const results = await Promise.all(shares.map((share) => runShare(share, how)));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    flaky: results.flatMap(({ flaky }) => flaky),
  };
}
