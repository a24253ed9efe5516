/** Several calls in one reply: reads run beside each other, whatever changes something runs alone and in its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './check.ts';
import { agent, call, FILES, fix, result, script } from './parts.ts';

const read = (path: string) => call('read_file', { path });
const reply = [
  read('src/greet.txt'),
  read('src/other.txt'),
  fix,
  read('src/greet.txt'),
  call('search_text', { query: 'hello' }),
  call('list_files', {}),
];

test('beside: reads of one reply overlap; an edit waits for those before it, and those after wait for it', async () => {
  const { lines, end } = await play({
    files: FILES,
    mode: 'quick',
    script: script(agent('coder', [reply, [result()]])),
  });
  assert.equal(end.kind, 'finished');
  const at = (type: 'step.started' | 'step.finished', index: number): number => {
    const found = lines.findIndex(
      (line) => line.type === type && line.key?.endsWith(`/turn/1/tool/${index}`),
    );
    assert.ok(found >= 0, `${type} of call ${index}`);
    return found;
  };
  const began = reply.map((_, index) => at('step.started', index));
  const ended = reply.map((_, index) => at('step.finished', index));
  const before = (one: readonly number[], other: readonly number[]): boolean =>
    Math.max(...one) < Math.min(...other);
  assert.ok(before(began.slice(0, 2), ended.slice(0, 2)), 'the first reads overlap');
  assert.ok(before(ended.slice(0, 2), [began[2] ?? 0]), 'the edit waits');
  assert.ok(before([ended[2] ?? 0], began.slice(3)), 'the later reads wait for the edit');
  assert.ok(before(began.slice(3), ended.slice(3)), 'the later reads overlap');
});
