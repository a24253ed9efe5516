/** Random conversations of an agent, as its loop makes them. */
import fc from 'fast-check';
import type { Conversation } from '../../../../src/core/team/context.ts';
import type { Said } from '../../../../src/core/team/said.ts';

/** Texts of any length, with words that are found again. */
const textOf = (max: number) =>
  fc
    .tuple(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(max))
    .map(([word, chars]) => `${word} `.repeat(chars / 8 + 1));

const callOf = fc.oneof(
  fc.record({
    tool: fc.constant('read_file'),
    path: fc.stringMatching(/^[a-z]{1,8}\.ts$/),
    text: textOf(30_000),
  }),
  fc.record({
    tool: fc.constant('edit_file'),
    path: fc.stringMatching(/^[a-z]{1,8}\.ts$/),
    text: textOf(3000),
  }),
  fc.record({ tool: fc.constant('run_command'), path: fc.constant('make'), text: textOf(60_000) }),
);

const argumentsOf = ({ tool, path, text }: { tool: string; path: string; text: string }): string => {
  if (tool === 'read_file') return JSON.stringify({ path });
  if (tool === 'run_command') return JSON.stringify({ command: path });
  return JSON.stringify({ path, edits: [{ old_text: 'old', new_text: text }] });
};

const turnOf = fc.record({
  words: textOf(2000),
  calls: fc.array(callOf, { maxLength: 4 }),
  heard: fc.option(textOf(500), { freq: 5 }),
  round: fc.option(textOf(6000), { freq: 6 }),
  failed: fc.boolean(),
});

export const conversations: fc.Arbitrary<Conversation> = fc
  .record({
    system: textOf(3000),
    task: textOf(2000),
    turns: fc.array(turnOf, { minLength: 1, maxLength: 30 }),
  })
  .map(({ system, task, turns }) => {
    const said: Said[] = [
      { kind: 'round', turn: 0, message: { role: 'user', content: `Task: one\n${task}` } },
    ];
    for (const [index, { words, calls, heard, round, failed }] of turns.entries()) {
      const turn = index + 1;
      const toolCalls = calls.map((call, at) => ({
        id: `c${turn}_${at}`,
        name: call.tool,
        arguments: argumentsOf(call),
      }));
      said.push({ kind: 'reply', turn, message: { role: 'assistant', content: words, toolCalls } });
      for (const [at, call] of calls.entries())
        said.push({
          kind: 'observation',
          turn,
          tool: call.tool,
          args: argumentsOf(call),
          state: failed ? 'error' : 'ok',
          handle: `t${turn}c${at}`,
          message: {
            role: 'tool',
            callId: `c${turn}_${at}`,
            content: call.tool === 'edit_file' ? 'Edited.' : call.text,
          },
        });
      if (heard !== null)
        said.push({
          kind: 'heard',
          turn,
          message: { role: 'user', content: `Message from the person: ${heard}` },
        });
      if (round !== null || calls.length === 0)
        said.push({
          kind: 'round',
          turn,
          message: { role: 'user', content: `The gate is red (${turn}): ${round ?? ''}` },
        });
    }
    return { system, said };
  });
