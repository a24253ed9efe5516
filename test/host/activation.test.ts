import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
  };
}

const extension = () => {
  const found = vscode.extensions.getExtension('quartet.quartet');
  assert.ok(found, 'the extension is installed');
  return found;
};
const manifest = () => extension().packageJSON as Manifest;

suite('activation', () => {
  test('it never holds up the start of the editor', () => {
    for (const event of manifest().activationEvents) assert.notEqual(event, '*');
  });

  test('a command wakes the extension, at once', async () => {
    const began = performance.now();
    await vscode.commands.executeCommand('quartet.showLog');
    const tookMs = performance.now() - began;
    assert.equal(extension().isActive, true);
    assert.ok(tookMs < 3000, `it took ${tookMs} ms`);
  });

  test('every command of the manifest is there, and no other', async () => {
    const all = await vscode.commands.getCommands(true);
    const ours = all.filter(
      (id) =>
        id.startsWith('quartet.') &&
        !/\.(focus|resetViewLocation|open|removeView|toggleVisibility)$/.test(id),
    );
    const promised = manifest().contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      promised.filter((id) => !ours.includes(id)),
      [],
    );
    const views = new Set(['quartet.team', 'quartet.changes', 'quartet.runs']);
    assert.deepEqual(
      ours.filter((id) => !promised.includes(id) && !views.has(id)),
      [],
    );
  });

  test('the commands of the main job are in the palette by the names that people know', () => {
    const titles = manifest().contributes.commands.map(({ category, title }) => `${category}: ${title}`);
    const promised = [
      ...[
        'Start Run…',
        'Quick Edit…',
        'Stop',
        'Resume',
        'Approve Plan',
        'Review Changes',
        'Accept All',
        'Reject All',
      ],
      ...[
        'Apply Reviewed Changes',
        'Run Tests with QA',
        'Ask the Team…',
        'Open Run…',
        'Run Demo',
        'Configure Models',
      ],
      ...['Show Log', 'Show Team Panel'],
    ];
    for (const title of promised) assert.ok(titles.includes(`Quartet: ${title}`), title);
  });

  test('commands that find nothing to do say so and do nothing', async () => {
    assert.equal(await vscode.commands.executeCommand('quartet.approvePlan'), false);
    assert.equal(await vscode.commands.executeCommand('quartet.acceptAll'), false);
    assert.equal(await vscode.commands.executeCommand('quartet.rejectAll', true), false);
    assert.equal(await vscode.commands.executeCommand('quartet.stop'), undefined);
    assert.equal(await vscode.commands.executeCommand('quartet.resume'), undefined);
  });
});
