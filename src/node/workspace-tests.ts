/** The tests of a workspace, apart from any run, for the editor's door; each part is loaded when it is first asked for. */
import type { KnownTests } from '../core/qa/known.ts';
import type { EnginePorts } from '../core/run/contract.ts';
import type { Installing, Prepared } from '../core/run/gate/install.ts';
import type { ToldGate } from '../core/run/views/told-tests.ts';

type Needs = Pick<EnginePorts, 'tests' | 'files' | 'workspace' | 'copies' | 'shell' | 'store' | 'hasher'>;

/** `setting`: the test command that the settings name now. */
export function createWorkspaceTests(ports: Needs, storage: string, setting: () => string | undefined) {
  const known = async (): Promise<KnownTests> => {
    const { knownIn } = await import('../core/run/gate/workspace-tests.ts');
    return await knownIn(ports, setting());
  };
  return {
    known,
    kept: () => ports.tests.kept(),
    keep: (change: Parameters<EnginePorts['tests']['keep']>[0]) => ports.tests.keep(change),
    async files(): Promise<readonly string[]> {
      const [{ testFilesIn }, { workspaceView }] = await Promise.all([
        import('../core/qa/related.ts'),
        import('../core/run/gate/workspace-tests.ts'),
      ]);
      return await testFilesIn(workspaceView(ports));
    },
    async lacksPackages(): Promise<boolean> {
      const [{ lacksPackages }, { workspaceView }, { isPrepared }] = await Promise.all([
        import('../core/qa/packages.ts'),
        import('../core/run/gate/workspace-tests.ts'),
        import('./copies/prepared.ts'),
      ]);
      const isLacking = await lacksPackages((await known()).setup, workspaceView(ports));
      return isLacking && !(await isPrepared(storage, ports.workspace.root));
    },
    async install(how: Omit<Installing, 'ports' | 'prepare'>): Promise<Prepared | 'none'> {
      const [{ installPackages }, { preparePackages }] = await Promise.all([
        import('../core/run/gate/install.ts'),
        import('./copies/prepared.ts'),
      ]);
      const { copies } = ports;
      return await installPackages((await known()).setup, {
        ...{ ...how, ports },
        prepare: (tree, install) => preparePackages({ storage, copies, tree, install }),
      });
    },
    async told(run: string, since?: number): Promise<readonly ToldGate[]> {
      const { toldGates } = await import('../core/run/views/told-tests.ts');
      return await toldGates(ports, run, since);
    },
  };
}
