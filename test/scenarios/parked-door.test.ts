/** At the terminal, one task at a time: a question stays open, the other task is done all the same, and the answer comes from another process. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

let door: TerminalDoor;
let project = '';
before(async () => {
  door = await openTerminalDoor();
  project = join(door.room, 'project');
  await fs.mkdir(project, { recursive: true });
  for (const name of ['one', 'two']) await fs.writeFile(join(project, `${name}.txt`), `${name}\n`);
});
after(() => door.close());

async function quartet(...args: string[]): Promise<{ code: number | null; text: string }> {
  const { said, ended } = door.start(...args);
  const code = await ended;
  return { code, text: said.out + said.err };
}

const call = (tool: string, args: object) => ({ tool, args });
const says = (role: string, task: string | undefined, ...replies: readonly object[][]) => ({
  role,
  ...(task !== undefined && { task }),
  replies: replies.map((calls) => ({ content: '', calls })),
});
const task = (id: string) => ({ id, title: id, description: id, role: 'coder', files: [`${id}.txt`] });
const write = (id: string) => [
  call('write_file', { path: `${id}.txt`, content: `${id} is done\n` }),
  call('submit_result', { summary: id }),
];
const SCRIPT = {
  title: 'one asks',
  agents: [
    says('planner', undefined, [call('submit_plan', { summary: 'x', tasks: [task('one'), task('two')] })]),
    says('coder', 'one', [call('ask_user', { question: 'Which one?' })], write('one')),
    says('coder', 'two', write('two')),
    says('reviewer', undefined, [call('submit_review', { verdict: 'approve' })]),
    says('synthesizer', undefined, [call('submit_summary', { title: 'x', body: 'x' })]),
  ],
};

test('the task that asks nothing is done before the run pauses for the person; then the answer counts', async () => {
  const script = join(door.room, 'script.json');
  await fs.writeFile(script, JSON.stringify(SCRIPT));
  const options = ['--script', script, '--approve', 'commands', '--concurrency', '1', '--apply'];
  const paused = await quartet('run', 'Do both', ...options, '--workspace', project);
  assert.equal(paused.code, 3, paused.text);
  const run = /run-[a-z0-9-]+/.exec(paused.text)?.[0] ?? '';
  const plan = await quartet('plan', run);
  assert.match(plan.text, /one \[coder\] working/);
  assert.match(plan.text, /two \[coder\] done/);
  const shown = await quartet('show', run);
  assert.match(shown.text, /one\/attempt\/1\/coder waits for person: Which one\?/);
  const signal = 'question/task/one/attempt/1/coder/round/0/turn/1/tool/0';
  const answered = await quartet('answer', run, signal, 'This one.');
  assert.equal(answered.code, 0, answered.text);
  const ended = await quartet('resume', run, '--script', script, '--apply');
  // Nothing proves the change here: there are no tests.
  assert.equal(ended.code, 5, ended.text);
  for (const name of ['one', 'two'])
    assert.equal(await fs.readFile(join(project, `${name}.txt`), 'utf8'), `${name} is done\n`);
  assert.equal((await quartet('replay', run)).code, 0);
});

test('with --parked 0 nobody takes the place of a task that waits', async () => {
  const script = join(door.room, 'script.json');
  await fs.writeFile(script, JSON.stringify(SCRIPT));
  const options = ['--script', script, '--approve', 'commands', '--concurrency', '1', '--parked', '0'];
  const paused = await quartet('run', 'Do both', ...options, '--workspace', project);
  assert.equal(paused.code, 3, paused.text);
  const run = /run-[a-z0-9-]+/.exec(paused.text)?.[0] ?? '';
  const { text } = await quartet('plan', run);
  assert.match(text, /one \[coder\] working/);
  assert.match(text, /two \[coder\] waiting/);
});
