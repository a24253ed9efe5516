import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeClock } from '../../../src/node/clock.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import { createNodeIds } from '../../../src/node/ids.ts';
import { createNodeLog } from '../../../src/node/log.ts';
import { ManualClock } from '../../support/in-memory/clock.ts';

test('ids sort by time of making, also within a millisecond and when the clock steps back', () => {
  const times = [1000, 1000, 1000, 5000, 4000, 4000, 6000];
  const ids = createNodeIds(() => times.shift() ?? 7000);
  const made = Array.from({ length: 8 }, () => ids.next('run'));
  assert.deepEqual([...made].sort(), made);
  assert.equal(new Set(made).size, 8);
  for (const id of made) assert.match(id, /^run-[0-9a-z]{9}-[0-9a-z]{8}$/u);
});

test('a sleep ends when it is aborted, with the reason', async () => {
  const reason = new Error('stopped');
  await assert.rejects(nodeClock.sleep(60_000, AbortSignal.abort(reason)), reason);
  const controller = new AbortController();
  const sleeping = nodeClock.sleep(60_000, controller.signal);
  controller.abort(reason);
  await assert.rejects(sleeping, reason);
  await nodeClock.sleep(0);
  await nodeClock.sleep(1);
});

test('settle waits for every reaction that is due, however long the chain', async () => {
  for (const clock of [nodeClock, new ManualClock()]) {
    let steps = 0;
    const chain = async () => {
      for (; steps < 1000; steps += 1) await Promise.resolve();
    };
    void chain();
    await clock.settle();
    assert.equal(steps, 1000);
  }
});

test('a manual clock wakes sleepers in order and stands still otherwise', async () => {
  const clock = new ManualClock(0);
  const woken: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name}@${clock.now()}`);
  };
  void sleeper('b', 20);
  void sleeper('a', 10).then(() => sleeper('c', 5));
  await clock.advance(12);
  assert.deepEqual(woken, ['a@10']);
  assert.equal(clock.now(), 12);
  await clock.advance(100);
  assert.deepEqual(woken, ['a@10', 'c@15', 'b@20']);
});

test('an automatic clock jumps to the next sleeper', async () => {
  const clock = new ManualClock(0, { auto: true });
  await Promise.all([clock.sleep(5000), clock.sleep(1000)]);
  assert.equal(clock.now(), 5000);
});

test('a hash is that of the text in UTF-8', () => {
  assert.equal(nodeHasher.sha256(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(nodeHasher.sha256('ü'), '607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f');
});

test('a message cannot forge an entry of the log', () => {
  let text = '';
  const log = createNodeLog({ write: (chunk) => (text += chunk) }, () => 0);
  log.warn('one\n1970-01-01T00:00:00.000Z error forged\r\u001b[2K');
  log.info('two');
  assert.deepEqual(text.split('\n'), [
    '1970-01-01T00:00:00.000Z warn one',
    '  1970-01-01T00:00:00.000Z error forged\ufffd\ufffd[2K',
    '1970-01-01T00:00:00.000Z info two',
    '',
  ]);
});
