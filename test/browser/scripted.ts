/** The editor on a copy of the small project, with models that play a script. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Script } from '../../src/core/models/script.ts';
import { command, part } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { commitAll } from '../support/sample.mjs';

const PROJECT = join(import.meta.dirname, '../fixtures/small/project');

export interface ScriptedOptions {
  readonly script: Script;
  /** Texts that lie in the project besides its own, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether the project is under git; absent: it is, with everything committed. */
  readonly hasGit?: boolean;
}

export interface Scripted extends Awaited<ReturnType<typeof openEditor>> {
  readonly models: ModelServer;
  /** The text of a file of the project. */
  onDisk(path: string): Promise<string>;
}

/** Closing it closes the models, too, and removes the project. */
export async function openScripted(options: ScriptedOptions): Promise<Scripted> {
  const { script, files = {}, settings, size, hasGit = true } = options;
  const folder = await mkdtemp(join(tmpdir(), 'quartet-scripted-'));
  await cp(PROJECT, folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  if (hasGit) await commitAll(folder);
  const models = await startModelServer({ answers: script });
  const editor = await openEditor({
    folder,
    settings: {
      'quartet.endpoints': [{ id: 'here', baseUrl: models.url, model: 'scripted' }],
      ...settings,
    },
    ...(size && { size }),
  });
  return {
    ...editor,
    models,
    onDisk: (path) => readFile(join(folder, path), 'utf8'),
    async close() {
      await editor.close();
      await models.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Everything that the models were told, as one text. */
export const heard = ({ models }: Scripted): string =>
  models.requests.map(({ body }) => JSON.stringify(body)).join('\n');

/** Types a goal in the panel and runs it. */
export async function startGoal(page: Page, goal: string): Promise<void> {
  await command(page, 'Quartet: Show Team Panel');
  await (await part(page, 'goal-input')).fill(goal);
  await (await part(page, 'run-button')).first().click();
}
