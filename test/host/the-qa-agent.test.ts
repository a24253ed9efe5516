/** Parts of the tests, a suite that is stopped, failures that QA explains and tests that it writes: by commands, with a scripted model. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Script } from '../../src/core/models/script.ts';
import { agent, approve, call, plan, result, script, task } from '../scenarios/parts.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { api, asks, execute, reach, root, RUN_MS } from './driving.ts';

const HEAD = `import test from 'node:test';\nimport assert from 'node:assert/strict';\n`;
const FAILING = `${HEAD}\ntest('adds up', () => assert.equal(1 + 1, 3));\n`;
const PASSING = `${HEAD}\ntest('adds up', () => assert.equal(1 + 1, 2));\n`;

suite('QA by commands', () => {
  const made = new Set<string>();
  let server: ModelServer | undefined;
  const put = async (path: string, text: string) => {
    made.add(path);
    await mkdir(dirname(join(root(), path)), { recursive: true });
    await writeFile(join(root(), path), text);
  };
  const uriOf = (path: string) => vscode.Uri.file(join(root(), path));
  const endpoints = (value: unknown) =>
    vscode.workspace
      .getConfiguration('quartet')
      .update('endpoints', value, vscode.ConfigurationTarget.Global);
  const speaks = async (answers: Script) => {
    server = await startModelServer({ answers });
    await endpoints([{ id: 'qa', baseUrl: server.url, model: 'scripted', contextTokens: 100_000 }]);
  };
  const reportOf = async (run: string) => (await (await api()).view(run)).evidence.integrated;

  // What is changed is asked about: nothing of earlier tests may be.
  suiteSetup(() => {
    for (const args of [
      ['checkout', '-q', '--', '.'],
      ['clean', '-fdq', '--', 'src', 'test'],
    ])
      execFileSync('git', args, { cwd: root() });
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await endpoints(undefined);
    await server?.close();
    server = undefined;
    for (const path of made) await rm(join(root(), path), { force: true });
    made.clear();
  });

  test('a folder of the Explorer runs what lies in it, what is changed runs what belongs to it', async function () {
    this.timeout(2 * RUN_MS);
    await put('test/inner/first.test.js', PASSING);
    await put('test/inner/second.test.js', PASSING.replace('adds up', 'adds more'));
    const inFolder = await reportOf(await execute<string>('testFolder', uriOf('test/inner')));
    assert.deepEqual(inFolder?.totals, { passed: 2, failed: 0, skipped: 0 }, inFolder?.reasons.join());
    assert.equal(inFolder.part, true);
    const changed = await reportOf(await execute<string>('testChanged'));
    assert.deepEqual(changed?.totals, { passed: 2, failed: 0, skipped: 0 }, changed?.reasons.join());
    assert.match(changed.reasons.join(), /Only a part ran: test\/inner\/first\.test\.js/);
  });

  test('a suite that is stopped in the Test Explorer leaves no process', async function () {
    this.timeout(2 * RUN_MS);
    const mark = `47${Date.now()}`;
    await put(
      'test/long.test.js',
      `${HEAD}import { spawn } from 'node:child_process';\ntest('long', () => new Promise(() => spawn('sleep', ['${mark}'])));\n`,
    );
    const running = execute<string | undefined>('testFile', uriOf('test/long.test.js'));
    await until('the suite runs', () => isRunning(mark));
    await vscode.commands.executeCommand('testing.cancelRun');
    assert.equal(await running, undefined, 'nothing came of it');
    await until('its processes are gone', () => !isRunning(mark));
    const [latest] = await (await api()).runs();
    assert.equal(latest?.status, 'paused');
  });

  test('QA says why tests fail', async function () {
    this.timeout(2 * RUN_MS);
    await put('test/wrong.test.js', FAILING);
    const causes = [{ test: 'adds up', cause: 'One and one are two.', suggestion: 'Expect two.' }];
    await speaks(
      script(agent('qa', [[call('submit_diagnosis', { summary: 'The test is wrong.', causes })]])),
    );
    const run = await execute<string>('diagnoseTests');
    const view = await reach(run, 'it is over', ({ finished }) => finished !== undefined);
    assert.equal(view.evidence.integrated?.verdict, 'red');
    assert.match(
      view.answer?.text ?? '',
      /The test is wrong\.[\s\S]*adds up[\s\S]*One and one are two\.[\s\S]*Expect two\./,
    );
  });

  test('missing tests are written, proved and offered; nothing else is changed', async function () {
    this.timeout(2 * RUN_MS);
    const path = 'test/doubling.test.js';
    await put('src/doubling.js', 'export const double = (n) => 2 * n;\n');
    made.add(path);
    const text = `${HEAD}import { double } from '../src/doubling.js';\n\ntest('doubles', () => assert.equal(double(2), 4));\n`;
    await speaks(
      script(
        agent('planner', [[plan(task({ title: 'Write the tests' }))]]),
        agent('coder', [[call('write_file', { path, content: text }), result()]]),
        agent('reviewer', [[approve]]),
      ),
    );
    const run = await execute<string>('writeTests', uriOf('src/doubling.js'));
    const planned = await reach(run, 'a plan is offered', asks('plan'));
    assert.match(planned.goal, /Write the tests that src\/doubling\.js lacks/);
    assert.equal(await execute('approvePlan'), true);
    const view = await reach(run, 'changes are offered', asks('review'));
    assert.deepEqual(
      view.changes?.files.map((file) => file.path),
      [path],
    );
    const { verdict, added } = view.evidence.integrated ?? {};
    assert.equal(verdict, 'green');
    assert.ok(
      added?.some((id) => id.includes('doubles')),
      added?.join(),
    );
    assert.equal(await execute('acceptAll'), true);
    await reach(run, 'the run is finished', ({ finished }) => finished !== undefined);
    assert.equal(await readFile(join(root(), path), 'utf8'), text);
  });
});

/** A process with this on its command line is there. */
function isRunning(mark: string): boolean {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .some((line) => line.trim() === `sleep ${mark}`);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const ends = Date.now() + RUN_MS;
  while (!holds()) {
    assert.ok(Date.now() < ends, `waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
