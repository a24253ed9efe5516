/** Where the editor keeps its own ripgrep. */
import { join } from 'node:path';

/** Places to look, the newest layout first; not all exist. `appRoot` is `vscode.env.appRoot`. */
export function ripgrepPlaces(appRoot: string, platform: string, arch: string): readonly string[] {
  const name = platform === 'win32' ? 'rg.exe' : 'rg';
  const folders = ['node_modules', 'node_modules.asar.unpacked'].map((modules) =>
    join(appRoot, modules, '@vscode'),
  );
  return folders.flatMap((folder) => [
    join(folder, 'ripgrep-universal', 'bin', `${platform}-${arch}`, name),
    join(folder, 'ripgrep', 'bin', name),
  ]);
}
