import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSecondarySideBar } from '../../../src/editor/aside.ts';

test('views go to the secondary side bar where the editor knows it', () => {
  for (const editor of ['1.105.0', '1.105.1', '0.200.0', ''])
    assert.equal(hasSecondarySideBar(editor), false, editor);
  for (const editor of ['1.106.0', '1.139.1', '1.106.0-insider', '2.0.0'])
    assert.equal(hasSecondarySideBar(editor), true, editor);
});
