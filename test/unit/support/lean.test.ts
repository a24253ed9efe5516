/** What is left out of the build is missed by nobody: what remains of packages does what the product asks of them. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { host } from '../../../esbuild.js';
import type { createOpenAiModels } from '../../../src/node/models/openai-models.ts';
import { readableText } from '../../../src/core/tools/readable.ts';
import { readRoleFile } from '../../../src/core/team/role-file.ts';
import { nodeClock } from '../../../src/node/clock.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { contextOf, endpointOf, requestOf } from '../core/models/make.ts';

let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quartet-lean-'));
  await esbuild.build({
    ...(host as esbuild.BuildOptions),
    minify: true,
    sourcemap: false,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    entryPoints: {
      models: 'src/node/models/openai-models.ts',
      readable: 'src/core/tools/readable.ts',
      roles: 'src/core/team/role-file.ts',
    },
  });
});
after(() => rm(folder, { recursive: true, force: true }));

const built = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(join(folder, `${name}.mjs`)).href)) as T;

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

for (const api of ['chat', 'responses'] as const)
  test(`the client of endpoints streams ${api}`, async () => {
    const { createOpenAiModels: create } = await built<{ createOpenAiModels: typeof createOpenAiModels }>(
      'models',
    );
    const server = await startModelServer({ answers: () => ({ content: 'Hello there.' }) });
    try {
      const models = create({ secrets: { key: async () => 'key' }, log: quiet, clock: nodeClock });
      const endpoints = [endpointOf({ baseUrl: server.url, api })];
      const reply = await models.complete(requestOf({ endpoints }), contextOf());
      assert.equal(reply.content, 'Hello there.');
      assert.equal(server.requests.length, 1);
    } finally {
      await server.close();
    }
  });

test('pages and role files are read as by the whole packages', async () => {
  const page = '<h1>Caf&eacute; &mdash; a &lt;menu&gt;</h1><p>One<br>two <a href="/x">more</a></p>';
  const read = await built<{ readableText: typeof readableText }>('readable');
  assert.match(readableText(page, 'https://a.example/'), /Café — a <menu>/);
  assert.equal(read.readableText(page, 'https://a.example/'), readableText(page, 'https://a.example/'));

  const roles = await built<{ readRoleFile: typeof readRoleFile }>('roles');
  const context = { path: 'roles/painter.md', from: 'person' } as const;
  for (const head of [
    'name: painter\ndescription: Paints\ntools: [read_file]',
    'name: [painter\nx: - y',
    'name: &a 1\nb: *a',
  ]) {
    const text = `---\n${head}\n---\n\nYou paint.\n`;
    assert.deepEqual(roles.readRoleFile(text, context), readRoleFile(text, context), head);
  }
});
