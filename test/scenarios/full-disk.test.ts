/** Tests that fail because the disk is full have no result: the run pauses, and once there is space they count as if nothing had been. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageError } from '../../src/node/storage.ts';
import { play, worldOf, type World } from './check.ts';
import { FILES, TEAM } from './parts.ts';

const SCENARIO = { files: FILES, script: TEAM };

/** A world whose disk is full for tests from the nth time that they run until `space()`. */
function filling(nth: number, broken: { readonly exitCode: number; readonly stdout: string }) {
  const world = worldOf(SCENARIO);
  const { files, shell } = world.enginePorts;
  let runs = 0;
  let isFull = false;
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  const enginePorts: World['enginePorts'] = {
    ...world.enginePorts,
    shell: {
      dialect: shell.dialect,
      enforced: (settings) => shell.enforced(settings),
      background: shell.background,
      run: async (command, signal) => {
        runs += 1;
        if (runs === nth) isFull = true;
        const result = await shell.run(command, signal);
        return isFull ? { ...result, ...broken } : result;
      },
    },
    files: {
      read: (root, path) => files.read(root, path),
      remove: (root, path) => files.remove(root, path),
      move: (root, from, to) => files.move(root, from, to),
      stat: (root, path) => files.stat(root, path),
      names: (root, path) => files.names(root, path),
      scratch: (name) => files.scratch(name),
      discardScratch: (name) => files.discardScratch(name),
      write: async (root, path, bytes) => {
        if (isFull) throw storageError(`${path} could not be written`, full);
        await files.write(root, path, bytes);
      },
    },
  };
  return { world: { ...world, enginePorts }, space: () => (isFull = false) };
}

const CASES = [
  ['no report at all', { exitCode: 1, stdout: '' }],
  ['a report that was cut off', { exitCode: 0, stdout: 'TAP version 13\n1..2\n' }],
  ['tests that fail', { exitCode: 1, stdout: 'TAP version 13\n1..1\nnot ok 1 - greets rightly\n' }],
] as const;

for (const [what, broken] of CASES) {
  for (const nth of [1, 2, 3]) {
    test(`${what}, at test run ${nth}`, async () => {
      const { world, space } = filling(nth, broken);
      const full = await play(SCENARIO, world);
      assert.equal(full.end.kind === 'paused' && full.end.reason, 'environment', full.end.message);
      assert.match(full.end.message, /no space left.*Free some space/u);
      space();
      const played = await play(SCENARIO, world, full.id);
      assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
      assert.equal(played.view.evidence.integrated?.verdict, 'green');
      assert.equal(played.file('src/greet.txt'), 'hello\n');
    });
  }
}
