/** The browser of the tests as a person would name it: one program, whatever it needs to start. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureBrowser } from './browser.mjs';

export interface LocalBrowser {
  /** Absolute path of a program that starts it. */
  readonly program: string;
  /** Folder that it reads from besides. */
  readonly folder: string;
}

interface Found {
  readonly path: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Why there is none, for the word that skips. */
export async function localBrowser(room: string): Promise<LocalBrowser | string> {
  if (process.platform === 'win32') return 'no browser with its own environment on Windows';
  try {
    const { path, env = {} } = (await ensureBrowser(() => undefined)) as Found;
    const program = join(room, 'browser.sh');
    const lines = Object.entries(env).map(([name, value]) => `export ${name}='${value}'`);
    writeFileSync(program, `#!/bin/sh\n${lines.join('\n')}\nexec '${path}' "$@"\n`, { mode: 0o755 });
    return { program, folder: dirname(path) };
  } catch (error) {
    return `no browser: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
  }
}
