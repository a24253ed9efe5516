// The main job, done as a person does it: state a goal, approve the plan, watch, review the diff, accept it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, openContainer, part, setSideBarWidth, until } from './drive.mjs';
import { run } from './processes.mjs';
import { git } from './sample.mjs';
import { journals, readJournal } from './story.mjs';

/** @typedef {Awaited<ReturnType<typeof import('./editor.mjs').openEditor>>} Editor */
/** @typedef {{page: import('playwright-core').Page, picture: (name: string) => Promise<void>}} Stage */

/** What the demo's script was written for. */
const script = join(import.meta.dirname, '..', 'fixtures', 'demo', 'script.json');
const { goal } = JSON.parse(readFileSync(script, 'utf8'));

const over = ['finished', 'failed', 'paused'];

/**
 * The run's state as the panel shows it.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string | null>}
 */
export async function status(page) {
  const shown = await part(page, 'run-status', 5000);
  return shown.first().getAttribute('data-status', { timeout: 5000 });
}

/**
 * Waits for one of `wanted`, allowing what the team asks to do. A run that ends otherwise is a failure that says how.
 * @param {import('playwright-core').Page} page
 * @param {string[]} wanted
 * @param {number} [timeoutMs]
 */
export async function reach(page, wanted, timeoutMs = 60_000) {
  return until(
    `the run becomes ${wanted.join(' or ')}`,
    async () => {
      const now = await status(page);
      if (wanted.includes(now)) return now;
      assert.ok(!over.includes(now), `the run is ${now} instead of ${wanted.join(' or ')}`);
      await allowWhatIsAsked(page);
      return undefined;
    },
    timeoutMs,
  );
}

async function allowWhatIsAsked(page) {
  for (const frame of page.frames()) {
    const allow = frame.locator('[data-testid="needs-you"] button', { hasText: /^Allow/ }).first();
    if ((await allow.count()) > 0) await allow.click({ timeout: 2000 }).catch(() => {});
  }
}

/**
 * Types the goal and runs it with the demo team.
 * @param {Stage} stage
 */
export async function stateGoal({ page, picture }) {
  await openContainer(page, 'Quartet');
  const box = await part(page, 'goal-input', 60_000);
  const offer = (await part(page, 'demo-offer')).first();
  await offer.waitFor();
  await setSideBarWidth(page, 400);
  await picture('1-panel');
  await box.fill(goal);
  await picture('2-goal');
  await offer.click();
}

/** @param {Stage} stage */
export async function approvePlan({ page, picture }) {
  const approve = await part(page, 'plan-approve', 60_000);
  await approve.first().waitFor();
  await picture('3-plan');
  await approve.first().click();
}

/**
 * Watches until the change set is offered.
 * @param {Stage} stage
 */
export async function watch({ page, picture }) {
  await reach(page, ['working', 'reviewing']);
  await (await part(page, 'tool-call', 60_000)).first().waitFor();
  await picture('4-working');
  await until(
    'the change set is offered',
    async () => {
      const offered = page.frames().map((frame) => frame.locator('[data-testid="accept-all"]').count());
      if ((await Promise.all(offered)).some((count) => count > 0)) return true;
      await reach(page, ['working', 'reviewing', 'waiting', 'planning'], 5000);
      return false;
    },
    180_000,
  );
  await picture('5-evidence');
}

async function review({ page, picture }) {
  await (await part(page, 'review-open')).first().click();
  await page.locator('.monaco-diff-editor .view-line').first().waitFor({ timeout: 30_000 });
  // Colours of the language arrive a moment after the text; a picture without them is still one.
  const coloured = page.locator('.monaco-diff-editor').first().locator('.view-line span.mtkb').first();
  await coloured.waitFor({ timeout: 8000 }).catch(() => {});
  await page.waitForTimeout(500);
  await picture('6-review');
}

/**
 * Accepts everything and waits for the end.
 * @param {Stage} stage
 */
export async function accept({ page, picture }) {
  await (await part(page, 'accept-all')).first().click();
  await until('the run is finished', async () => (await status(page)) === 'finished', 60_000);
  await until(
    'the diff that was decided is closed',
    async () => (await page.locator('.tab', { hasText: 'proposed changes' }).count()) === 0,
  );
  const summary = (await part(page, 'summary')).first();
  await summary.waitFor();
  await summary.scrollIntoViewIfNeeded();
  await picture('7-finished');
}

/**
 * What counts is on the disk: the sample's own tests, its working tree and the journal.
 * @param {Pick<Editor, 'folder' | 'server'>} editor
 */
export async function verify({ folder, server }) {
  const windows = process.platform === 'win32';
  const tests = await run('npm', ['test', '--silent'], { cwd: folder, shell: windows, timeoutMs: 60_000 });
  assert.equal(tests.code, 0, `the sample's tests fail after the run:\n${tests.output}`);
  const changed = await git(folder, 'status', '--porcelain');
  assert.notEqual(changed.trim(), '', 'the run finished but changed no file');
  assert.equal(
    (await git(folder, 'rev-list', '--count', '--all')).trim(),
    '1',
    "the person's history was touched",
  );
  const file = journals(server.data).at(-1);
  assert.ok(file, `no journal was found below ${server.data}`);
  const lines = readJournal(file);
  const last = lines.at(-1);
  assert.equal(last?.type, 'run.finished', `the journal ends with ${last?.type}`);
  assert.equal(last.data.outcome, 'done');
  const verdicts = lines
    .filter(({ type }) => type === 'gate.finished')
    .map(({ data }) => data.report.verdict);
  assert.equal(verdicts.at(-1), 'green', `the last gate was ${verdicts.at(-1)}`);
  return { lines, changed: changed.trimEnd() };
}

/**
 * Does the whole job in an open editor. Rejects at the stage that fails, with a picture of it.
 * @param {Editor} editor
 * @param {{group: string, say?: (text: string) => void}} options pictures go to .vscode-test/<group>/
 */
export async function mainJob(editor, { group, say = () => {} }) {
  const stage = { ...editor, picture: (name) => editor.picture(name, group) };
  const stages = { stateGoal, approvePlan, watch, review, accept };
  for (const [name, act] of Object.entries(stages)) {
    say(name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`));
    await act(stage).catch(async (error) => {
      await stage.picture(`failed-${name}`).catch(() => {});
      await command(editor.page, 'Quartet: Show Log').catch(() => {});
      await stage.picture(`failed-${name}-log`).catch(() => {});
      throw new Error(`${name}: ${error.message}`, { cause: error });
    });
  }
  say('check what is on the disk');
  return verify(editor);
}
