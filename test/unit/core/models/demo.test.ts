/** The demo's script against its sample project: every argument is valid, every edit fits, every test result is as the story says. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { applyEdits, type TextEdit } from '../../../../src/core/changes/edits.ts';
import { applyPatch } from '../../../../src/core/changes/patch.ts';
import { parseScript, type ScriptReply } from '../../../../src/core/models/script.ts';
import { checkPlan } from '../../../../src/core/run/plan/check-plan.ts';
import { overlaps } from '../../../../src/core/run/plan/scopes.ts';
import { TOOLS } from '../../../../src/core/tools/catalogue.ts';
import { judgeCommand } from '../../../../src/core/policy/commands.ts';
import { ReviewHandover } from '../../../../src/protocol/handover.ts';
import { PlanSpec } from '../../../../src/protocol/plan.ts';

const demo = join(import.meta.dirname, '../../../fixtures/demo');
const script = parseScript(await readFile(join(demo, 'script.json'), 'utf8'));

const repliesOf = (role: string, task?: string): readonly ScriptReply[] =>
  script.agents.find((agent) => agent.role === role && agent.task === task)?.replies ?? [];
const calls = script.agents.flatMap((agent) => agent.replies.flatMap((reply) => reply.calls));
const submitted = (tool: string): readonly unknown[] =>
  calls.filter((call) => call.tool === tool).map((call) => call.args);
const plan = PlanSpec.parse(submitted('submit_plan')[0]);

const copies: string[] = [];
after(() => Promise.all(copies.map((copy) => rm(copy, { recursive: true, force: true }))));

async function copyOf(folder: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'quartet-demo-'));
  copies.push(copy);
  await cp(folder, copy, { recursive: true });
  return copy;
}

/** Carries out the edits of replies, as the tools would. */
async function play(copy: string, replies: readonly ScriptReply[]): Promise<void> {
  for (const { tool, args } of replies.flatMap((reply) => reply.calls)) {
    const { path, edits, patch } = args as { path: string; edits: TextEdit[]; patch: string };
    if (tool === 'edit_file') {
      const edited = applyEdits(await readFile(join(copy, path), 'utf8'), edits);
      assert.ok(edited.ok, edited.ok ? '' : edited.error.message);
      assert.deepEqual(edited.notes, [], 'it fits without being bent');
      await writeFile(join(copy, path), edited.text);
    }
    if (tool === 'apply_patch') {
      const before = await readFile(join(copy, 'src/money.js'), 'utf8');
      const patched = applyPatch(new Map([['src/money.js', before]]), patch);
      assert.ok(patched.ok, patched.ok ? '' : patched.error.message);
      for (const [changed, text] of patched.texts) await writeFile(join(copy, changed), text ?? '');
    }
  }
}

/** Names of the tests that fail, and how many pass. */
async function tests(copy: string): Promise<{ readonly failed: readonly string[]; readonly passed: number }> {
  const run = promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: copy,
    env: { PATH: process.env['PATH'] },
  });
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string });
  const failed = [...stdout.matchAll(/^not ok \d+ - (.*)$/gm)].map((match) => match[1] ?? '');
  return { failed, passed: [...stdout.matchAll(/^ok \d+ - /gm)].length };
}

const VOUCHER = 'a voucher never takes more than there is to pay';
const INSTALMENTS = 'instalments add up to the whole amount';
const ORDER = 'percentages come off before vouchers, whatever their order';

/** The line of a comment in a working copy. */
async function lineAt(copy: string, comment: { path: string; line: number }): Promise<string> {
  const text = await readFile(join(copy, comment.path), 'utf8');
  return text.split('\n')[comment.line - 1] ?? '';
}
const commentsOf = (reply: ScriptReply | undefined) => ReviewHandover.parse(reply?.calls[0]?.args).comments;

test('demo: every call is of a tool that there is, with arguments that it takes', () => {
  for (const { tool, args } of calls) {
    const known = TOOLS.get(tool);
    assert.ok(known, tool);
    const checked = known.args.safeParse(args);
    assert.ok(checked.success, `${tool}: ${checked.error?.message ?? ''}`);
  }
});

