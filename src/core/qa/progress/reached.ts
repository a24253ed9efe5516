/** How far a run of the tests came that was ended by its time limit. */
import type { TestProgress } from '../../../protocol/test-progress.ts';
import type { Runner } from '../report.ts';
import { createTestWatch } from './watch.ts';

export interface Reached extends TestProgress {
  /** Tests that had begun and not ended, or the files that they lie in. */
  readonly running: readonly string[];
  /** Of the tests that ended, longest first. */
  readonly slowest: readonly { readonly name: string; readonly ms: number }[];
}

/** What is left of a run: what it printed, and the reports that it had begun. */
export interface Remains {
  readonly stdout: string;
  readonly stderr: string;
  readonly reports: readonly { readonly text: string }[];
}

/** Tests named as still running. */
const RUNNING_MAX = 5;

export function reachedBy(runner: Runner, { stdout, stderr, reports }: Remains): Reached {
  const watch = createTestWatch(runner);
  watch.add(stdout, 'stdout');
  watch.add(stderr, 'stderr');
  const begun = reports.flatMap(({ text }) => unfinishedIn(text));
  const running = begun.length > 0 ? begun : watch.running();
  return { ...watch.progress(), running: running.slice(0, RUNNING_MAX), slowest: watch.slowest() };
}

/** Tests that our own reporters told the beginning of, and not the end. */
function unfinishedIn(report: string): readonly string[] {
  const open = new Map<string, Begun>();
  for (const line of report.split('\n')) {
    const event = eventOf(line);
    if (event?.type === 'begin') open.set(event.of, event);
    else if (event !== undefined) open.delete(event.of);
  }
  const all = [...open.values()];
  return all.filter((each) => !holdsOthers(each, all)).map(({ name }) => name);
}

interface Begun {
  readonly type: string;
  readonly of: string;
  readonly name: string;
  readonly file?: unknown;
  readonly nesting?: unknown;
}

/** A suite is running because a test in it is. */
function holdsOthers({ file, nesting }: Begun, all: readonly Begun[]): boolean {
  if (typeof nesting !== 'number') return false;
  return all.some((other) => other.file === file && Number(other.nesting) > nesting);
}

function eventOf(line: string): Begun | undefined {
  if (!line.startsWith('{"type"')) return undefined;
  try {
    const { type, of, name, file, nesting } = JSON.parse(line) as Record<string, unknown>;
    return typeof of === 'string' && typeof type === 'string' && typeof name === 'string'
      ? { type, of, name, file, nesting }
      : undefined;
  } catch {
    return undefined;
  }
}
