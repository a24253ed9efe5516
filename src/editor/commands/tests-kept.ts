/** Commands about what is kept of tests: how they are run, as a person said, and those that depend on chance. */
import * as vscode from 'vscode';
import type { KnownTests } from '../../core/qa/known.ts';
import type { QuarantinedTest, TestsKept } from '../../protocol/tests-kept.ts';
import type { WorkspaceTests } from '../backend.ts';
import type { Desk } from '../desk.ts';
import { t } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

export interface KeptNeeds {
  readonly desk: Desk;
  /** Told after something else is kept. */
  readonly changed: () => void;
}

/** What is kept is changed by these words; menus and the panel give them too. */
type Act = 'confirm' | 'set' | 'forget' | 'flaky' | 'settings' | 'install';

/** All need a trusted folder. */
export function keptCommands(needs: KeptNeeds) {
  return {
    configureTests: (act, command) => configure(needs, act, command),
    flakyTests: (given) => flaky(needs, given),
  } satisfies Commands;
}

async function configure(needs: KeptNeeds, given: unknown, command: unknown): Promise<string | undefined> {
  const { tests } = await needs.desk.connect();
  const [known, kept] = [await tests.known(), await tests.kept()];
  const act =
    ACTS.find((each) => each === given) ?? (await chooseAct(known, kept, await tests.lacksPackages()));
  switch (act) {
    case 'confirm':
      if (known.setup.found) return await keep(needs, known.setup.label, 'confirmed');
      tellNothing(t('There is nothing to confirm. {0}', known.setup.why));
      return undefined;
    case 'set': {
      const text = typeof command === 'string' ? command : await askCommand(known);
      return text === undefined || text.trim() === '' ? undefined : await keep(needs, text.trim(), 'set');
    }
    case 'forget':
      await change(needs, ({ command: _former, ...rest }) => rest);
      tellNothing(t('Forgotten: how your tests are run is found anew.'));
      return undefined;
    case 'flaky':
      await flaky(needs, undefined);
      return undefined;
    case 'settings':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'quartet.testCommand');
      return undefined;
    case 'install':
      return await vscode.commands.executeCommand('quartet.installPackages');
    case undefined:
      return undefined;
  }
}

const ACTS: readonly Act[] = ['confirm', 'set', 'forget', 'flaky', 'settings', 'install'];

async function change(
  { desk, changed }: KeptNeeds,
  to: Parameters<WorkspaceTests['keep']>[0],
): Promise<void> {
  await (await desk.connect()).tests.keep(to);
  changed();
}

async function keep(needs: KeptNeeds, command: string, how: 'set' | 'confirmed'): Promise<string> {
  await change(needs, (kept) => ({ ...kept, command: { command, how, at: Date.now() } }));
  tellNothing(t('Kept for this workspace: {0}', command));
  return command;
}

export interface ActItem extends vscode.QuickPickItem {
  readonly act: Act;
}

/** What may be done now. `lacking`: packages are neither in the folder nor prepared for working copies. */
export function actItems({ setup, said }: KnownTests, kept: TestsKept, lacking: boolean): readonly ActItem[] {
  const found = setup.found && said === 'found';
  const flakyCount = kept.quarantine.length;
  const items: readonly (ActItem | false)[] = [
    found && {
      act: 'confirm',
      label: `$(check) ${t('Yes, run them so')}`,
      description: setup.label,
      detail: setup.why,
    },
    said === 'setting'
      ? {
          act: 'settings',
          label: `$(gear) ${t('Change the Setting…')}`,
          description: setup.label,
          detail: setup.why,
        }
      : { act: 'set', label: `$(edit) ${t('Set Another Command…')}`, detail: found ? '' : setup.why },
    kept.command !== undefined && {
      act: 'forget',
      label: `$(discard) ${t('Find It Anew')}`,
      description: t('you said: {0}', kept.command.command),
    },
    lacking && {
      act: 'install',
      label: `$(cloud-download) ${t('Install Packages for Working Copies')}`,
      description: (setup.setupCommands ?? []).join(' && '),
      detail: t(
        'They are not installed in this folder, so tests of working copies may not run. Your folder stays as it is.',
      ),
    },
    flakyCount > 0 && {
      act: 'flaky',
      label: `$(question) ${t('Tests That Depend on Chance…')}`,
      description: String(flakyCount),
    },
  ];
  return items.filter((item) => item !== false);
}

async function chooseAct(known: KnownTests, kept: TestsKept, lacking: boolean): Promise<Act | undefined> {
  const { setup } = known;
  const title = setup.found ? t('Your tests are run by: {0}', setup.label) : t('No tests were found');
  const placeHolder = t('How are the tests of this folder run?');
  const chosen = await vscode.window.showQuickPick(actItems(known, kept, lacking), { title, placeHolder });
  return chosen?.act;
}

async function askCommand({ setup }: KnownTests): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title: t('Test Command'),
    prompt: t('What you would type in a terminal in this folder. It is kept for this workspace.'),
    value: setup.label,
    ignoreFocusOut: true,
  });
}

/** `given`: the id of a test to release; absent: the person chooses. What is left in quarantine. */
async function flaky(needs: KeptNeeds, given: unknown): Promise<readonly string[]> {
  const { tests } = await needs.desk.connect();
  const { quarantine } = await tests.kept();
  const ids = quarantine.map(({ id }) => id);
  if (quarantine.length === 0) {
    tellNothing(t('No test is known to depend on chance.'));
    return [];
  }
  const named = typeof given === 'string' ? ids.filter((id) => id === given) : undefined;
  const released = named ?? (await chooseReleased(quarantine));
  if (released.length === 0) return ids;
  await change(needs, (kept) => ({
    ...kept,
    quarantine: kept.quarantine.filter(({ id }) => !released.includes(id)),
  }));
  tellNothing(t('Released: the next time it fails by chance, that counts again.'));
  return ids.filter((id) => !released.includes(id));
}

async function chooseReleased(quarantine: readonly QuarantinedTest[]): Promise<readonly string[]> {
  const items = quarantine.map(({ id, sightings }) => ({
    id,
    label: id,
    detail: sightings.map(sightingText).join('; '),
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: t('Tests That Depend on Chance'),
    placeHolder: t('Choose those that count again when they fail'),
    canPickMany: true,
    matchOnDetail: true,
  });
  return (chosen ?? []).map(({ id }) => id);
}

function sightingText({ at, run, passed, failed }: QuarantinedTest['sightings'][number]): string {
  const day = new Date(at).toLocaleDateString(vscode.env.language);
  return t('{0}: failed in {1} of {2} runs of the same files ({3})', day, failed, failed + passed, run);
}
