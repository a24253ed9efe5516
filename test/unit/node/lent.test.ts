import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createLender } from '../../../src/node/copies/lent.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

async function world() {
  const home = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet-lent-')));
  const [workspace, copy, cache] = [join(home, 'workspace'), join(home, 'copy'), join(home, 'cache', 'lent')];
  const log = new InMemoryLog();
  const write = async (path: string, text: string, mode = 0o644) => {
    await fs.mkdir(dirname(path), { recursive: true });
    await fs.writeFile(path, text, { mode });
  };
  await fs.mkdir(workspace);
  await fs.mkdir(copy);
  return { home, workspace, copy, cache, log, write, lender: createLender({ workspace, cache, log }) };
}
type World = Awaited<ReturnType<typeof world>>;
const check = (what: string, body: (world: World) => Promise<void>): void => {
  test(what, async () => {
    const made = await world();
    try {
      await body(made);
    } finally {
      await fs.rm(made.home, { recursive: true, force: true });
    }
  });
};

/** Real paths of every link below a folder: none may lie in the workspace. */
async function assertLeadsNowhereInto(workspace: string, folder: string): Promise<void> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isSymbolicLink())) {
    const path = join(entry.parentPath, entry.name);
    const real = await fs.realpath(path).catch(() => '');
    assert.ok(!real.startsWith(workspace), `${path} leads to ${real}`);
  }
}

/** A monorepo: one outside package, one linked package, one bin of each. */
async function monorepo({ workspace, copy, write }: World): Promise<void> {
  for (const root of [workspace, copy]) {
    await write(join(root, 'packages/lib/index.js'), `module.exports = ${JSON.stringify(root)};\n`);
    await write(
      join(root, 'packages/lib/cli.js'),
      `#!/usr/bin/env node\nconsole.log(${JSON.stringify(root)});\n`,
      0o755,
    );
    await write(join(root, 'packages/lib/package.json'), '{"name": "@our/lib", "main": "index.js"}');
    await write(join(root, 'main.js'), 'console.log(require("@our/lib"), require("dep"));\n');
  }
  const modules = join(workspace, 'node_modules');
  await write(join(modules, 'dep/index.js'), 'module.exports = require("deeper") + ".dep";\n');
  await write(join(modules, 'dep/cli.js'), '#!/usr/bin/env node\nconsole.log("dep");\n', 0o755);
  await write(join(modules, 'deeper/index.js'), 'module.exports = "deeper";\n');
  await write(join(modules, '@scope/x/index.js'), '');
  await write(join(modules, '.cache/tool/data'), 'of a tool');
  await write(join(workspace, 'packages/lib/node_modules/own/index.js'), '');
  await fs.mkdir(join(modules, '@our'));
  await fs.symlink('../../packages/lib', join(modules, '@our/lib'));
  await fs.mkdir(join(modules, '.bin'));
  await fs.symlink('../dep/cli.js', join(modules, '.bin/dep'));
  await fs.symlink('../@our/lib/cli.js', join(modules, '.bin/lib'));
  await fs.symlink(join(workspace, 'packages'), join(modules, 'dep/back'));
  await fs.symlink('/usr', join(modules, 'elsewhere'));
}

check('packages run from a copy, and linked ones are those of the copy', async (made) => {
  const { workspace, copy, lender } = made;
  await monorepo(made);
  await lender.lend(copy);
  const run = (file: string, ...args: string[]) =>
    execFileSync(file, args, { cwd: copy, encoding: 'utf8' }).trim();
  assert.equal(run(process.execPath, 'main.js'), `${copy} deeper.dep`);
  assert.equal(run(join(copy, 'node_modules/.bin/dep')), 'dep');
  assert.equal(run(join(copy, 'node_modules/.bin/lib')), copy);
  assert.deepEqual(await fs.readdir(join(copy, 'packages/lib/node_modules')), ['own']);
  assert.deepEqual((await fs.readdir(join(copy, 'node_modules'))).sort(), [
    '.bin',
    '@our',
    '@scope',
    'deeper',
    'dep',
  ]);
  await assertLeadsNowhereInto(workspace, copy);
  await assertLeadsNowhereInto(workspace, made.cache);
});

check('writing through a copy never reaches the workspace', async (made) => {
  const { workspace, copy, lender } = made;
  await monorepo(made);
  await lender.lend(copy);
  await fs.writeFile(join(copy, 'node_modules/dep/index.js'), 'changed');
  await fs.writeFile(join(copy, 'node_modules/@our/lib/index.js'), 'changed');
  await fs.rm(join(copy, 'node_modules'), { recursive: true });
  assert.match(await fs.readFile(join(workspace, 'node_modules/dep/index.js'), 'utf8'), /deeper/u);
  assert.match(await fs.readFile(join(workspace, 'packages/lib/index.js'), 'utf8'), /module/u);
});

check('the private copy is made once for all copies, and again after an install', async (made) => {
  const { home, workspace, copy, cache, lender, write, log } = made;
  await monorepo(made);
  await fs.mkdir(join(home, 'copy2'));
  await Promise.all([lender.lend(copy), lender.lend(join(home, 'copy2'))]);
  await createLender({ workspace, cache, log }).lend(copy);
  const before = await fs.readdir(cache);
  assert.equal(before.length, 2, 'one for the root, one for the package');
  await write(join(workspace, 'package-lock.json'), '{"changed": true}');
  await fs.mkdir(join(home, 'copy3'));
  await lender.lend(join(home, 'copy3'));
  assert.equal((await fs.readdir(cache)).length, 3);
  assert.deepEqual(
    log.lines.filter((line) => line.startsWith('warn')),
    [],
  );
});

