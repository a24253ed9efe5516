/** The panel in trouble, in the real editor: reloaded in mid-stream it shows the truth; a record that cannot be read is told. */
import assert from 'node:assert/strict';
import { readFile, rm, writeFile, cp, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { CHAIN_START, decodeJournal, encodeLine, endAfter } from '../../src/core/run/journal/codec.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { command, notifications, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { soon } from '../support/soon.ts';
import { commitAll } from '../support/sample.mjs';
import { journals } from '../support/story.mjs';
import { shouting, STORY } from './shouting.ts';

const PROJECT = join(import.meta.dirname, '../fixtures/small/project');
const SCRIPT = shouting({
  said: 'The words are to be seen from afar. '.repeat(20),
  softer: { path: 'story.txt', old_text: 'NINE', new_text: 'nine!' },
});

let editor: Awaited<ReturnType<typeof openEditor>>;
let server: ModelServer;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-robust-'));
  await cp(PROJECT, folder, { recursive: true });
  await writeFile(join(folder, 'story.txt'), STORY);
  await commitAll(folder);
  server = await startModelServer({ answers: SCRIPT, pieceMs: 60 });
  editor = await openEditor({
    folder,
    settings: {
      'quartet.endpoints': [{ id: 'here', baseUrl: server.url, model: 'scripted' }],
      'quartet.approve.plan': false,
    },
  });
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

test('a page that is thrown away in mid-stream comes back with all that was said', async () => {
  await command(editor.page, 'Quartet: Show Team Panel');
  await (await part(editor.page, 'goal-input', 60_000)).fill('Greet everybody');
  await (await part(editor.page, 'run-button')).first().click();
  await (await part(editor.page, 'live', 120_000)).first().waitFor();
  await command(editor.page, 'Developer: Reload Webviews');
  // The page that is found at first may be the one that goes.
  await soon.ok(async () => (await part(editor.page, 'goal', 60_000)).first().isVisible());
  await (await part(editor.page, 'accept-all', 120_000)).first().waitFor();
});

/** What may have become of a run's record, by its goal there; each is the record of the run above, with something done to it. */
const RECORDS: Readonly<Record<string, (lines: readonly JournalLine[]) => string>> = {
  'Flipped in the middle': (lines) => written(lines).replace('"seq":5,"at":1', '"seq":5,"at":2'),
  'Of a later format': (lines) => written(lines).replace('{"v":1,"seq":6,', '{"v":9,"seq":6,'),
  'Torn at its end': (lines) => `${written(lines)}{"v":1,"seq":999,"at"`,
  'Of a later engine': ([first, ...rest]) =>
    written([
      { ...first, data: { ...first?.data, engine: '99' } },
      { type: 'telepathy.began', data: { to: 'everybody' } },
      ...rest,
    ] as JournalLine[]),
};

/** The lines as a journal whose chain fits. */
function written(lines: readonly JournalLine[]): string {
  let end = CHAIN_START;
  return lines
    .map((line) => {
      const { text, line: encoded } = encodeLine(line, line.at, end, nodeHasher);
      end = endAfter(encoded);
      return text;
    })
    .join('');
}

/** Puts each of the records beside the run they are made of. */
async function makeRecords(journal: string): Promise<void> {
  const { lines } = decodeJournal(await readFile(journal, 'utf8'), nodeHasher);
  const of = dirname(journal);
  for (const [index, [goal, change]] of Object.entries(RECORDS).entries()) {
    const run = `${basename(of)}-${index}`;
    const own = lines.map((line) =>
      line.type === 'run.started' ? { ...line, data: { ...line.data, run, goal } } : line,
    );
    const to = join(dirname(of), run);
    await mkdir(to);
    await cp(join(of, 'blobs'), join(to, 'blobs'), { recursive: true });
    await mkdir(join(to, 'inbox'));
    await writeFile(join(to, 'journal.jsonl'), change(own));
  }
}

const row = (goal: string) =>
  editor.page.locator(`.part.sidebar .monaco-list-row[aria-label*="${goal}"]`).first();

/** The body of the page that something stands in. */
const pageOf = async (inside: Locator) => inside.first().locator('xpath=ancestor::body');

test('records that are damaged, torn or of later versions are listed with what is wrong with them', async () => {
  await command(editor.page, 'Quartet: Stop');
  await (await part(editor.page, 'resume-button', 60_000)).first().waitFor();
  const [journal = ''] = journals(editor.server.data);
  await makeRecords(journal);
  await command(editor.page, 'Quartet: Focus on Runs View');
  const label = (goal: string) => async () => (await row(goal).getAttribute('aria-label')) ?? '';
  await row('Torn at its end').waitFor({ timeout: 60_000 });
  // The view may be lower than the list.
  await editor.page.keyboard.press('Home');
  await soon.match(label('Flipped in the middle'), /damaged.*damaged at line 5/);
  await soon.match(label('Of a later format'), /needs a newer Quartet.*from line 6/);
  await soon.match(label('Torn at its end'), /paused/);
  await soon.match(label('Of a later engine'), /paused, written by a later version/);
  await editor.picture('robust-listed');
});

test('a damaged run is opened up to the damage, told once, and offers what can still be done', async () => {
  const { page } = editor;
  await row('Flipped in the middle').click();
  const note = (await part(page, 'unreadable', 60_000)).first();
  await soon.match(() => note.innerText(), /damaged at line 5/);
  await reloadWindow(page);
  await command(page, 'Quartet: Show Team Panel');
  const again = await part(page, 'unreadable', 60_000);
  await soon.match(() => again.first().innerText(), /damaged at line 5/);
  assert.equal(await again.count(), 1);
  assert.equal(await (await pageOf(again)).locator('[data-testid="error"]').count(), 0);
  assert.equal(await (await pageOf(again)).locator('[data-testid="resume-button"]').count(), 0);
  assert.deepEqual(
    (await notifications(page)).filter((text) => /damaged/iu.test(text)),
    [],
  );
  await editor.picture('robust-damaged');
  await command(page, 'Quartet: Open Run View');
  await until('the run view says so, too', async () => {
    const notes = await Promise.all(
      page.frames().map((frame) =>
        frame
          .locator('.rv [data-testid="unreadable"]')
          .count()
          .catch(() => 0),
      ),
    );
    return notes.some((count) => count === 1);
  });
  await editor.picture('robust-damaged-run-view');
});

test('a run of a later version says what is not shown, and a damaged one is deleted where it stands', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Focus on Runs View');
  await row('Of a later engine').click();
  await soon.match(
    async () => (await part(page, 'later', 60_000)).first().innerText(),
    /later version[^]*Line 2/,
  );
  await row('Of a later format').click();
  await soon.match(
    async () => (await part(page, 'unreadable', 60_000)).first().innerText(),
    /from line 6 on/,
  );
  await row('Flipped in the middle').click();
  await soon.match(
    async () => (await part(page, 'unreadable', 60_000)).first().innerText(),
    /damaged at line 5/,
  );
  await (await part(page, 'delete-run')).first().click();
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await row('Flipped in the middle').waitFor({ state: 'detached', timeout: 60_000 });
});
