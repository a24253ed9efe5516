/** At the terminal: a question of the plan is put to several, and what each said, and what came of it, is told. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
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

const found = (candidate: number, summary: string) =>
  agent('researcher', [[call('submit_findings', { summary })]], { task: 'ask', candidate });

test('two are asked, one more judges; the plan, the story and what the run shows tell it', async () => {
  const file = join(door.room, 'script.json');
  const told = script(
    agent('planner', [
      [
        plan(
          task({ id: 'ask', title: 'Double it?', role: 'researcher', candidates: 2 }),
          task({ title: 'Double it', files: ['a.txt'], depends_on: ['ask'] }),
        ),
      ],
    ]),
    found(1, 'Double it.'),
    found(2, 'Leave it.'),
    agent('researcher', [[call('submit_answer', { answer: 'Double it, then.', choice: 'they differ' })]], {
      task: 'ask',
    }),
    agent('coder', [[edit('a.txt', 'a', 'aa'), result('Doubled.')]]),
    agent('reviewer', [[approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
  );
  await fs.writeFile(file, JSON.stringify(told));
  const options = ['--script', file, '--approve', 'plan', '--apply', '--consensus', 'risky'];
  const begun = await quartet('run', 'Double it', ...options, '--workspace', project);
  assert.equal(begun.code, 3, begun.text);
  const run = /run-[a-z0-9-]+/.exec(begun.text)?.[0] ?? assert.fail(begun.text);
  assert.match((await quartet('show', run)).text, /ask \[researcher\] Double it\?, opinions: 2/);
  await quartet('answer', run, 'plan/1', 'approve');
  const end = await quartet('resume', run, ...options);
  assert.equal(end.code, 5, end.text);
  const { text } = await quartet('show', run);
  assert.match(text, /planner asks 2 of the role researcher, because the plan wants 2 opinions: Double it\?/);
  assert.match(text, /Double it\.[\s\S]*Leave it\.[\s\S]*they disagree, judged: Double it, then\./);
  assert.equal((await quartet('replay', run)).code, 0);
});
