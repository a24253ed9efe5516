/** Where pytest works on this machine: the first `python3` on the path need not be the one that has it. */
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * A PATH with which `python3 -m pytest` works, `first` before all else; `undefined` where none does. Tools that manage versions of Python put their folders on
 * the path from a shell's start-up files by `HOME`: where that is another folder, the system's Python is found, which has no pytest.
 */
export function pathWithPytest(first: readonly string[] = []): string | undefined {
  const PATH = [...first, process.env['PATH'] ?? ''].join(delimiter);
  const home = userInfo().homedir;
  const folders = [
    ...PATH.split(delimiter),
    join(home, '.pyenv/shims'),
    join(home, '.local/bin'),
    '/usr/local/bin',
  ];
  return [PATH, ...new Set(folders.map((folder) => [folder, PATH].join(delimiter)))].find(works);
}

function works(path: string): boolean {
  try {
    execFileSync('python3', ['-m', 'pytest', '--version'], {
      stdio: 'ignore',
      env: { ...process.env, PATH: path },
    });
    return true;
  } catch {
    return false;
  }
}
