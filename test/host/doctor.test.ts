/** Quartet: Doctor, and the editor's own ways to the network: its proxy setting, and an authority of the company's own. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { HOST, startProxy, startTls, type Listening, type Proxy } from '../support/corporate-network.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { execute } from './driving.ts';

const set = (section: string, key: string, value: unknown) =>
  vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);

suite('doctor', () => {
  let server: ModelServer;
  let secure: Listening;
  let proxy: Proxy;
  suiteSetup(async () => {
    const extension = vscode.extensions.getExtension('quartet.quartet');
    assert.ok(extension);
    server = await startModelServer({
      answers: ({ body }) =>
        JSON.stringify(body['tools'] ?? '').includes('report_ready')
          ? { calls: [{ tool: 'report_ready', args: { word: 'ready' } }] }
          : { content: 'ready' },
      models: ['alpha'],
    });
    const files = join(extension.extensionPath, 'test', 'fixtures', 'tls');
    secure = await startTls(Number(new URL(server.url).port), files);
    proxy = await startProxy();
  });
  suiteTeardown(() => Promise.all([proxy.close(), secure.close(), server.close()]));
  teardown(async () => {
    await set('quartet', 'endpoints', undefined);
    await set('http', 'proxy', undefined);
    await set('http', 'noProxy', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  const endpoints = (baseUrl: string) => set('quartet', 'endpoints', [{ id: 'a', baseUrl, model: 'alpha' }]);
  /** Each look is a document of its own. */
  const report = () =>
    vscode.workspace.textDocuments.findLast(({ uri }) => uri.scheme === 'quartet-doctor')?.getText() ?? '';
  /** Pages that show a report, by their names. */
  const pages = () =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(
        ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('markdown.preview'),
      );
  /** The editor takes up what is shown a moment later. */
  const soon = async (isThere: () => boolean) => {
    const ends = Date.now() + 5000;
    while (!isThere() && Date.now() < ends) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const says = async (pattern: RegExp) => {
    await soon(() => pattern.test(report()));
    assert.match(report(), pattern);
  };

  test('the accessibility help is a page with the titles and keys of the commands', async () => {
    await execute('accessHelp');
    const text = () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'quartet-help')?.getText() ?? '';
    await soon(() => text() !== '' && pages().length > 0);
    assert.match(text(), /^# Quartet: Accessibility Help/u);
    assert.match(text(), /\*\*Ctrl\+K J\*\*.*_Quartet: Go to What Needs You Next_/u);
    assert.equal(pages().length, 1);
  });

  test('the report is a page that says what was looked at', async function () {
    this.timeout(60_000);
    await endpoints(server.url);
    const summary = await execute<string>('doctor');
    assert.doesNotMatch(summary, /problem/, report());
    await soon(() => pages().length > 0);
    assert.equal(pages().length, 1, 'it is shown as a page');
    assert.equal(vscode.window.activeTextEditor, undefined, 'and not as a text');
    await says(/^## Runs$/m);
    for (const area of [
      'Versions',
      'Folder',
      'Tools',
      'Storage',
      'Models',
      'Network',
      'Tests',
      'Team',
      'Runs',
    ])
      assert.match(report(), new RegExp(`^## ${area}$`, 'm'));
    assert.match(report(), /answers without a key, and calls tools/);
    assert.match(report(), /roles: planner, coder,/);
    assert.match(report(), /\d+ tools, all of version 1/);
    assert.match(report(), /, trusted\\?\./);
    assert.match(report(), /Certificate authorities of .*authority\.pem are trusted/);
  });

  test('a setting that is wrong is told, and a second look replaces the first', async function () {
    this.timeout(60_000);
    await set('quartet', 'endpoints', [{ id: 'a', model: 'alpha' }]);
    assert.match(await execute<string>('doctor'), /problem/);
    await says(/quartet\.endpoints is not valid/);
    await endpoints(server.url);
    await execute('doctor');
    await says(/calls tools/);
    assert.equal(pages().length, 1);
  });

  test('an own authority is trusted', async function () {
    this.timeout(60_000);
    await endpoints(`https://localhost:${secure.port}/v1`);
    const summary = await execute<string>('doctor');
    await says(/localhost/);
    assert.doesNotMatch(summary, /problem/, report());
  });

  test('requests go by the proxy of the editor, to a server of an own authority', async function () {
    this.timeout(120_000);
    await endpoints(`https://${HOST}:${secure.port}/v1`);
    await set('http', 'proxy', proxy.url);
    const summary = await execute<string>('doctor');
    await says(new RegExp(`Proxy ${proxy.url.replaceAll('.', '\\.')}`));
    assert.ok(proxy.asked.includes(`${HOST}:${secure.port}`), `${proxy.asked.join()}\n${report()}`);
    assert.doesNotMatch(summary, /problem/, report());
    assert.match(report(), /authorities of the system only/);
  });
});
