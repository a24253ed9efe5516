/** The panel in trouble, in the real editor: reloaded in mid-stream it shows the truth; a record that cannot be read is told. */
import { readFile, rm, writeFile, cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
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
  await (await part(editor.page, 'goal', 60_000)).first().waitFor();
  await (await part(editor.page, 'accept-all', 120_000)).first().waitFor();
});

test('a run that was open and whose journal is damaged is not passed over in silence', async () => {
  await command(editor.page, 'Quartet: Stop');
  await (await part(editor.page, 'resume-button', 60_000)).first().waitFor();
  const [journal = ''] = journals(editor.server.data);
  const lines = (await readFile(journal, 'utf8')).split('\n');
  await writeFile(journal, lines.with(4, (lines[4] ?? '').replace('"at":1', '"at":2')).join('\n'));
  await reloadWindow(editor.page);
  await command(editor.page, 'Quartet: Show Team Panel');
  await until(
    'the panel says what is wrong',
    async () => /journal/iu.test(await (await part(editor.page, 'error', 10_000)).first().innerText()),
    60_000,
  );
  await editor.picture('robust-damaged');
});
