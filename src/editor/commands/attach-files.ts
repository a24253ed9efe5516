/** Files for the goal that is being written: chosen in a dialog, or named by a menu of the explorer. */
import * as vscode from 'vscode';
import type { Desk } from '../desk.ts';
import type { GoalGiven } from '../goal/given.ts';
import { offeredBy } from '../goal/places.ts';
import { workspaceFolder } from '../obstacle.ts';
import { t } from '../told.ts';

export interface AttachNeeds {
  readonly desk: Desk;
  readonly given: GoalGiven;
  readonly showPanel: () => Promise<void>;
}

/** The explorer names the one that was clicked, and all that are selected. */
function named(one: unknown, all: unknown): readonly vscode.Uri[] {
  const selected = Array.isArray(all) ? all.filter((each) => each instanceof vscode.Uri) : [];
  if (selected.length > 0) return selected;
  return one instanceof vscode.Uri ? [one] : [];
}

/** Resolves to how many were named or attached; `undefined` where none was chosen. */
export async function attachFiles(
  { desk, given, showPanel }: AttachNeeds,
  one: unknown,
  all: unknown,
): Promise<number | undefined> {
  const folder = workspaceFolder()?.uri;
  const uris = named(one, all);
  const chosen =
    uris.length > 0
      ? uris
      : await vscode.window.showOpenDialog({
          canSelectMany: true,
          title: t('Add Files to the Goal'),
          openLabel: t('Add'),
          ...(folder && { defaultUri: folder }),
        });
  if (chosen === undefined || chosen.length === 0) return undefined;
  const before = await given.now();
  const offered = await offeredBy(chosen, before, { read: true });
  if (desk.openId !== undefined) await desk.open(undefined);
  given.offer(offered);
  await showPanel();
  const more = offered.images.length + offered.files.length - before.images.length - before.files.length;
  return offered.mentions.length + more;
}
