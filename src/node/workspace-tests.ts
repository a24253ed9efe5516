/** The tests of a workspace, apart from any run, for the editor's door. */
import type { KnownTests } from '../core/qa/known.ts';
import { lacksPackages } from '../core/qa/packages.ts';
import { testFilesIn } from '../core/qa/related.ts';
import type { EnginePorts } from '../core/run/contract.ts';
import { installPackages, type Installing, type Prepared } from '../core/run/gate/install.ts';
import { knownIn, workspaceView } from '../core/run/gate/workspace-tests.ts';
import { toldGates, type ToldGate } from '../core/run/views/told-tests.ts';
import { isPrepared, preparePackages } from './copies/prepared.ts';

type Needs = Pick<EnginePorts, 'tests' | 'files' | 'workspace' | 'copies' | 'shell' | 'store' | 'hasher'>;

/** `setting`: the test command that the settings name now. */
export function createWorkspaceTests(ports: Needs, storage: string, setting: () => string | undefined) {
  const known = (): Promise<KnownTests> => knownIn(ports, setting());
  return {
    known,
    kept: () => ports.tests.kept(),
    keep: (change: Parameters<EnginePorts['tests']['keep']>[0]) => ports.tests.keep(change),
    files: (): Promise<readonly string[]> => testFilesIn(workspaceView(ports)),
    async lacksPackages(): Promise<boolean> {
      const isLacking = await lacksPackages((await known()).setup, workspaceView(ports));
      return isLacking && !(await isPrepared(storage, ports.workspace.root));
    },
    async install(how: Omit<Installing, 'ports' | 'prepare'>): Promise<Prepared | 'none'> {
      const { copies } = ports;
      return await installPackages((await known()).setup, {
        ...{ ...how, ports },
        prepare: (tree, install) => preparePackages({ storage, copies, tree, install }),
      });
    },
    told: (run: string, since?: number): Promise<readonly ToldGate[]> => toldGates(ports, run, since),
  };
}
