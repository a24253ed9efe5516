/** Commands that ran in the editor say what held them, and the settings reach the run. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { resolveSettings } from '../../src/editor/settings.ts';
import { readSetting } from '../../src/editor/read-setting.ts';
import { createNodeShell } from '../../src/node/shell.ts';
import { approved, asks, execute, reach, RUN_MS } from './driving.ts';

const settings = () => vscode.workspace.getConfiguration('quartet');
const set = (key: string, value: unknown) => settings().update(key, value, vscode.ConfigurationTarget.Global);
const resolved = () =>
  resolveSettings(readSetting, { endpoints: [], routes: {} }, { project: [], policy: undefined }).sandbox;

suite('the sandbox', () => {
  suiteTeardown(async () => {
    await set('sandbox.mode', undefined);
    await set('sandbox.network', undefined);
  });

  test('every command and test run of a demo has its badge', async function () {
    this.timeout(2 * RUN_MS);
    const run = await approved();
    const view = await reach(run, 'changes are offered', asks('review'));
    const { by, network } = await createNodeShell().enforced({ mode: 'auto', network: 'local' });
    const ran = view.feed.flatMap((item) =>
      item.kind === 'tool' && /^run_/u.test(item.tool) && item.state === 'ok' ? [item] : [],
    );
    assert.ok(ran.length > 2, `${ran.length} commands`);
    // What an earlier run found of the tests' set-up is known: nothing ran then.
    const isKnown = ({ title }: { title: string }): boolean =>
      title.startsWith('Look whether the tests load');
    for (const { title, enforced } of ran.filter((item) => !isKnown(item) || item.enforced !== undefined))
      assert.deepEqual([enforced?.by, enforced?.network], [by, network], title);
    assert.equal(await execute('rejectAll', true), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
  });

  test('the settings are those of the run', async () => {
    assert.deepEqual(resolved(), { mode: 'auto', network: 'local', readable: [] });
    await set('sandbox.mode', 'on');
    await set('sandbox.network', 'none');
    assert.deepEqual(resolved(), { mode: 'on', network: 'none', readable: [] });
  });

  test('a workspace cannot switch it off', () => {
    for (const key of ['mode', 'network', 'readable']) {
      const manifest = vscode.extensions.getExtension('quartet.quartet')?.packageJSON as {
        contributes: { configuration: { properties: Record<string, { scope?: string }> }[] };
      };
      const property = manifest.contributes.configuration
        .map(({ properties }) => properties[`quartet.sandbox.${key}`])
        .find((found) => found !== undefined);
      assert.equal(property?.scope, 'machine', key);
    }
  });
});
