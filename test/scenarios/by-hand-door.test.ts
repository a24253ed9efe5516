/** At the terminal: what a paused run is told is true and acted on by the next resume; what was done by hand comes back whatever happens. */
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
const asks = (id: string) =>
  says(
    'coder',
    id,
    [call('ask_user', { question: `Which ${id}?` })],
    [
      call('write_file', { path: `${id}.txt`, content: `${id} by the team\n` }),
      call('submit_result', { summary: id }),
    ],
  );
/** Goes on to the third attempt, which asks nothing. */
const again = {
  ...says('coder', 'one', [call('submit_result', { summary: 'Left as it is.' })]),
  attempt: 3,
};
const SCRIPT = {
  title: 'both ask',
  agents: [
    says('planner', undefined, [call('submit_plan', { summary: 'x', tasks: [task('one'), task('two')] })]),
    again,
    asks('one'),
    asks('two'),
    says('reviewer', undefined, [call('submit_review', { verdict: 'approve' })]),
    says('synthesizer', undefined, [call('submit_summary', { title: 'x', body: 'x' })]),
  ],
};
const question = (id: string): string => `question/task/${id}/attempt/1/coder/round/0/turn/1/tool/0`;

/** A run that waits with both its questions open. */
async function waiting(): Promise<{ run: string; resume: () => Promise<string> }> {
  const script = join(door.room, 'script.json');
  await fs.writeFile(script, JSON.stringify(SCRIPT));
  const options = ['--script', script, '--approve', 'commands', '--concurrency', '2'];
  const paused = await quartet('run', 'Do both', ...options, '--workspace', project);
  assert.equal(paused.code, 3, paused.text);
  const run = /run-[a-z0-9-]+/.exec(paused.text)?.[0] ?? '';
  return { run, resume: async () => (await quartet('resume', run, '--script', script)).text };
}

test('one of two questions is answered: the next resume acts on it', async () => {
  const { run, resume } = await waiting();
  await quartet('answer', run, question('one'), 'This one.');
  assert.match(await resume(), /one\.txt/u);
  assert.match((await quartet('plan', run)).text, /one \[coder\] done[\s\S]*two \[coder\] working/u);
});

test('a task that is taken is in the person’s hands at the next resume; left to the team, what they did comes back', async () => {
  const { run, resume } = await waiting();
  assert.match(
    (await quartet('take', run, 'one')).text,
    /^You work on one once the run goes on: quartet resume run-/u,
  );
  const resumed = await resume();
  const [signal = ''] = /hand\/one\/\S+/u.exec(resumed) ?? [];
  const [folder = ''] = /\/\S*copies\/\S+/u.exec(resumed) ?? [];
  assert.ok(signal !== '' && folder !== '', resumed);
  assert.match(resumed, /The plan expects changes in: one\.txt\. You may change anything/u);
  await fs.writeFile(join(folder, 'one.txt'), 'an hour by hand\n');
  await fs.writeFile(join(folder, 'new.txt'), 'mine\n');
  const twice = await quartet('take', run, 'one');
  assert.equal(twice.code, 2, twice.text);
  assert.ok(twice.text.includes(`You work on "one" yourself already, in ${folder}.`), twice.text);

  await quartet('answer', run, signal, 'drop');
  assert.match(await resume(), /What you did by hand on "one" is no part of the result\. It is kept/u);
  const listed = (await quartet('kept', run)).text;
  assert.match(listed, /The person left the task to the team\.\n\s+new\.txt\n\s+one\.txt/u);
  const patch = (await quartet('kept', run, '--task', 'one', '--diff')).text;
  assert.match(patch, /-one\n\+an hour by hand/u);
  const back = join(door.room, 'back');
  assert.match((await quartet('kept', run, '--output', back)).text, /Wrote 2 files to /u);
  assert.equal(await fs.readFile(join(back, 'one.txt'), 'utf8'), 'an hour by hand\n');
  assert.equal(await fs.readFile(join(back, 'new.txt'), 'utf8'), 'mine\n');
  const over = await quartet('kept', run, '--output', back);
  assert.deepEqual([over.code, /is not empty/u.test(over.text)], [2, true], over.text);
  assert.equal((await quartet('replay', run)).code, 0);
});

test('what cannot be told is said so at once: no such task, too many at work, nobody of that name', async () => {
  const { run } = await waiting();
  for (const [args, why] of [
    [['take', run, 'nobody'], /The run has no task "nobody"\. Tasks: one, two\./u],
    [['set', run, '--concurrency', '99'], /--concurrency is a whole number from 1 to 32\./u],
    [
      ['say', run, '@wizard do magic'],
      /Nobody of this run is called "wizard"\. Say it to one of: team, one/u,
    ],
    [['say', run, '@one.sub use tabs'], /Nobody of this run is called "one\.sub"\./u],
  ] as const) {
    const { code, text } = await quartet(...args);
    assert.equal(code, 2, text);
    assert.match(text, why);
  }
  assert.match(
    (await quartet('say', run, '@one use tabs')).text,
    /^Told one\. It is read once the run goes on/u,
  );
  assert.match((await quartet('set', run, '--concurrency', '1')).text, /^It will hold once the run goes on/u);
  for (const id of ['one', 'two']) await quartet('answer', run, question(id), 'This one.');
});
