/** Whether a workspace has the packages that its tests need. */
import type { FilesView, TestSetup } from './test-setup.ts';

/** What set-up commands fill, by the program that does. Others put packages outside of the folder, or say so themselves. */
const FILLED: readonly (readonly [command: RegExp, folder: string])[] = [
  [/^(npm|pnpm|yarn|bun)\b/, 'node_modules'],
  [/^uv\b/, '.venv'],
  [/^composer\b/, 'vendor'],
];

/** True where a folder that a set-up command fills is not there. Errors: what the view throws. */
export async function lacksPackages(
  { setupCommands = [] }: Pick<TestSetup, 'setupCommands'>,
  view: FilesView,
): Promise<boolean> {
  for (const command of setupCommands) {
    const [, folder] = FILLED.find(([program]) => program.test(command)) ?? [];
    if (folder !== undefined && !(await view.exists(folder))) return true;
  }
  return false;
}
