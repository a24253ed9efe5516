/** Which run a command means. */
import * as vscode from 'vscode';
import type { RunEntry } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { statusLabel, unreadableText } from '../run-label.ts';
import { t } from '../told.ts';
import { tellNothing } from './register.ts';

/** The run that a menu, a link or a test names. */
export const idOf = (given: unknown): string | undefined => {
  if (typeof given === 'string') return given;
  const id = typeof given === 'object' && given !== null && 'id' in given ? given.id : undefined;
  return typeof id === 'string' ? id : undefined;
};

/** Asks which run is meant. */
export async function pickRun(
  desk: Desk,
  entries: readonly RunEntry[],
  title: string,
): Promise<string | undefined> {
  const items = entries.map((entry) => ({
    id: entry.id,
    label: entry.goal.trim().split('\n')[0] ?? entry.goal,
    description: statusLabel(entry, desk.isLive(entry.id)),
    detail: unreadableText(entry) ?? new Date(entry.startedAt).toLocaleString(vscode.env.language),
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.id;
}

/** The run meant: given, else the open one if it fits, else the only one that fits, else chosen. */
export async function chooseRun(desk: Desk, given: unknown, fitting: readonly RunEntry[], title: string) {
  const id = idOf(given);
  if (id !== undefined) return id;
  if (fitting.some((entry) => entry.id === desk.openId)) return desk.openId;
  return fitting.length === 1 ? fitting[0]?.id : await pickRun(desk, fitting, title);
}

/** The run meant, among those that fit; says so where none does. */
export async function chooseAmong(
  desk: Desk,
  given: unknown,
  { title, fits = () => true }: { title: string; fits?: (entry: RunEntry) => boolean },
): Promise<string | undefined> {
  await desk.connect();
  const fitting = desk.entries.filter(fits);
  if (fitting.length > 0 || idOf(given) !== undefined) return chooseRun(desk, given, fitting, title);
  tellNothing(t('There is no run for this yet.'));
  return undefined;
}
