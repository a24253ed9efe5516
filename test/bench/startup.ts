/** How long the editor takes to load and to activate extensions: as it says, and by the marks of its extension host. */
import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import { command, until } from '../support/drive.mjs';

/** Milliseconds. */
export interface Startup {
  readonly load: number;
  readonly activate: number;
}

/** Names in the list of running extensions. */
export const BASELINE = { id: 'quartet-bench.baseline', name: 'Baseline of Benches' };
export const GIT = { id: 'vscode.git', name: 'Git' };
export const QUARTET = { id: 'quartet.quartet', name: 'Quartet' };

/** Builds the extension that does nothing into a folder and returns it. */
export async function buildBaseline(folder: string): Promise<string> {
  const source = join(import.meta.dirname, 'baseline');
  await esbuild.build({
    ...{ entryPoints: [join(source, 'main.ts')], outfile: join(folder, 'main.cjs') },
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['vscode'] },
  });
  await cp(join(source, 'package.json'), join(folder, 'package.json'));
  return folder;
}

/** What this window's extension host has marked; `file` is what `QUARTET_MARKS` names. */
export async function readMarks(page: Page, file: string): Promise<ReadonlyMap<string, number>> {
  await rm(file, { force: true });
  await command(page, 'Baseline: Write Marks');
  return until('the marks are written', async () => {
    const marks = JSON.parse(await readFile(file, 'utf8')) as readonly { name: string; startTime: number }[];
    return new Map(marks.map(({ name, startTime }) => [name, startTime]));
  });
}

/** The editor tells both together in its list of running extensions, which is open; how long the code took to load is marked. */
export async function startupOf(
  page: Page,
  { id, name }: { readonly id: string; readonly name: string },
  marks: ReadonlyMap<string, number>,
): Promise<Startup> {
  const [began = NaN, ended = NaN] = ['willLoad', 'didLoad'].map((what) =>
    marks.get(`code/extHost/${what}ExtensionCode/${id}`),
  );
  const both = await until(`${name} is among the running extensions`, async () => {
    const row = page.locator(
      '.runtime-extensions-editor .monaco-list-row, .editor-instance .monaco-list-row',
      { hasText: name },
    );
    const text = await row.first().innerText({ timeout: 2000 });
    return /Activation: (\d+)ms/u.exec(text)?.[1];
  });
  // Both sides count whole milliseconds, the editor with one more clock.
  return { load: ended - began, activate: Math.max(0, Number(both) - (ended - began)) };
}
