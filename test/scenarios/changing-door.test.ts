/** At the terminal: a run that works is changed from another process, and a task is taken over and given back. */
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
  await fs.writeFile(join(project, 'greet.txt'), 'helo\n');
});
after(() => door.close());

async function quartet(...args: string[]): Promise<{ code: number | null; text: string }> {
  const { said, ended } = door.start(...args);
  const code = await ended;
  return { code, text: said.out + said.err };
}

async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 60; tries++) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return assert.fail('it never came');
}

test('limits, plan and who does the task change while the run works in another process', async () => {
  const script = join(door.room, 'script.json');
  await fs.writeFile(
    script,
    JSON.stringify({
      title: 'slow',
      pace: { thinkMs: 20_000 },
      agents: [
        {
          role: 'coder',
          replies: [{ calls: [{ tool: 'submit_result', args: { summary: 'Never said.' } }] }],
        },
      ],
    }),
  );
  const working = door.start(
    'run',
    'Greet',
    '--script',
    script,
    '--approve',
    'none',
    '--quick',
    '--apply',
    '--workspace',
    project,
  );
  const run = await eventually(
    async () => /run-[a-z0-9-]+/.exec((await quartet('runs', '--workspace', project)).text)?.[0],
  );
  await eventually(async () =>
    /edit \[coder\] working/.test((await quartet('plan', run)).text) ? true : undefined,
  );
  const limits = await quartet('set', run, '--concurrency', '2', '--max-turns', '9');
  assert.match(limits.text, /Changed\./);
  const plan = JSON.parse((await quartet('plan', run, '--json')).text) as { tasks: { role: string }[] };
  const file = join(door.room, 'plan.json');
  await fs.writeFile(
    file,
    JSON.stringify({ ...plan, tasks: plan.tasks.map((task) => ({ ...task, role: 'wizard' })) }),
  );
  const refused = await quartet('plan', run, '--edit', file);
  assert.equal(refused.code, 2);
  assert.match(refused.text, /"wizard", which does not exist/);
  const wants = async (requires: string) => {
    const tasks = plan.tasks.map((task) => ({ ...task, requires: [requires] }));
    await fs.writeFile(file, JSON.stringify({ ...plan, tasks }));
    return quartet('plan', run, '--edit', file, '--dry-run');
  };
  const lacking = await wants('vision');
  assert.equal(lacking.code, 2);
  assert.match(
    lacking.text,
    /requires "vision", which nothing that would do it provides \(endpoint \S+: it provides no vision\)/,
  );
  const served = await wants('tool:edit_file');
  assert.equal(served.code, 0, served.text);
  assert.match(served.text, /nothing was changed[\s\S]*edit requires tool:edit_file: tool edit_file/);
  assert.match((await quartet('take', run, 'edit')).text, /You work on edit/);
  assert.equal(await working.ended, 3, working.said.out + working.said.err);
  const shown = (await quartet('show', run)).text;
  const folder = /(\/\S*copies\/\S+)/.exec(shown)?.[1] ?? assert.fail(shown);
  await fs.writeFile(join(folder, 'greet.txt'), 'hello by hand\n');
  const signal = /hand\/\S+/.exec(shown)?.[0] ?? '';
  await quartet('answer', run, signal, 'I greeted.');
  const end = await quartet('resume', run);
  const told = await quartet('show', run, '--task', 'edit');
  assert.match(told.text, /edit \[coder\] done[\s\S]*Tests: notProved/);
  const diff = await quartet('show', run, '--task', 'edit', '--diff');
  assert.match(diff.text, /\+\+\+ b\/greet\.txt[\s\S]*-helo\n\+hello by hand/);
  const nobody = await quartet('show', run, '--task', 'nobody');
  assert.deepEqual([nobody.code, /no task "nobody"\. Tasks: edit/.test(nobody.text)], [2, true], nobody.text);
  assert.equal(end.code, 5, end.text);
  assert.equal(await fs.readFile(join(project, 'greet.txt'), 'utf8'), 'hello by hand\n');
});
