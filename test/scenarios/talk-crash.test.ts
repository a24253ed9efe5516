/** A team that notes, tells and asks goes on after a crash at any line of it: nothing that was said is lost, or said twice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goOn, recordRun, type Cut } from './crash.ts';
import type { Played } from './check.ts';
import { agent, approve, call, FILES, fix, plan, result, script, task } from './parts.ts';

const look = (max: number) => call('list_files', { max });

const TALK = {
  files: FILES,
  script: script(
    agent('planner', [
      [
        plan(
          task({ id: 'one', files: ['src/greet.txt'] }),
          task({ id: 'two', title: 'Change the other', files: ['src/other.txt'] }),
        ),
      ],
    ]),
    agent(
      'coder',
      [
        [call('facts', { key: 'greeting', text: 'The tests want hello.' })],
        [call('post_message', { to: 'two', text: 'I take the greeting.' })],
        [call('ask_teammate', { to: 'two', question: 'Which greeting?' })],
        [fix, result()],
      ],
      { task: 'one' },
    ),
    agent(
      'coder',
      [
        [look(1)],
        [look(2)],
        [look(3)],
        [call('post_message', { to: 'one', text: 'Use hello.' })],
        [result()],
      ],
      { task: 'two' },
    ),
    agent('reviewer', [[approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'Greets', body: 'It greets.' })]]),
  ),
};

/** What was said, and what became of it. */
const said = ({ view }: Played) => ({
  messages: view.team?.messages.map(({ kind, from, to, text, state }) => ({ kind, from, to, text, state })),
  facts: view.team?.facts.map(({ key, text, version, by }) => ({ key, text, version, by })),
});

test('a run whose agents note, tell and ask goes on after a crash at any line of it', async () => {
  const { whole, crashAt } = await recordRun(TALK);
  const { messages = [] } = said(whole);
  assert.deepEqual(
    messages.map(({ state }) => state),
    ['read', 'read', 'read'],
  );
  const isTalk = (type: string): boolean => /^(?:message|fact)\./u.test(type);
  const from = whole.lines.findIndex(({ type }) => isTalk(type));
  const to = whole.lines.findLastIndex(({ type }) => isTalk(type)) + 4;
  assert.ok(from > 0 && to > from);
  const cuts: readonly Cut[] = ['after', 'inside', 'before'];
  for (let line = from; line < to; line++) {
    const crashed = crashAt(line, cuts[line % cuts.length] ?? 'after');
    if (crashed)
      assert.deepEqual(said(await goOn(TALK, crashed, whole)), said(whole), `line ${String(line)}`);
  }
});
