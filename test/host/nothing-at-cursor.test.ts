/** Accept File and Reject File where no file of a review is shown: they say so, and decide nothing. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { reviewCommands } from '../../src/editor/commands/review.ts';
import { Desk } from '../../src/editor/desk.ts';
import type { ReviewCursor } from '../../src/editor/review/cursor.ts';
import { Review } from '../../src/editor/review/review.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';

const unused = async () => assert.fail('nothing is loaded to decide nothing');
const state: vscode.Memento = { keys: () => [], get: () => undefined, update: unused };
const cursor: ReviewCursor = { place: () => undefined, dispose: () => undefined };

suite('no file at the cursor', () => {
  const { showInformationMessage } = vscode.window;
  const said: unknown[] = [];
  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    Object.assign(vscode.window, { showInformationMessage: async (text: unknown) => void said.push(text) });
  });
  suiteTeardown(() => void Object.assign(vscode.window, { showInformationMessage }));

  for (const name of ['acceptFile', 'rejectFile', 'openChange'] as const)
    test(`${name} says so in one line`, async () => {
      const desk = new Desk({
        load: unused,
        settings: unused,
        budget: unused,
        state,
        log: new InMemoryLog(),
      });
      // Nothing that a review has is there: whoever decided would fail.
      const review = Object.create(Review.prototype) as Review;
      said.length = 0;
      await reviewCommands(desk, review, cursor)[name](undefined, undefined);
      assert.deepEqual(said, ['Quartet: No change that waits for a review is at the cursor.']);
      desk.dispose();
    });
});
