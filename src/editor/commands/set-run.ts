/** What holds for a run from here on, changed while it works: how much is done without asking, and its limits. */
import * as vscode from 'vscode';
import { PortError } from '../../core/ports.ts';
import { Change } from '../../protocol/people.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { isAtWork } from '../run-status.ts';
import { changeable, limitName, notALimit, withLimit, type Limit } from './budget.ts';
import { chooseAmong } from './choose-run.ts';
import { autonomyLevels } from './policy.ts';
import { roleName } from '../role-name.ts';
import { t } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

type Settings = Omit<Change & { readonly do: 'settings' }, 'do'>;

/** Needs a trusted folder. `setRun` takes a run and, from other extensions and tests, what is to hold. */
export function setRunCommands(desk: Desk) {
  return {
    setRun: async (given, settings) => {
      const fits = ({ status }: { status: RunView['status'] }) => isAtWork(status);
      const title = t('Change Autonomy and Limits of a Run');
      const run = await chooseAmong(desk, given, { title, fits });
      if (run === undefined) return undefined;
      const view = await (await desk.connect()).views.view(run);
      if (view.finished) {
        tellNothing(t('This run has finished.'));
        return undefined;
      }
      const chosen = settings === undefined ? await askFor(view, title) : settingsIn(view, settings);
      if (chosen === undefined) return undefined;
      await desk.change(run, { do: 'settings', ...chosen });
      return run;
    },
  } satisfies Commands;
}

/** Errors: `settings.invalid`. Limits that are not named stay. */
function settingsIn({ budget }: RunView, given: unknown): Settings {
  const change = Change.safeParse({ ...(typeof given === 'object' ? given : undefined), do: 'settings' });
  if (!change.success)
    throw new PortError('settings.invalid', `This cannot be set: ${change.error.issues[0]?.message ?? ''}.`);
  const { do: _do, ...settings } = change.data as Change & { readonly do: 'settings' };
  return { ...settings, ...(settings.budget && { budget: { ...budget, ...settings.budget } }) };
}

interface Item extends vscode.QuickPickItem {
  readonly settings?: Settings;
  readonly limit?: Limit;
}

async function askFor(view: RunView, title: string): Promise<Settings | undefined> {
  const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const items: readonly Item[] = [
    separator(t('How much is done without asking')),
    ...autonomyLevels().map(({ level, label, detail }) => ({
      label,
      detail,
      ...(level === view.autonomy && { description: t('as it is now') }),
      settings: { autonomy: level },
    })),
    separator(t('Limits')),
    ...changeable(view.budget).map((limit) => ({
      label: limitName(limit),
      description: limit.role === undefined ? t('the whole run') : roleName(limit.role),
      limit,
    })),
  ];
  const chosen = await vscode.window.showQuickPick(items, { title });
  if (chosen?.limit === undefined) return chosen?.settings;
  const { limit } = chosen;
  const text = await vscode.window.showInputBox({
    title,
    prompt: chosen.label,
    value: limit.max === undefined ? '' : String(limit.max),
    validateInput: (value) => notALimit(limit, value),
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : { budget: withLimit(view.budget, limit, Number(text)) };
}
