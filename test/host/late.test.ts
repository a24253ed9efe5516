/** Commands stand before what they do is loaded. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { registerCommands } from '../../src/editor/commands/register.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';

suite('what is loaded late', () => {
  test('a command whose code cannot be loaded says so, and works once it can be', async () => {
    const log = new InMemoryLog();
    let isThere = false;
    let attended = 0;
    const end = registerCommands(['loadedLate'], {
      load: async () => {
        if (!isThere) throw new Error('the file is gone');
        return await Promise.resolve({ loadedLate: async (given) => await Promise.resolve(given) });
      },
      log,
      attend: () => {
        attended += 1;
      },
    });
    try {
      assert.equal(await vscode.commands.executeCommand('quartet.loadedLate', 'first'), undefined);
      assert.match(log.lines.join('\n'), /the file is gone/);
      isThere = true;
      assert.equal(await vscode.commands.executeCommand('quartet.loadedLate', 'second'), 'second');
      assert.equal(attended, 2);
    } finally {
      end.dispose();
    }
  });
});
