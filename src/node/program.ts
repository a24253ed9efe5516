/**
 * Programs of this machine, by name. What is started works in folders of strangers, and systems look there as well: Windows before all
 * other places, others where the PATH has an entry that is relative. So such places are left out.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

interface Where {
  readonly env?: Env;
  readonly platform?: NodeJS.Platform;
  readonly isProgram?: (path: string) => boolean;
}

/** Tells cmd, and programs that look as it does, not to start what lies in the folder they are in. */
export const NOT_FROM_HERE: Readonly<Record<string, string>> =
  process.platform === 'win32' ? { NoDefaultCurrentDirectoryInExePath: '1' } : {};

/** A PATH without places that depend on the folder one is in. */
export function absolutePath(path: string, platform: NodeJS.Platform = process.platform): string {
  const paths = platform === 'win32' ? win32 : posix;
  return path
    .split(paths.delimiter)
    .filter((folder) => paths.isAbsolute(folder.replaceAll('"', '')))
    .join(paths.delimiter);
}

/** Where the program lies; undefined where no absolute place of the PATH has it. */
export function programOf(name: string, where: Where = {}): string | undefined {
  const { env = process.env, platform = process.platform, isProgram = canRun } = where;
  const windows = platform === 'win32';
  const paths = windows ? win32 : posix;
  const folders = absolutePath(env['PATH'] ?? env['Path'] ?? '', platform).split(paths.delimiter);
  const names = windows ? [`${name}.exe`, `${name}.com`] : [name];
  return folders
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((each) => paths.join(folder.replaceAll('"', ''), each)))
    .find(isProgram);
}

/** As `programOf`; where there is none, a path that leads nowhere, as a name alone would lead into the folder. */
export function programOrNowhere(name: string): string {
  if (process.platform !== 'win32') return programOf(name) ?? name;
  return programOf(name) ?? win32.join(dirname(process.execPath), 'not-found', `${name}.exe`);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
