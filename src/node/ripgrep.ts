/** Ripgrep: where it is, and one run of it. */
import { execFile, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { PortError } from '../core/ports.ts';
import { programOf } from './program.ts';
import { patternError, SEARCHED_BYTES_MAX, UNSEARCHED } from './lines.ts';

export interface Ripgrep {
  readonly path: string;
  /** Look-around and back references are understood. */
  readonly pcre2: boolean;
}

/** How long a candidate may take to say its version, in milliseconds. */
const PROBE_MS = 5_000;

/** The first candidate that runs: the given paths, the one on the PATH, the one of the package `@vscode/ripgrep`. */
export async function findRipgrep(paths: readonly string[]): Promise<Ripgrep | undefined> {
  for (const path of [...paths, programOf('rg'), packaged()]) {
    if (path === undefined || path === '') continue;
    const version = await promisify(execFile)(path, ['--version'], {
      timeout: PROBE_MS,
      windowsHide: true,
    }).catch(() => undefined);
    if (version?.stdout.startsWith('ripgrep ') === true)
      return { path, pcre2: version.stdout.includes('+pcre2') };
  }
  return undefined;
}

function packaged(): string | undefined {
  const name = process.platform === 'win32' ? 'rg.exe' : 'rg';
  try {
    return createRequire(import.meta.url).resolve(
      `@vscode/ripgrep-${process.platform}-${process.arch}/bin/${name}`,
    );
  } catch {
    return undefined;
  }
}

/** Reads the `.gitignore` files below the root and nothing else: no configuration, no rules of this machine. */
const COMMON: readonly string[] = [
  '--no-config',
  '--no-messages',
  '--hidden',
  '--no-require-git',
  '--no-ignore-parent',
  '--no-ignore-global',
  '--no-ignore-exclude',
  '--no-ignore-dot',
  `--max-filesize=${SEARCHED_BYTES_MAX}`,
  ...[...UNSEARCHED].map((name) => `--glob=!${name}`),
];

export interface RipgrepRun {
  readonly root: string;
  readonly args: readonly string[];
  /** What is searched for; absent where files are listed. */
  readonly pattern?: string;
  readonly signal: AbortSignal | undefined;
  /** Gets each line of output; `false` means enough. */
  readonly line: (line: string) => boolean;
}

/** Errors: `search.pattern`, `search.failed`; abort rejects with the signal's reason. */
export async function runRipgrep(rg: Ripgrep, run: RipgrepRun): Promise<void> {
  run.signal?.throwIfAborted();
  const what = run.pattern === undefined ? ['.'] : [run.pattern, '.'];
  const child = spawn(rg.path, [...run.args, ...COMMON, '--', ...what], {
    cwd: run.root,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let enough = false;
  let said = '';
  const abort = () => child.kill('SIGKILL');
  run.signal?.addEventListener('abort', abort, { once: true });
  child.stderr.on('data', (chunk: Buffer) => (said += said.length < 4000 ? chunk.toString('utf8') : ''));
  const closed = new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  );
  closed.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: child.stdout, crlfDelay: Infinity })) {
      if (run.line(line)) continue;
      enough = true;
      child.kill('SIGKILL');
      break;
    }
    const code = await closed;
    run.signal?.throwIfAborted();
    if (!enough && code !== 0 && code !== 1 && said !== '') throw failure(run.pattern ?? '', said);
  } catch (cause) {
    run.signal?.throwIfAborted();
    if (cause instanceof PortError) throw cause;
    throw new PortError('search.failed', `The search failed: ${String(cause)}`, { cause });
  } finally {
    run.signal?.removeEventListener('abort', abort);
    child.kill('SIGKILL');
  }
}

function failure(query: string, said: string): PortError {
  if (/regex parse error|PCRE2|error parsing|look-around|backreference/iu.test(said))
    return patternError(query, said);
  return new PortError('search.failed', `The search failed: ${said.trim()}`);
}
