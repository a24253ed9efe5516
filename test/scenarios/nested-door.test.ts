/** At the terminal: sub-tasks that a planner wants while the run works are shown, changed and approved, and told of with their task. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { PlanSpec } from '../../src/protocol/plan.ts';
import { agent, approve, call, edit, plan, result, script, task } from './parts.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

let door: TerminalDoor;
let project = '';
before(async () => {
  door = await openTerminalDoor();
  project = join(door.room, 'project');
  await fs.mkdir(project, { recursive: true });
  await fs.writeFile(join(project, 'a.txt'), 'a\n');
});
after(() => door.close());

async function quartet(...args: string[]): Promise<{ code: number | null; text: string }> {
  const { said, ended } = door.start(...args);
  const code = await ended;
  return { code, text: said.out + said.err };
}

const SIGNAL = 'plan/task/whole/attempt/1/1';

test('sub-tasks are looked at, changed in a file, approved, and stand in their task', async () => {
  const file = join(door.room, 'script.json');
  const told = script(
    agent('planner', [[plan(task({ id: 'whole', title: 'The whole', files: ['*.txt'], expand: true }))]]),
    agent('planner', [[plan(task({ id: 'part', title: 'A part', files: ['a.txt'] }))]], { task: 'whole' }),
    agent('coder', [[edit('a.txt', 'a', 'aa'), result('Doubled.')]], { task: 'whole.part' }),
    agent('reviewer', [[approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
  );
  await fs.writeFile(file, JSON.stringify(told));
  const options = ['--script', file, '--approve', 'plan', '--apply'];
  const begun = await quartet('run', 'Double it', ...options, '--workspace', project);
  assert.equal(begun.code, 3, begun.text);
  const run = /run-[a-z0-9-]+/.exec(begun.text)?.[0] ?? assert.fail(begun.text);
  await quartet('answer', run, 'plan/1', 'approve');
  const asked = await quartet('resume', run, ...options);
  assert.equal(asked.code, 3, asked.text);
  const shown = await quartet('show', run);
  assert.match(shown.text, /Approve the sub-tasks of whole \(whole\.part\)/);
  assert.match(shown.text, /whole\.part \[coder\] A part, about \d+ tokens/);
  assert.match(shown.text, /"end": it is done in one go/);

  const wanted = JSON.parse((await quartet('plan', run, '--task', 'whole', '--json')).text) as PlanSpec;
  assert.deepEqual(
    wanted.tasks.map(({ id }) => id),
    ['whole.part'],
  );
  const none = await quartet('plan', run, '--task', 'nobody', '--json');
  assert.deepEqual([none.code, /Nothing is asked about a plan for "nobody"/.test(none.text)], [2, true]);
  const edited = join(door.room, 'parts.json');
  const tasks = wanted.tasks.map((each) => ({ ...each, title: 'My part' }));
  await fs.writeFile(edited, JSON.stringify({ ...wanted, tasks }));
  assert.equal((await quartet('plan', run, '--task', 'whole', '--edit', edited)).code, 0);

  const end = await quartet('resume', run, ...options);
  assert.equal(end.code, 5, end.text);
  assert.equal(await fs.readFile(join(project, 'a.txt'), 'utf8'), 'aa\n');
  const { text } = await quartet('plan', run);
  assert.match(text, /^\* whole \[coder\] done: The whole/mu);
  assert.match(text, /^ {2}\* whole\.part \[coder\] done: My part;.*writes a\.txt/mu);
  assert.ok(!(await quartet('show', run)).text.includes(SIGNAL), 'nothing is asked any more');
});
