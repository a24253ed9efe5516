// `npm test [part...]`: sets up, runs the parts, and ends with `N passed, N failed` alone on the last line.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leave, run } from './processes.mjs';
import { prepare, prepareEditor, root, say } from './setup.mjs';
import { testFiles } from './test-files.mjs';

const bin = (...path) => join(root, 'node_modules', ...path);
const node = (...args) => run(process.execPath, args, { cwd: root, timeoutMs: 300_000 });

const checks = {
  types: () => node(bin('typescript', 'bin', 'tsc'), '-p', '.'),
  lint: () => node(bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'),
  arrows: () =>
    node(
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'src',
      'media',
      'test',
    ),
  format: () =>
    node(bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '--no-color', '.'),
  unused: () => node(bin('knip', 'bin', 'knip.js'), '--no-progress'),
  boundary: () => node(join('test', 'support', 'boundary.mjs')),
  words: () => node(join('test', 'support', 'l10n.mjs'), '--check'),
};

/** Runs named jobs two at a time, each counting one. A job resolves to `{code, output}`; its output shows when it fails. */
async function countJobs(jobs) {
  const waiting = Object.entries(jobs);
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const worker = async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const [name, start] = job;
      const began = Date.now();
      const { code, output } = await start();
      counts[code === 0 ? 'passed' : 'failed'] += 1;
      console.log(`  ${code === 0 ? '✔' : '✖'} ${name} (${seconds(began)})`);
      if (code !== 0) console.log(output.trim().slice(-20_000).replace(/^/gm, '      '));
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

/** Runs node:test files. A file that cannot even be loaded counts as a failed test. */
async function nodeTestFiles(files, { timeoutMs = 60_000, concurrency = 2 }) {
  const scratch = await mkdtemp(join(tmpdir(), 'quartet-counts-'));
  const file = join(scratch, 'counts.json');
  const args = [
    ...['--import', './test/support/register.mjs', '--test', '--test-reporter=./test/support/reporter.mjs'],
    ...[`--test-timeout=${timeoutMs}`, `--test-concurrency=${concurrency}`, ...files],
  ];
  const { code } = await run(process.execPath, args, {
    cwd: root,
    show: true,
    timeoutMs: 1_800_000,
    env: { ...process.env, QUARTET_COUNTS: file },
  });
  const text = await readFile(file, 'utf8').catch(() => '{}');
  await rm(scratch, { recursive: true, force: true });
  const { passed = 0, failed = 0, cancelled = 0, skipped = 0, failedFiles = [] } = JSON.parse(text);
  const bad = failed + cancelled;
  return { passed, failed: code !== 0 && bad === 0 ? 1 : bad, skipped, failedFiles };
}

/** More files than these that fail are no chance. */
const AGAIN_MAX = 3;

/**
 * Runs the node:test files of a folder. With `again`, files that failed run once more, alone: whole editors and processes share a machine
 * with whatever else runs on it. What then passes counts as passed, and is named as flaky at the end.
 */
async function nodeTests(folder, { again = false, ...how } = {}) {
  const counts = await nodeTestFiles(testFiles(folder), how);
  const known = counts.failedFiles.reduce((sum, { failed }) => sum + failed, 0) === counts.failed;
  if (!again || counts.failed === 0 || !known || counts.failedFiles.length > AGAIN_MAX) return counts;
  const flaky = [];
  for (const { file, failed } of counts.failedFiles) {
    console.log(`  once more, alone: ${file}`);
    const { failed: still } = await nodeTestFiles([file], { ...how, concurrency: 1 });
    if (still > 0) continue;
    flaky.push(`${file} (${failed})`);
    counts.passed += failed;
    counts.failed -= failed;
  }
  return { ...counts, flaky };
}

async function buildAll() {
  const { build } = await import('../../esbuild.js');
  await build();
  return { passed: 1, failed: 0, skipped: 0 };
}

const script =
  (name, ...args) =>
  () =>
    run(process.execPath, [join('test', 'support', name), ...args], {
      cwd: root,
      show: true,
      timeoutMs: 900_000,
    });

/** Each part: what it needs, whether its tests are there, and how to run it. `asked` parts run only when named. */
const parts = {
  check: { run: () => countJobs(checks) },
  unit: { folder: 'test/unit', run: () => nodeTests('test/unit') },
  scenarios: {
    folder: 'test/scenarios',
    run: () => nodeTests('test/scenarios', { timeoutMs: 240_000, again: true }),
  },
  build: { run: buildAll },
  host: {
    editor: true,
    folder: 'test/host',
    run: async () => (await import('./host.mjs')).runHostTests(),
  },
  browser: {
    editor: true,
    folder: 'test/browser',
    run: () => nodeTests('test/browser', { timeoutMs: 240_000, again: true }),
  },
  start: {
    editor: true,
    run: () => countJobs({ 'npm start -- --headless': script('start.mjs', '--headless') }),
  },
  vsix: { editor: true, run: () => countJobs({ 'the packed extension': script('vsix.mjs') }) },
  desktop: { asked: true, run: async () => (await import('./desktop.mjs')).runDesktopTests() },
};

const seconds = (began) => `${((Date.now() - began) / 1000).toFixed(1)} s`;

async function runPart(name) {
  const began = Date.now();
  console.log(`\n${name}`);
  const part = parts[name];
  const empty = part.folder !== undefined && testFiles(part.folder).length === 0;
  const attempt = async () => {
    if (empty) throw new Error(`no test files in ${part.folder}`);
    const counts = await part.run();
    if (counts.passed + counts.failed === 0) throw new Error('no test ran');
    return counts;
  };
  const counts = await attempt().catch((error) => {
    console.log(`  ✖ ${error.stack ?? error}`);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  console.log(`${name}: ${counts.passed} passed, ${counts.failed} failed${skipped} in ${seconds(began)}`);
  return counts;
}

function chosen(args) {
  const unknown = args.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new Error(`No such part: ${unknown.join(', ')}. Parts: ${Object.keys(parts).join(', ')}.`);
  if (args.length > 0) return args;
  const there = ({ folder }) => folder === undefined || existsSync(join(root, folder));
  return Object.keys(parts).filter((name) => parts[name].asked !== true && there(parts[name]));
}

async function main() {
  const names = chosen(process.argv.slice(2));
  await prepare();
  if (names.some((name) => parts[name].editor)) {
    const { browser } = await prepareEditor();
    say(`Node ${process.version}, Chromium ${browser.version} from ${browser.from}`);
  }
  const needsBuild = names.some((name) => parts[name].editor || name === 'desktop');
  if (needsBuild && !names.includes('build')) await buildAll();
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const flaky = [];
  for (const name of names) {
    const counts = await runPart(name);
    for (const key of Object.keys(totals)) totals[key] += counts[key] ?? 0;
    flaky.push(...(counts.flaky ?? []));
  }
  if (flaky.length > 0) console.log(`\nFlaky, passed at the second try: ${flaky.join(', ')}`);
  const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : '';
  console.log(`\n${totals.passed} passed, ${totals.failed} failed${skipped}`);
  await leave(totals.failed > 0 ? 1 : 0);
}

await main().catch(async (error) => {
  console.error(error instanceof Error ? error.message : error);
  console.log('\n0 passed, 1 failed');
  await leave(1);
});