test('demo: its plan holds, and two tasks can run at the same time', () => {
  assert.deepEqual(checkPlan(plan, ['coder', 'documenter'], { tasks: 50 }), []);
  const [vouchers, instalments, readme] = plan.tasks;
  assert.equal(overlaps(vouchers?.files ?? ['**'], instalments?.files ?? ['**']), false);
  assert.deepEqual(readme?.depends_on, ['vouchers', 'instalments']);
  for (const task of plan.tasks) {
    assert.ok(repliesOf(task.role, task.id).length > 0, `${task.role} of ${task.id} speaks`);
    assert.ok(repliesOf('reviewer', task.id).length > 0, `the reviewer of ${task.id} speaks`);
  }
});

test('demo: no command has to be asked about', () => {
  const commands = submitted('run_command').map((args) => (args as { command: string }).command);
  assert.ok(commands.length > 0);
  for (const command of commands) assert.equal(judgeCommand(command, '').danger, 'usual');
});

test('demo: the sample fails where the story says', async () => {
  assert.deepEqual(await tests(await copyOf(join(demo, 'project'))), {
    failed: [VOUCHER, INSTALMENTS],
    passed: 8,
  });
});

test('demo: the first attempt at vouchers breaks a test that passed, the second mends it', async () => {
  const copy = await copyOf(join(demo, 'project'));
  const replies = repliesOf('coder', 'vouchers');
  await play(copy, replies.slice(0, 2));
  assert.deepEqual((await tests(copy)).failed, [ORDER, INSTALMENTS]);
  const diagnosis = JSON.stringify(repliesOf('qa', 'vouchers').at(-1)?.calls[0]?.args);
  assert.match(
    await lineAt(copy, { path: 'src/discounts.js', line: 14 }),
    /for \(const \{ percent, voucher \}/,
  );
  assert.match(diagnosis, /src\/discounts\.js:14: one loop/);
  assert.ok(diagnosis.includes(ORDER));
  await play(copy, replies.slice(2));
  assert.deepEqual((await tests(copy)).failed, [INSTALMENTS]);
  const [praise] = commentsOf(repliesOf('reviewer', 'vouchers').at(-1));
  assert.match(await lineAt(copy, praise ?? { path: '', line: 0 }), /Math\.min\(voucher, left\)/);
});

test('demo: the review of instalments is right, and what it asks for is done', async () => {
  const copy = await copyOf(join(demo, 'project'));
  const replies = repliesOf('coder', 'instalments');
  const reviews = repliesOf('reviewer', 'instalments');
  await play(copy, replies.slice(0, 3));
  assert.deepEqual(await tests(copy), { failed: [VOUCHER], passed: 9 });
  const [blocking, suggestion] = commentsOf(reviews[1]);
  assert.equal(blocking?.severity, 'blocking');
  assert.match(await lineAt(copy, blocking), /const share/);
  assert.match(await lineAt(copy, suggestion ?? { path: '', line: 0 }), /instalments add up/);
  const { splitEvenly } = (await import(join(copy, 'src/money.js'))) as {
    splitEvenly: (a: number, b: number) => number[];
  };
  assert.deepEqual(splitEvenly(1000, 0), []);
  assert.equal(splitEvenly(1000, 2.5).reduce((sum, part) => sum + part) === 1000, false);
  await play(copy, replies.slice(3));
  assert.deepEqual(await tests(copy), { failed: [VOUCHER], passed: 10 });
  assert.match(await lineAt(copy, commentsOf(reviews[2])[0] ?? { path: '', line: 0 }), /RangeError/);
});

test('demo: all together is green', async () => {
  const copy = await copyOf(join(demo, 'project'));
  for (const task of plan.tasks) await play(copy, repliesOf(task.role, task.id));
  assert.deepEqual(await tests(copy), { failed: [], passed: 11 });
  assert.match(await readFile(join(copy, 'README.md'), 'utf8'), /## Instalments\n\n[^#]+## Tests/);
});

test('small goal: at most four model calls turn its test', async () => {
  const small = join(demo, '../small');
  const { agents } = parseScript(await readFile(join(small, 'script.json'), 'utf8'));
  const replies = agents.flatMap((agent) => agent.replies);
  assert.ok(replies.length <= 4);
  for (const { tool, args } of replies.flatMap((reply) => reply.calls)) {
    assert.ok(TOOLS.get(tool)?.args.safeParse(args).success, tool);
  }
  const copy = await copyOf(join(small, 'project'));
  assert.deepEqual(await tests(copy), { failed: ['it greets everybody where there is no name'], passed: 1 });
  await play(copy, replies);
  assert.deepEqual(await tests(copy), { failed: [], passed: 2 });
});
