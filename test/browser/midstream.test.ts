/** Four agents write at once while the window is reloaded, and another window looks on: nothing said is lost or doubled, and the run ends. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { Script } from '../../src/core/models/script.ts';
import { command, part, reloadWindow, until } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { commitAll } from '../support/sample.mjs';
import { soon } from '../support/soon.ts';
import { journals } from '../support/story.mjs';

const PROJECT = join(import.meta.dirname, '../fixtures/small/project');
const NAMES = ['north', 'east', 'south', 'west'] as const;

const call = (tool: string, args: object) => ({ tool, args });
const wordsOf = (name: string): string => `The ${name} is looked at first. `.repeat(24).trim();
const pathOf = (name: string): string => `notes/${name}.txt`;

const SCRIPT = Script.parse({
  title: 'Four at once',
  agents: [
    {
      role: 'planner',
      replies: [
        {
          content: '',
          calls: [
            call('submit_plan', {
              summary: 'Four tasks.',
              tasks: NAMES.map((name) => ({
                id: name,
                title: `Note the ${name}`,
                description: `Write ${pathOf(name)}.`,
                role: 'coder',
                files: [pathOf(name)],
              })),
            }),
          ],
        },
      ],
    },
    ...NAMES.map((name) => ({
      role: 'coder',
      task: name,
      replies: [
        {
          content: wordsOf(name),
          calls: [
            call('write_file', { path: pathOf(name), content: `${name}\n` }),
            call('submit_result', { summary: `The ${name} is noted.` }),
          ],
        },
      ],
    })),
    {
      role: 'reviewer',
      replies: [{ content: '', calls: [call('submit_review', { verdict: 'approve', comments: [] })] }],
    },
    {
      role: 'synthesizer',
      replies: [
        { content: '', calls: [call('submit_summary', { title: 'Four winds', body: 'All are noted.' })] },
      ],
    },
  ],
});

let editor: Awaited<ReturnType<typeof openEditor>>;
let server: ModelServer;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-midstream-'));
  await cp(PROJECT, folder, { recursive: true });
  await commitAll(folder);
  server = await startModelServer({ answers: SCRIPT, pieceMs: 150 });
  editor = await openEditor({
    folder,
    settings: {
      'quartet.endpoints': [{ id: 'here', baseUrl: server.url, model: 'scripted' }],
      'quartet.approve.plan': false,
      'quartet.limits.concurrency': 4,
    },
  });
});
after(async () => {
  await editor.close();
  await server.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

const streams = async (page: Page): Promise<number> => (await part(page, 'live', 120_000)).count();

/** How often each agent's words stand in the conversation, which is read from its beginning to its end: rows out of sight are not there. */
async function said(page: Page): Promise<readonly number[]> {
  const scroller = (await part(page, 'conversation', 60_000))
    .first()
    .locator('xpath=ancestor::*[contains(@class,"scroller")]');
  const rows = await scroller.evaluate(async (element) => {
    const found = new Map<string, string>();
    for (let top = 0; top < element.scrollHeight; top += element.clientHeight / 2) {
      element.scrollTop = top;
      await new Promise((resolve) => setTimeout(resolve, 100));
      for (const row of element.querySelectorAll<HTMLElement>('.talk-row'))
        found.set(row.dataset['row'] ?? '', row.innerText.replaceAll(/\s+/gu, ' '));
    }
    return [...found.values()];
  });
  return NAMES.map((name) => rows.join(' ').split(wordsOf(name)).length - 1);
}

test('a window that is reloaded while four agents write goes on, and shows what each said once', async () => {
  const { page } = editor;
  await command(page, 'Quartet: Show Team Panel');
  await (await part(page, 'goal-input', 60_000)).fill('Note the four winds');
  await (await part(page, 'run-button')).first().click();
  await soon.equal(() => streams(page), NAMES.length);
  await editor.picture('midstream');
  await reloadWindow(page);
  await command(page, 'Quartet: Show Team Panel');
  await (await part(page, 'accept-all', 240_000)).first().waitFor();
  await soon.deepEqual(() => said(page), [1, 1, 1, 1]);
  await editor.picture('midstream-after');
});

test('what was cut off is in the record once as finished: nothing that had ended was asked for again', async () => {
  const [journal = ''] = journals(editor.server.data);
  const lines = (await readFile(journal, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; key?: string });
  const ended = lines.flatMap(({ type, key }) => (type === 'step.finished' ? [key ?? ''] : []));
  assert.equal(new Set(ended).size, ended.length);
  const replies = ended.filter((key) =>
    /^task\/[^/]+\/attempt\/1\/coder\/round\/0\/turn\/1\/model$/u.test(key),
  );
  assert.equal(replies.length, NAMES.length);
  await until(
    'the change of all four',
    async () => (await (await part(editor.page, 'changed-file', 2000)).count()) === NAMES.length,
  );
});
