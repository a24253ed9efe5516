/** Where the terminal keeps its runs: the platform's state folder, one folder a workspace. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** The state folder of this platform: XDG on Linux, Application Support on macOS, LOCALAPPDATA on Windows. */
export function stateFolder(env: Env, system: string = platform(), home: string = homedir()): string {
  if (system === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'quartet');
  if (system === 'darwin') return join(home, 'Library', 'Application Support', 'quartet');
  return join(env['XDG_STATE_HOME'] ?? join(home, '.local', 'state'), 'quartet');
}

/** The storage of one workspace, named after its real path. */
export async function storageOf(state: string, workspace: string): Promise<string> {
  const real = await fs.realpath(workspace);
  return join(state, 'workspaces', createHash('sha256').update(real).digest('hex').slice(0, 16));
}

const WORKSPACE_FILE = 'workspace.json';

/** Notes which workspace a storage belongs to, so that a run can be found without naming it. */
export async function noteWorkspace(storage: string, workspace: string): Promise<void> {
  await fs.mkdir(storage, { recursive: true });
  await fs.writeFile(
    join(storage, WORKSPACE_FILE),
    `${JSON.stringify({ root: await fs.realpath(workspace) })}\n`,
  );
}

/** The storage and workspace that hold a run; undefined where none of the state folder does. */
export async function findRun(
  state: string,
  run: string,
): Promise<{ storage: string; workspace: string } | undefined> {
  if (!/^[a-z0-9-]+$/.test(run)) return undefined;
  const folder = join(state, 'workspaces');
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const storage = join(folder, name);
    const there = await fs.stat(join(storage, 'runs', run)).catch(() => undefined);
    if (!there) continue;
    const { root } = JSON.parse(await fs.readFile(join(storage, WORKSPACE_FILE), 'utf8')) as { root: string };
    return { storage, workspace: root };
  }
  return undefined;
}
