/** How fast long logs are read and in how much memory, and what a gated test run costs over the bare command. */
import { execFile } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createNodeFiles } from '../../src/node/files.ts';
import { createNodeShell } from '../../src/node/shell.ts';
import { detectTests } from '../../src/core/qa/detect.ts';
import { parseReport } from '../../src/core/qa/parse/parse-report.ts';
import type { Runner } from '../../src/core/qa/report.ts';
import { runTests, type TestShell } from '../../src/core/qa/run-tests.ts';
import { figure, median, timed } from './figures.ts';

const MEGABYTE = 1024 * 1024;
const LOG_MB = 50;
/** Reading a log must not be what a person waits for, on a busy machine either. */
const RATE_MB_MIN = 1;
/** Memory that reading takes, in copies of the log. */
const COPIES_MAX = 12;
/** A gated run may take this much longer than the command alone. */
const OVERHEAD_MAX = 3;

interface Log {
  readonly runner: Runner;
  readonly what: string;
  /** Beginning, one part for each test, end; of so many tests. */
  readonly text: (tests: number) => {
    readonly head: string;
    readonly test: (n: number) => string;
    readonly tail: string;
  };
  /** The text is a report and not what the console says. */
  readonly asReport: boolean;
}

const NOISE = 'some output of a program that talks a lot, as programs under test do '.repeat(4);

const LOGS: readonly Log[] = [
  {
    runner: 'go',
    what: 'go test -json',
    asReport: false,
    text: () => {
      const line = (data: object) =>
        `${JSON.stringify({ Time: '2026-04-14T09:30:00Z', Package: 'example.com/a', ...data })}\n`;
      return {
        head: line({ Action: 'start' }),
        test: (n) =>
          line({ Action: 'run', Test: `TestNumber${n}` }) +
          line({ Action: 'output', Test: `TestNumber${n}`, Output: `${NOISE}\n` }) +
          line({ Action: 'pass', Test: `TestNumber${n}`, Elapsed: 0.01 }),
        tail: line({ Action: 'pass', Elapsed: 1 }),
      };
    },
  },
  {
    runner: 'unknown',
    what: 'TAP of an unknown command',
    asReport: false,
    text: (tests) => ({
      head: 'TAP version 13\n',
      test: (n) => `# ${NOISE}\nok ${n + 1} - test number ${n}\n  ---\n  duration_ms: 1\n  ...\n`,
      tail: `1..${tests}\n`,
    }),
  },
  {
    runner: 'maven',
    what: 'JUnit XML',
    asReport: true,
    text: (tests) => ({
      head: `<?xml version="1.0"?><testsuite name="a" tests="${tests}" failures="0" errors="0" skipped="0">\n`,
      test: (n) =>
        `<testcase classname="a.B" name="n${n}" time="0.01"><system-out>${NOISE}</system-out></testcase>\n`,
      tail: '</testsuite>\n',
    }),
  },
  {
    runner: 'node',
    what: 'node:test events',
    asReport: true,
    text: () => ({
      head: '',
      test: (n) =>
        `${JSON.stringify({ type: 'test:pass', name: `number ${n} ${NOISE}`, nesting: 0, file: `/project/test/${n % 50}.test.js`, line: 1, ms: 1 })}\n`,
      tail: '{"type":"end"}\n',
    }),
  },
];

function written({ text }: Log): { readonly text: string; readonly tests: number } {
  const each = text(1).test(1000).length;
  const tests = Math.ceil((LOG_MB * MEGABYTE) / each);
  const { head, test, tail } = text(tests);
  const parts = [head];
  for (let n = 0; n < tests; n++) parts.push(test(n));
  return { text: [...parts, tail].join(''), tests };
}

function read(log: Log): void {
  const { text, tests } = written(log);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const report = parseReport({
    runner: log.runner,
    stdout: log.asReport ? '' : text,
    stderr: '',
    reports: log.asReport ? [{ path: '/reports/a.xml', text }] : [],
    asked: log.asReport ? 1 : 0,
    root: '/project',
  });
  const seconds = (performance.now() - began) / 1000;
  const took = (process.memoryUsage().rss - before) / MEGABYTE;
  const right = report.totals.passed === tests && report.status === 'complete';
  figure(`${log.what}, ${LOG_MB} MB, ${tests.toLocaleString('en')} tests`, LOG_MB / seconds, 'MB/s', {
    min: RATE_MB_MIN,
  });
  figure(`  memory it took`, took / LOG_MB, 'logs', { max: COPIES_MAX });
  figure(`  all tests were read`, right ? 1 : 0, '', { min: 1 });
}

for (const log of LOGS) read(log);

const folder = await fs.mkdtemp(join(process.env['QUARTET_BENCH'] ?? tmpdir(), 'qa-'));
try {
  await gated(folder);
} finally {
  await fs.rm(folder, { recursive: true, force: true });
}

/** The tests of a small project, bare and through the gate's own door: report asked for, sandbox, reading. */
async function gated(root: string): Promise<void> {
  await fs.mkdir(join(root, 'test'));
  await fs.writeFile(join(root, 'package.json'), '{"type":"module","scripts":{"test":"node --test"}}');
  for (let n = 0; n < 5; n++) {
    const text = `import test from 'node:test';\nfor (let n = 0; n < 100; n++) test('number ' + n, () => {});\n`;
    await fs.writeFile(join(root, 'test', `n${n}.test.js`), text);
  }
  const files = createNodeFiles({ storage: join(root, 'state') });
  const view = {
    exists: async (path: string) => (await files.stat(root, path)) !== undefined,
    read: (path: string) => fs.readFile(join(root, path), 'utf8').catch(() => undefined),
  };
  const setup = await detectTests(view);
  const bare = await median(5, () =>
    timed(() =>
      promisify(execFile)('/bin/sh', ['-c', setup.label], {
        cwd: root,
        env: { ...process.env, ...setup.env },
      }),
    ),
  );
  const reportsDir = join(root, 'reports');
  await fs.mkdir(reportsDir);
  const shell = createNodeShell();
  const { signal } = new AbortController();
  const door: TestShell = {
    run: (command, options) =>
      shell.run(
        {
          ...{ command, outputChars: 4_000_000, label: 'bench', ...options },
          confined: { mode: 'auto', network: 'local', writable: [root, reportsDir], readable: [] },
        },
        signal,
      ),
    findReports: () => Promise.resolve([]),
    readReport: (path) => fs.readFile(path, 'utf8').catch(() => undefined),
    removeReport: (path) => fs.rm(path, { force: true }),
    writeHelper: (path, text) => fs.writeFile(path, text),
  };
  const once = async (): Promise<void> => {
    const { report } = await runTests(setup, door, { cwd: root, reportsDir, timeoutMs: 60_000, signal });
    if (report.totals.passed !== 500) throw new Error(`${report.totals.passed} of 500 tests were read`);
  };
  const held = await median(5, () => timed(once));
  figure('500 tests, bare', bare, 'ms');
  figure('500 tests, gated', held, 'ms');
  figure('what the gate takes of the bare command', held / bare, 'times', { max: OVERHEAD_MAX });
}
