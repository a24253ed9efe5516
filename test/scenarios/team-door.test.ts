/** What a team shares, at the terminal: facts, messages that nobody read and sent again, and a pause that loses nothing. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FactView, MessageView } from '../../src/protocol/team-view.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const call = (tool: string, args: object) => ({ tool, args });
const says = (role: string, ...replies: readonly object[][]) => ({
  role,
  replies: replies.map((calls) => ({ content: '', calls })),
});
const PLAN = {
  summary: 'One task.',
  tasks: [{ id: 'greet', title: 'Greet', description: 'Greet all.', role: 'coder' }],
};
const fact = (text: string, version?: number) =>
  call('facts', { key: 'greeting', text, ...(version !== undefined && { version }) });
const SHARING = says(
  'coder',
  [fact('It is hello.')],
  [fact('It is hello,\nin lower case.', 1)],
  [call('post_message', { to: 'documenter', text: 'Mention the greeting.' })],
  [call('ask_user', { question: 'Greet whom?' })],
  [call('submit_result', { summary: 'Greets.' })],
);
const SLOW = says(
  'coder',
  [call('run_command', { command: 'node -e "setTimeout(() => console.log(\'slept\'), 3000)"' })],
  [call('submit_result', { summary: 'Slept.' })],
);

let door: TerminalDoor;
let workspace = '';
before(async () => {
  door = await openTerminalDoor();
  workspace = join(door.room, 'work');
  await fs.cp(join(FIXTURE, 'project'), workspace, { recursive: true });
});
after(() => door.close());

/** A run that the script plays, and its options. */
async function scripted(name: string, coder: object): Promise<readonly string[]> {
  const file = join(door.room, `${name}.json`);
  const agents = [says('planner', [call('submit_plan', PLAN)]), coder];
  await fs.writeFile(file, JSON.stringify({ title: name, agents }));
  return ['--workspace', workspace, '--script', file];
}

async function say(...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, 0, said.err + said.out);
  return said.out;
}

const runs = () => fs.readdir(join(door.storage, 'runs'));
const journal = (run: string) => fs.readFile(join(door.storage, 'runs', run, 'journal.jsonl'), 'utf8');

test(
  'facts are told with who says so; a message that nobody read is sent to somebody else',
  { timeout: 90_000 },
  async () => {
    const options = await scripted('sharing', SHARING);
    const { ended, said } = door.start('run', 'Greet', ...options, '--approve', 'commands');
    assert.equal(await ended, 3, said.err + said.out);
    const [run = ''] = await runs();
    const told = await say('show', run, '--facts');
    assert.match(
      told,
      /greeting \(version 2, coder of greet, line \d+\)\n {4}It is hello,\n {4}in lower case\.\n {4}before, by coder: It is hello\./u,
    );
    const [greeting] = (await say('show', run, '--facts', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as FactView);
    assert.deepEqual([greeting?.version, greeting?.by, greeting?.former?.text], [2, 'coder', 'It is hello.']);
    const before = await say('show', run, '--facts', '--at', String((greeting?.id ?? 0) - 1));
    assert.match(before, /version 1/u);
    assert.match(await say('show', run, '--transcript'), /## What the team knows\n\n- \*\*greeting\*\*/u);

    assert.match(await say('show', run, '--messages'), /coder to documenter[^\n]*Mention the greeting\./u);
    const [message] = (await say('show', run, '--messages', '--json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as MessageView);
    assert.match(
      await say('resend', run, String(message?.id), '--to', 'reviewer'),
      /Sent again\. Go on with: quartet resume/u,
    );
    const inbox = await fs.readdir(join(door.storage, 'runs', run, 'inbox'));
    assert.equal(inbox.length, 1);
  },
);

test('a pause ends what is under way and begins nothing; no reply is lost', { timeout: 90_000 }, async () => {
  const known = await runs();
  const options = await scripted('slow', SLOW);
  const { ended, said } = door.start('run', 'Sleep', ...options, '--approve', 'none');
  let run = '';
  for (let tries = 0; tries < 600; tries++) {
    run = (await runs().catch(() => [])).find((each) => !known.includes(each)) ?? '';
    if (run !== '' && /step\.started[^\n]*tool\/0/u.test(await journal(run).catch(() => ''))) break;
    await sleep(100);
  }
  assert.match(await say('stop', run, '--drain'), /once what is under way has ended/u);
  assert.equal(await ended, 130, said.err + said.out);
  const lines = await journal(run);
  assert.match(lines, /"run\.draining"[\s\S]*step\.finished[^\n]*tool\/0[\s\S]*"run\.paused"/u);
  assert.match(said.err + said.out, /You asked it to pause/u);
  assert.doesNotMatch(lines, /"run\.draining"[\s\S]*step\.started/u);
});
