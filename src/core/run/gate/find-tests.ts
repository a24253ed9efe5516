/** How the tests of a run are run, as a step: what a person said, else what the files of the base say. */
import type { Check } from '../../qa/checks/check.ts';
import { findChecks } from '../../qa/checks/find.ts';
import { knowTests, type SaidBy } from '../../qa/known.ts';
import type { FilesView, TestSetup } from '../../qa/test-setup.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import type { Run } from '../run.ts';

/** A set-up, and what else is known. What is absent was not looked for. */
export interface FoundTests extends TestSetup {
  readonly said?: SaidBy;
  readonly checks?: readonly Check[];
  /** Ids of tests that are known to depend on chance. */
  readonly quarantine?: readonly string[];
}

export async function findTests(run: Run, base: string): Promise<FoundTests> {
  const { testCommand, qa } = run.settings;
  const found = await run.steps.step<FoundTests>(
    'gate/base/detect',
    { kind: 'detect', title: 'Find the tests', input: { base, testCommand }, brief: (setup) => setup.why },
    async () => {
      const view = viewOf(run, base);
      const kept = await run.ports.tests.kept();
      const { setup, said } = await knowTests(view, { setting: testCommand, kept: kept.command });
      if (qa === undefined) return setup;
      const quarantine = kept.quarantine.map(({ id }) => id);
      return { ...setup, said, checks: await findChecks(view), quarantine };
    },
  );
  if (found.said !== undefined) tell(run, found, found.said);
  return found;
}

function tell(run: Run, { found, label, why, checks = [] }: FoundTests, said: SaidBy): void {
  const told = checks.filter(({ kind }) => run.settings.qa?.checks[kind] !== 'off');
  const data = {
    ...{ found, command: label, why, said },
    checks: told.map(({ kind, command, folder }) => ({
      kind,
      command,
      ...(folder !== undefined && { folder }),
    })),
  };
  run.steps.record({ type: 'tests.found', key: 'tests', data });
}

/** The files of a recorded tree. */
export function viewOf(run: Run, tree: string): FilesView {
  const { copies } = run.ports;
  const read = async (path: string): Promise<string | undefined> => {
    const bytes = await copies.read(tree, path);
    return bytes && decodeUtf8(bytes);
  };
  return {
    read,
    exists: async (path) =>
      (await copies.read(tree, path)) !== undefined || (await copies.names(tree, path)) !== undefined,
    list: (folder) => copies.names(tree, folder),
  };
}
