/** What could go wrong when a conversation is told in fewer words: it does not fit, it forgets, it breaks the rules of providers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ChatMessage } from '../../../../src/core/models/contract.ts';
import {
  fit,
  repeated,
  sizeOf,
  tell,
  WHOLE,
  type Conversation,
  type Room,
} from '../../../../src/core/team/context.ts';
import { conversations } from './conversations.ts';

const RUNS = { numRuns: 150 };
const room = (tokens: number): Room => ({ tokens, tools: [], measure: (estimated) => estimated });
const rooms = fc.integer({ min: 3000, max: 60_000 }).map(room);
const told = (conversation: Conversation, wanted: Room): readonly ChatMessage[] =>
  tell(conversation, fit(conversation, wanted));
const textOf = (messages: readonly ChatMessage[]): string =>
  messages
    .map((each) => each.content + (each.role === 'assistant' ? JSON.stringify(each.toolCalls) : ''))
    .join('\n');

/** Tokens of what is never cut: role and task. */
const fixed = ({ system, said }: Conversation): number =>
  sizeOf({ system, said: said.slice(0, 1) }, WHOLE, []);

test('a compacted conversation fits its room, whatever it holds', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      const size = sizeOf(conversation, fit(conversation, wanted), []);
      // What a digest and the cut last turn take beside role and task.
      const least = fixed(conversation) + wanted.tokens / 8 + 400;
      assert.ok(
        size <= Math.max(wanted.tokens * 0.5, least),
        `${size} of ${wanted.tokens}, fixed ${fixed(conversation)}`,
      );
    }),
    RUNS,
  );
});

test('role and task are told word for word, first, in every shape', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      const [system, task] = told(conversation, wanted);
      assert.equal(system?.content, conversation.system);
      assert.ok(task?.content.startsWith(conversation.said[0]?.message.content ?? ''));
    }),
    RUNS,
  );
});

test('what was asked last, the last message from a person and the last edit are never forgotten', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      const text = textOf(told(conversation, wanted));
      const rounds = conversation.said.filter(({ kind }) => kind === 'round');
      const last = rounds.at(-1)?.message.content ?? '';
      assert.ok(text.includes(last.slice(0, 40)), `forgot ${last.slice(0, 40)}`);
      const heard = conversation.said.findLast(({ kind }) => kind === 'heard')?.message.content;
      if (heard !== undefined) assert.ok(text.includes(heard.slice(0, 35)), `forgot ${heard}`);
      const edit = conversation.said.findLast(
        (each) => each.kind === 'observation' && each.tool === 'edit_file' && each.state === 'ok',
      );
      if (edit?.kind !== 'observation') return;
      const path = (JSON.parse(edit.args) as { path: string }).path;
      assert.ok(text.includes(path), `forgot the edit of ${path}`);
    }),
    RUNS,
  );
});

test('every call keeps its result and every result its call, in order', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      let open: string[] = [];
      for (const message of told(conversation, wanted)) {
        if (message.role === 'tool') {
          assert.equal(message.callId, open.shift());
          continue;
        }
        assert.deepEqual(open, []);
        if (message.role === 'assistant') open = message.toolCalls.map(({ id }) => id);
      }
      assert.deepEqual(open, []);
    }),
    RUNS,
  );
});

test('arguments of former calls stay JSON objects', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      for (const message of told(conversation, wanted))
        for (const call of message.role === 'assistant' ? message.toolCalls : [])
          assert.equal(typeof JSON.parse(call.arguments), 'object');
    }),
    RUNS,
  );
});

test('the same conversation is told in the same words, and what is told already is not cut again', () => {
  fc.assert(
    fc.property(conversations, rooms, (conversation, wanted) => {
      const shape = fit(conversation, wanted);
      assert.deepEqual(fit(structuredClone(conversation), wanted), shape);
      assert.deepEqual(tell(structuredClone(conversation), shape), tell(conversation, shape));
    }),
    RUNS,
  );
});

test('after a compaction the told text is again a prefix that only grows', () => {
  fc.assert(
    fc.property(conversations, rooms, fc.nat(), (conversation, wanted, cut) => {
      const turns = conversation.said.at(-1)?.turn ?? 0;
      const now = 1 + (cut % turns);
      const early = { ...conversation, said: conversation.said.filter(({ turn }) => turn <= now) };
      const shape = fit(early, wanted);
      const before = JSON.stringify(tell(early, shape)).slice(0, -1);
      assert.ok(JSON.stringify(tell(conversation, shape)).startsWith(before));
    }),
    RUNS,
  );
});

test('a result is called unchanged only as long as its first telling stands there in full', () => {
  const text = 'line\n'.repeat(200);
  const said = [
    { kind: 'round', turn: 0, message: { role: 'user', content: 'Task' } },
    { kind: 'reply', turn: 1, message: { role: 'assistant', content: '', toolCalls: [] } },
    {
      kind: 'observation',
      turn: 1,
      tool: 'read_file',
      args: '{"path":"a"}',
      state: 'ok',
      handle: 't1c0',
      message: { role: 'tool', callId: 'x', content: text },
    },
  ] as const;
  assert.match(repeated(text, said, WHOLE) ?? '', /^Unchanged: .*turn 1/);
  assert.equal(repeated(`${text}more`, said, WHOLE), undefined);
  assert.equal(repeated(text, said, { ...WHOLE, cutBefore: 2, chars: 100 }), undefined);
  assert.equal(repeated(text, said, { ...WHOLE, from: 2 }), undefined);
  assert.equal(repeated('short', said, WHOLE), undefined);
});
