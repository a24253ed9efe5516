/** Programs are those of the machine, never one that a stranger's folder holds. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createGit } from '../../../src/node/copies/git.ts';
import { commandEnvironment } from '../../../src/node/environment.ts';
import { absolutePath, programOf } from '../../../src/node/program.ts';
import { findRipgrep } from '../../../src/node/ripgrep.ts';

const PATHS: readonly (readonly [platform: NodeJS.Platform, path: string, left: string])[] = [
  ['linux', '.:/usr/bin', '/usr/bin'],
  ['linux', ':/usr/bin:', '/usr/bin'],
  ['linux', 'node_modules/.bin:/usr/bin:../x', '/usr/bin'],
  ['win32', '.;C:\\Windows;bin', 'C:\\Windows'],
  ['win32', '"C:\\Program Files\\Git\\cmd";;C:', '"C:\\Program Files\\Git\\cmd"'],
];
for (const [platform, path, left] of PATHS)
  test(`places that depend on the folder are no places: ${JSON.stringify(path)}`, () => {
    assert.equal(absolutePath(path, platform), left);
  });

test('on Windows a program is looked for on the PATH alone, and only where it is absolute', () => {
  const there = ['.\\git.exe', 'git.exe', 'C:\\Git\\cmd\\git.exe'];
  const where = { platform: 'win32', isProgram: (path: string) => there.includes(path) } as const;
  assert.equal(programOf('git', { ...where, env: { Path: '.;"C:\\Git\\cmd"' } }), 'C:\\Git\\cmd\\git.exe');
  assert.equal(programOf('git', { ...where, env: { Path: '.;bin' } }), undefined);
});

test('a git and a ripgrep of the workspace are never started, whatever the PATH says', async (t) => {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-program-'));
  const { PATH } = process.env;
  const here = process.cwd();
  t.after(async () => {
    process.env['PATH'] = PATH;
    process.chdir(here);
    await fs.rm(room, { recursive: true, force: true });
  });
  for (const name of ['git', 'rg'])
    await fs.writeFile(join(room, name), `#!/bin/sh\ntouch "${room}/ran"\necho ripgrep 1\n`, { mode: 0o755 });
  process.env['PATH'] = `.:${PATH ?? ''}`;
  process.chdir(room);
  assert.match(await createGit().text(['--version'], { cwd: room }), /^git version/u);
  assert.notEqual((await findRipgrep([]))?.path, 'rg');
  assert.doesNotMatch(commandEnvironment(process.env)['PATH'] ?? '', /^\.:/u);
  await assert.rejects(fs.access(join(room, 'ran')));
});