check('a folder that the copy has of its own is left alone', async (made) => {
  const { copy, lender, write } = made;
  await monorepo(made);
  await write(join(copy, 'node_modules/own.js'), 'tracked');
  await lender.lend(copy);
  assert.deepEqual(await fs.readdir(join(copy, 'node_modules')), ['own.js']);
});

check(
  'a Python environment imports the copy, not the workspace',
  async ({ workspace, copy, lender, write }) => {
    const python = ['/usr/bin/python3', '/usr/local/bin/python3'];
    const found = (
      await Promise.all(
        python.map((path) =>
          fs.access(path).then(
            () => path,
            () => undefined,
          ),
        ),
      )
    ).find(Boolean);
    const site = join(workspace, '.venv/lib/python3.11/site-packages');
    await write(
      join(workspace, '.venv/pyvenv.cfg'),
      `home = /usr/bin\ncommand = python -m venv ${workspace}/.venv\n`,
    );
    await write(join(workspace, '.venv/bin/tool'), `#!${workspace}/.venv/bin/python\nprint(1)\n`, 0o755);
    await write(join(site, 'dep/__init__.py'), '');
    await write(join(site, 'editable.pth'), `${workspace}/src\n`);
    if (found !== undefined) await fs.symlink(found, join(workspace, '.venv/bin/python'));
    await lender.lend(copy);
    const text = (path: string) => fs.readFile(join(copy, '.venv', path), 'utf8');
    assert.equal(await text('lib/python3.11/site-packages/editable.pth'), `${copy}/src\n`);
    assert.match(await text('bin/tool'), new RegExp(`^#!${copy}/`, 'u'));
    assert.equal((await fs.stat(join(copy, '.venv/bin/tool'))).mode & 0o111, 0o111);
    assert.match(await text('pyvenv.cfg'), new RegExp(`${copy}/.venv`, 'u'));
    if (found !== undefined) assert.equal(await fs.readlink(join(copy, '.venv/bin/python')), found);
    await assertLeadsNowhereInto(workspace, copy);
  },
);

check('packages of pnpm run from a copy, and those of the workspace are the copy’s', async (made) => {
  const { workspace, copy, write, lender } = made;
  for (const root of [workspace, copy]) {
    await write(join(root, 'packages/lib/index.js'), `module.exports = ${JSON.stringify(root)};\n`);
    await write(join(root, 'packages/app/main.js'), 'console.log(require("@our/lib"), require("dep"));\n');
  }
  const store = join(workspace, 'node_modules/.pnpm');
  await write(
    join(store, 'dep@1/node_modules/dep/index.js'),
    'module.exports = require("deeper") + ".dep";\n',
  );
  await write(join(store, 'deeper@1/node_modules/deeper/index.js'), 'module.exports = "deeper";\n');
  await fs.symlink('../../deeper@1/node_modules/deeper', join(store, 'dep@1/node_modules/deeper'));
  const own = join(workspace, 'packages/app/node_modules');
  await fs.mkdir(join(own, '@our'), { recursive: true });
  await fs.symlink('../../../lib', join(own, '@our/lib'));
  await fs.symlink('../../../node_modules/.pnpm/dep@1/node_modules/dep', join(own, 'dep'));
  await lender.lend(copy);
  const said = execFileSync(process.execPath, ['packages/app/main.js'], { cwd: copy, encoding: 'utf8' });
  assert.equal(said.trim(), `${copy} deeper.dep`);
  await assertLeadsNowhereInto(workspace, copy);
});

check('Composer’s packages are lent, and its loader finds the copy', async (made) => {
  const { workspace, copy, write, lender } = made;
  const vendor = join(workspace, 'vendor');
  await write(join(workspace, 'packages/lib/Lib.php'), 'workspace');
  await write(join(copy, 'packages/lib/Lib.php'), 'copy');
  await write(join(vendor, 'autoload.php'), '<?php require __DIR__ . "/composer/real.php";');
  await write(join(vendor, 'composer/installed.json'), '{}');
  await write(join(vendor, 'composer/real.php'), '<?php $base = dirname(dirname(__DIR__));');
  await write(join(vendor, 'acme/tool/Tool.php'), 'tool');
  await fs.mkdir(join(vendor, 'our'));
  await fs.symlink('../../packages/lib', join(vendor, 'our/lib'));
  await lender.lend(copy);
  const real = (path: string) => fs.realpath(join(copy, 'vendor', path));
  assert.equal(await real('composer/real.php'), join(copy, 'vendor/composer/real.php'));
  assert.equal(await real('our/lib/Lib.php'), join(copy, 'packages/lib/Lib.php'));
  assert.equal(await fs.readFile(join(copy, 'vendor/acme/tool/Tool.php'), 'utf8'), 'tool');
  await assertLeadsNowhereInto(workspace, copy);
});

check('what holds sources or was built from them is not lent', async (made) => {
  const { workspace, copy, write, lender } = made;
  await write(join(workspace, 'vendor/example.com/dep/dep.go'), 'package dep');
  await write(join(workspace, 'target/debug/app'), 'built from the workspace');
  await lender.lend(copy);
  assert.deepEqual(await fs.readdir(copy), []);
});
