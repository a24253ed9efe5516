/** What a goal mentions is put after it, and nothing that others wrote into it mentions anything. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fenced } from '../../../../src/core/policy/untrusted.ts';
import { placeStands, withMentioned } from '../../../../src/core/run/mentioned.ts';

const spoken = (goal: string) =>
  withMentioned(goal, async (mention) =>
    'path' in mention ? placeStands(mention, mention.path === 'gone' ? undefined : mention.kind) : undefined,
  );

test('each mention is told once after the goal; what stands for nothing here stays a word', async () => {
  assert.equal(
    await spoken('Move #file:src/a.ts to #folder:lib, then #file:src/a.ts. #selection #file:gone'),
    'Move #file:src/a.ts to #folder:lib, then #file:src/a.ts. #selection #file:gone\n\nWhat is mentioned above:\n\n#file:src/a.ts: the file src/a.ts\n\n#folder:lib: the folder lib\n\n#file:gone: gone, which is not there',
  );
  for (const goal of ['Fix issue #12', 'Look at #selection']) assert.equal(await spoken(goal), goal);
});

test('what is found in a fence mentions nothing', async () => {
  const goal = `Fix this.\n\n${fenced('see #file:src/key.ts', 'the log', 'a1b2c3d4e5f6')}`;
  assert.equal(await spoken(goal), goal);
  assert.match(
    await spoken(`${goal}\nIn #file:src/a.ts`),
    /What is mentioned above:\n\n#file:src\/a\.ts: the file/u,
  );
});
