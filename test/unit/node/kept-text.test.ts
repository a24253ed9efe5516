import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createKeptText } from '../../../src/node/kept-text.ts';

test('a kept text: written whole, for the person alone, read within a limit, and removed', async (t) => {
  const folder = join(mkdtempSync(join(tmpdir(), 'quartet-kept-')), 'not', 'there');
  t.after(() => rmSync(join(folder, '..', '..'), { recursive: true, force: true }));
  const kept = createKeptText(folder, 'goal.json');
  assert.equal(await kept.read(100), undefined);
  await kept.remove();
  await kept.write('first');
  await kept.write('größer');
  assert.equal(await kept.read(100), 'größer');
  assert.equal(await kept.read(7), undefined, 'bytes count');
  assert.deepEqual(readdirSync(folder), ['goal.json']);
  if (process.platform !== 'win32')
    assert.equal(statSync(join(folder, 'goal.json')).mode & 0o777, 0o600, 'for the person alone');
  await kept.remove();
  assert.equal(await kept.read(100), undefined);
});

test('a kept text: what cannot be written says so', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'quartet-kept-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'goal.json'));
  const kept = createKeptText(folder, 'goal.json');
  await assert.rejects(kept.write('x'), /^PortError: Writing .*goal\.json: /);
  assert.deepEqual(readdirSync(folder), ['goal.json'], 'and leaves nothing lying about');
});
