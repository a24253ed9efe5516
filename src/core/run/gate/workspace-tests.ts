/** How the tests of a person's workspace are run, as it is now. Apart from any run. */
import { decodeUtf8 } from '../../changes/encoding.ts';
import type { Files, TestMemory, Workspace } from '../../ports.ts';
import { knowTests, type KnownTests } from '../../qa/known.ts';
import type { FilesView } from '../../qa/test-setup.ts';

interface TestsNeeds {
  readonly files: Files;
  readonly workspace: Pick<Workspace, 'root'>;
  readonly tests: TestMemory;
}

/** The files of the workspace as they lie on the disk. */
export function workspaceView({ files, workspace: { root } }: Omit<TestsNeeds, 'tests'>): FilesView {
  return {
    exists: async (path) => (await files.stat(root, path)) !== undefined,
    read: async (path) => {
      const stat = await files.stat(root, path);
      const bytes = stat?.kind === 'file' ? await files.read(root, path) : undefined;
      return bytes && decodeUtf8(bytes);
    },
    list: (folder) => files.names(root, folder),
  };
}

/** `setting`: the test command that the settings name. Errors: `tests.damaged`. */
export async function knownIn(ports: TestsNeeds, setting: string | undefined): Promise<KnownTests> {
  const { command } = await ports.tests.kept();
  return knowTests(workspaceView(ports), { setting, kept: command });
}
