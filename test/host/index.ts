/**
 * Runs the bundled host tests inside the extension host (`extensionTestsPath`). Files use Mocha's `suite` and `test`.
 * Each outcome is a line of the file named by QUARTET_HOST_REPORT, so that the outside sees progress and a crash.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Mocha from 'mocha';

type Line =
  | { readonly type: 'pass' | 'skip'; readonly title: string; readonly ms: number }
  | { readonly type: 'fail' | 'flaky'; readonly title: string; readonly error: string }
  | { readonly type: 'end' };

function report(line: Line): void {
  const file = process.env['QUARTET_HOST_REPORT'];
  if (file === undefined) console.log(JSON.stringify(line));
  else appendFileSync(file, `${JSON.stringify(line)}\n`);
}

function watch(runner: Mocha.Runner): void {
  const named = (test: Mocha.Runnable): string => test.titlePath().join(' › ');
  runner.on('pass', (test) => report({ type: 'pass', title: named(test), ms: test.duration ?? 0 }));
  runner.on('pending', (test) => report({ type: 'skip', title: named(test), ms: 0 }));
  runner.on('retry', (test: Mocha.Test, error: Error) =>
    report({ type: 'flaky', title: named(test), error: error.stack ?? error.message }),
  );
  runner.on('fail', (test, error: Error) =>
    report({ type: 'fail', title: named(test), error: error.stack ?? error.message }),
  );
}

/** Of files in order those of a share, told as `1/2` for the first of two; all of them without one. */
function shareOf(files: readonly string[], share = '1/1'): readonly string[] {
  const [nth = 1, of = 1] = share.split('/').map(Number);
  return files.filter((_, at) => at % of === nth - 1);
}

/** Called by VS Code. Rejects when a test failed, which makes the extension host exit with 1. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, retries: 1, reporter: Mocha.reporters.Base });
  const here = import.meta.dirname;
  // In this order: the first file sees the extension before anything asked for it.
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.mjs'))
    .sort();
  for (const path of shareOf(files, process.env['QUARTET_HOST_SHARE'])) {
    mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, path, mocha);
    await import(pathToFileURL(join(here, path)).href);
  }
  const failures = await new Promise<number>((resolve) => {
    watch(mocha.run(resolve));
  });
  report({ type: 'end' });
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
