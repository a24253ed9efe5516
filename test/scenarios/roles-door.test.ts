/** The person's own roles at the terminal: begun, listed with what is wrong, approved, and at work. */
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
  await fs.mkdir(join(project, '.quartet/agents'), { recursive: true });
  await fs.writeFile(join(project, 'greet.txt'), 'helo\n');
});
after(() => door.close());

async function quartet(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const { said, ended } = door.start(...args, '--workspace', project);
  const code = await ended;
  return { code, ...said };
}

const role = (name: string, more = ''): string =>
  `---\nname: ${name}\ndescription: Greets\ntools: [read_file, edit_file]\n${more}---\nYou greet.\n`;

test('a role is begun in the person’s own folder, once, and listed', async () => {
  const made = await quartet('roles', 'new', 'greeter');
  assert.equal(made.code, 0, made.err);
  const path = join(door.room, '.quartet/agents/greeter.md');
  assert.match(await fs.readFile(path, 'utf8'), /^---\nname: greeter\n/);
  const again = await quartet('roles', 'new', 'greeter');
  assert.equal(again.code, 1);
  assert.match(again.err, /There is a file .*greeter\.md already/);
  const listed = await quartet('roles');
  assert.equal(listed.code, 0);
  assert.match(listed.out + listed.err, /greeter: Says in a line/);
  assert.equal((await quartet('roles', 'new', 'planner')).code, 2, 'a name that is taken');
});

test('what is wrong is listed with its line, and the exit code says so', async () => {
  await fs.writeFile(join(project, '.quartet/agents/bad.md'), role('bad', 'colour: blue\n'));
  const { code, out, err } = await quartet('roles');
  assert.equal(code, 1);
  assert.match(out + err, /bad\.md: cannot be used\n {2}error in line 5: There is no key "colour"/);
  await fs.rm(join(project, '.quartet/agents/bad.md'));
});

test('a role of the workspace is not used before it is approved, and a link that leads out is not there', async () => {
  await fs.writeFile(join(project, '.quartet/agents/polite.md'), role('polite'));
  await fs.writeFile(join(door.room, 'secret.md'), role('spy'));
  await fs.symlink(join(door.room, 'secret.md'), join(project, '.quartet/agents/spy.md'));
  const script = join(door.room, 'script.json');
  const edit = {
    tool: 'edit_file',
    args: { path: 'greet.txt', edits: [{ old_text: 'helo', new_text: 'hello' }] },
  };
  const planned = {
    summary: 'One.',
    tasks: [{ id: 'greet', title: 'Greet', description: 'Greet.', role: 'polite' }],
  };
  await fs.writeFile(
    script,
    JSON.stringify({
      title: 'polite',
      agents: [
        {
          role: 'planner',
          replies: [1, 2, 3].map(() => ({ calls: [{ tool: 'submit_plan', args: planned }] })),
        },
        {
          role: 'polite',
          replies: [{ calls: [edit, { tool: 'submit_result', args: { summary: 'Greeted.' } }] }],
        },
        { role: 'reviewer', replies: [{ calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] }] },
      ],
    }),
  );
  const run = ['run', 'Greet', '--script', script, '--approve', 'none', '--apply'];
  const refused = await quartet(...run);
  assert.equal(refused.code, 1);
  assert.match(refused.out + refused.err, /you have not approved it as it reads now/);
  const approved = await quartet('roles', 'approve', 'polite');
  assert.match(approved.out + approved.err, /You greet\.\n[\s\S]*Approved as it reads above/);
  assert.doesNotMatch(approved.out + (await quartet('roles')).out, /spy/);
  const used = await quartet(...run);
  assert.equal(used.code, 5, used.err);
  assert.equal(await fs.readFile(join(project, 'greet.txt'), 'utf8'), 'hello\n');
  await fs.appendFile(join(project, '.quartet/agents/polite.md'), 'And more.\n');
  assert.match((await quartet('roles')).err + (await quartet('roles')).out, /Not approved as it reads now/);
});

test('a role that is not approved and is asked something is offered: shown as it reads, allowed or denied, and the run goes on', async () => {
  const script = join(door.room, 'asking.json');
  const tasks = [{ id: 'greet', title: 'Greet', description: 'Greet.', role: 'coder' }];
  await fs.writeFile(
    script,
    JSON.stringify({
      title: 'asking',
      agents: [
        {
          role: 'planner',
          replies: [{ calls: [{ tool: 'submit_plan', args: { summary: 'One.', tasks } }] }],
        },
        {
          role: 'coder',
          replies: [
            {
              turn: 'any',
              when: 'coder asks you',
              calls: [{ tool: 'submit_answer', args: { answer: 'So says a coder.' } }],
            },
            { turn: 1, calls: [{ tool: 'ask_teammate', args: { to: 'polite', question: 'How?' } }] },
            {
              turn: 2,
              calls: [
                { tool: 'write_file', args: { path: 'new.txt', content: 'hi\n' } },
                { tool: 'submit_result', args: { summary: 'Greeted.' } },
              ],
            },
          ],
        },
        {
          role: 'polite',
          replies: [{ calls: [{ tool: 'submit_answer', args: { answer: 'So says the polite one.' } }] }],
        },
        { role: 'reviewer', replies: [{ calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] }] },
      ],
    }),
  );
  const options = ['--script', script, '--approve', 'commands'];
  const answered = async (answer: string): Promise<string> => {
    const begun = await quartet('run', 'Greet', ...options);
    assert.equal(begun.code, 3, begun.err);
    const run = /run-[a-z0-9-]+/u.exec(begun.out + begun.err)?.[0] ?? assert.fail(begun.err);
    const { out } = await quartet('show', run);
    assert.match(out, /Use the role "polite" of this project\?/u);
    assert.match(out, /tools: read_file, edit_file\n[\s\S]*You greet\./u);
    assert.match(out, /Why this asks: it is asked “How\?”\./u);
    assert.match(out, /VALUE is "allow" \(the role is used .*\) or "deny" \(coder is asked instead\)/u);
    const signal = /role\/polite\/[0-9a-f]{16}/u.exec(out)?.[0] ?? assert.fail(out);
    assert.equal((await quartet('answer', run, signal, answer)).code, 0);
    const end = await quartet('resume', run, ...options);
    assert.equal(end.code, 5, end.err);
    return (await quartet('show', run, '--messages')).out;
  };
  assert.match(await answered('deny'), /So says a coder\./u);
  assert.match(await answered('allow'), /So says the polite one\./u);
  const again = await quartet('run', 'Greet', ...options);
  assert.equal(again.code, 5, `it is approved as it reads: ${again.err}`);
});

test('two files with one name are told of, and neither is approved by it', async () => {
  const other = join(project, '.quartet/agents/also-polite.md');
  await fs.writeFile(other, role('polite').replace('You greet.', 'Obey.'));
  const listed = await quartet('roles');
  assert.equal(listed.code, 1);
  assert.match(
    listed.out + listed.err,
    /polite\.md: cannot be used\n {2}error in line 2: \.quartet\/agents\/also-polite\.md has the name "polite" too/,
  );
  const approved = await quartet('roles', 'approve', 'polite');
  assert.equal(approved.code, 2);
  assert.match(
    approved.err,
    /Nothing is approved: .*also-polite\.md and .*polite\.md have the name "polite"/,
  );
  await fs.rm(other);
  assert.equal((await quartet('roles', 'approve', 'polite')).code, 0);
});
