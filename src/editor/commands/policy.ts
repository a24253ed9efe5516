/** Commands about what agents may do: what was allowed for good, what was decided, how much is done without asking. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import { ruleText } from '../../core/policy/rule-text.ts';
import { Autonomy, type Permission } from '../../protocol/policy.ts';
import type { Desk } from '../desk.ts';
import { t } from '../told.ts';
import { chooseRun, idOf } from './choose-run.ts';
import { tellNothing, type Commands } from './register.ts';
import { askWhereToSave } from './save-as.ts';

/** The log of a run in an editor of its own; with a target, as JSON in that file. */
async function showAuditLog(desk: Desk, given: unknown, target: unknown): Promise<string | undefined> {
  const backend = await desk.connect();
  if (desk.entries.length === 0 && idOf(given) === undefined) {
    tellNothing(t('There is no run yet.'));
    return undefined;
  }
  const run = await chooseRun(desk, given, desk.entries, t('Show Audit Log'));
  if (run === undefined) return undefined;
  if (target instanceof vscode.Uri) {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(await backend.audit(run, 'json')));
    return run;
  }
  const content = await backend.audit(run, 'text');
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content }), {
    preview: true,
  });
  const save = t('Export as JSON');
  void vscode.window
    .showInformationMessage(t('Quartet: the journal was checked while it was read.'), save)
    .then(async (chosen) => {
      if (chosen !== save) return;
      const file = { run, what: 'audit', filters: { JSON: ['json'] } };
      const uri = await askWhereToSave(t('Export Audit Log'), file);
      if (uri !== undefined)
        await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(await backend.audit(run, 'json')));
    });
  return run;
}

interface PermissionItem extends vscode.QuickPickItem {
  readonly permission: Permission;
}

/** Lists what was allowed for good; what is picked is asked again from then on. `given` names one to take back. */
async function showPermissions(desk: Desk, given: unknown): Promise<number> {
  const { permissions } = await desk.connect();
  if (typeof given === 'string') return (await permissions.remove(given)) ? 1 : 0;
  const all = await permissions.list();
  if (all.length === 0) {
    tellNothing(t('Nothing is allowed for good in this workspace.'));
    return 0;
  }
  const items = all.map((permission): PermissionItem => ({
    permission,
    label: plainText(permission.rule.command ?? permission.rule.path ?? ''),
    description: permission.rule.tool ?? '',
    detail: `${plainText(ruleText(permission.rule))} · ${new Date(permission.at).toLocaleString(vscode.env.language)}`,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Allowed for good in this workspace'),
    placeHolder: t('Pick what should be asked again'),
    canPickMany: true,
  });
  for (const { permission } of picked ?? []) await permissions.remove(permission.id);
  return picked?.length ?? 0;
}

/** How much may be done without asking, in words. */
export function autonomyLevels() {
  return [
    { level: 'ask' as const, label: t('Ask'), detail: t('Looking is free; every command asks.') },
    {
      level: 'guided' as const,
      label: t('Guided'),
      detail: t('Tests, builds and checks are free; other commands ask.'),
    },
    {
      level: 'auto' as const,
      label: t('Auto'),
      detail: t('Whatever stays in the working copy is free; what reaches beyond it asks.'),
    },
  ];
}

/** Sets how much new runs do without asking. Workspaces cannot. */
async function setAutonomy(given: unknown): Promise<Autonomy | undefined> {
  const level = Autonomy.safeParse(given);
  const chosen = level.success
    ? level.data
    : (await vscode.window.showQuickPick(autonomyLevels(), { title: t('Autonomy of new runs') }))?.level;
  if (chosen !== undefined)
    await vscode.workspace
      .getConfiguration('quartet')
      .update('autonomy', chosen, vscode.ConfigurationTarget.Global);
  return chosen;
}

/** All need a trusted folder. */
export function policyCommands(desk: Desk) {
  return {
    showAuditLog: (given, target) => showAuditLog(desk, given, target),
    showPermissions: (given) => showPermissions(desk, given),
    setAutonomy: (given) => setAutonomy(given),
  } satisfies Commands;
}
