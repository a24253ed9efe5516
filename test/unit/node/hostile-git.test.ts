/** Git in a working copy that a stranger prepared: looking runs nothing. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createNodePorts } from '../../../src/node/ports.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('neither a bare repository inside nor a monitor of its own makes git run anything', async (t) => {
  const room = await fs.mkdtemp(join(tmpdir(), 'quartet-git-'));
  t.after(() => fs.rm(room, { recursive: true, force: true }));
  const copy = join(room, 'storage/copies/x');
  const evil = join(room, 'evil.sh');
  await fs.mkdir(copy, { recursive: true });
  await fs.writeFile(evil, `#!/bin/sh\ntouch "${room}/ran"\n`, { mode: 0o755 });
  const git = (cwd: string, ...args: string[]) => execFileSync('git', args, { cwd, stdio: 'ignore' });
  git(copy, 'init', '--bare', 'inner');
  git(copy, 'init', 'plain');
  for (const repository of ['inner/config', 'plain/.git/config'])
    await fs.appendFile(
      join(copy, repository),
      `[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${evil}\n`,
    );
  const { shell } = createNodePorts({ workspaceRoot: room, storage: join(room, 'storage'), log: QUIET });
  for (const folder of ['inner', 'plain']) {
    const command = {
      command: 'git status; git diff',
      cwd: join(copy, folder),
      timeoutMs: 20_000,
      outputChars: 2000,
      label: 't',
    };
    await shell.run(command, new AbortController().signal);
    await assert.rejects(fs.access(join(room, 'ran')), folder);
  }
});
