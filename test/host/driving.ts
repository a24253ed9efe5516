/** Drives runs by commands, as tests in the extension host do. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from '../../src/editor/obstacle.ts';
import type { QuartetApi } from '../../src/editor/shared.ts';
import type { RunView } from '../../src/protocol/view.ts';

/** Longest time that a demo run may take here. */
export const RUN_MS = 90_000;
/** Runs a command of ours. */
export const execute = async <T>(command: string, ...args: readonly unknown[]) =>
  await vscode.commands.executeCommand<T>(`quartet.${command}`, ...args);

/** What the extension offers to others. */
export async function api(): Promise<QuartetApi> {
  const extension = vscode.extensions.getExtension<QuartetApi>('quartet.quartet');
  assert.ok(extension);
  return await extension.activate();
}

/** The state of the run once it fits; a run that is over without fitting is a failure that says how. */
export async function reach(run: string, what: string, fits: (view: RunView) => boolean): Promise<RunView> {
  const { view } = await api();
  const ends = Date.now() + RUN_MS;
  for (;;) {
    const now = await view(run);
    if (fits(now)) return now;
    const over = now.finished ?? now.paused;
    assert.ok(over === undefined, `${what}: the run is over: ${JSON.stringify(over)}`);
    assert.ok(Date.now() < ends, `${what}: waited in vain; the run is ${now.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The journal of a resumed run says so a moment later. */
export async function goesOn(run: string): Promise<void> {
  const { view } = await api();
  const ends = Date.now() + 10_000;
  while ((await view(run)).paused !== undefined) {
    assert.ok(Date.now() < ends, 'the run goes on');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** True where the run asks a question of that kind. */
export const asks = (kind: string) => (view: RunView) => view.needs.some(({ ask }) => ask.kind === kind);
export const root = () => workspaceFolder()?.uri.fsPath ?? '';
export const onDisk = (path: string) => readFile(join(root(), path), 'utf8');

/** A demo run whose plan is approved. */
export async function approved(): Promise<string> {
  const run = await execute<string>('runDemo');
  assert.equal(typeof run, 'string', 'the sample is recognised and the demo starts here');
  await reach(run, 'a plan is offered', asks('plan'));
  assert.equal(await execute('approvePlan'), true);
  return run;
}
