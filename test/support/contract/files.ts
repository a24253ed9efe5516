/** What every Files does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError, type Files } from '../../../src/core/ports.ts';

/** A root with nothing in it. */
export interface FilesWorld {
  readonly files: Files;
  readonly root: string;
  /** Makes a link in the root. */
  link(path: string, target: string): Promise<void>;
  end(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const code =
  (...expected: string[]) =>
  (error: unknown) =>
    error instanceof PortError && expected.includes(error.code);

export function filesContract(name: string, make: () => Promise<FilesWorld>): void {
  const check = (
    what: string,
    body: (world: FilesWorld & { text: (path: string) => Promise<string | undefined> }) => Promise<void>,
  ): void => {
    test(`${name}: ${what}`, async () => {
      const world = await make();
      const text = async (path: string) => {
        const found = await world.files.read(world.root, path);
        return found && new TextDecoder().decode(found);
      };
      try {
        await body({ ...world, text });
      } finally {
        await world.end();
      }
    });
  };

  check('what is written is read, with its bytes and in new folders', async ({ files, root, text }) => {
    await files.write(root, 'a b/ü/x.bin', Uint8Array.of(0, 255, 10, 13));
    assert.deepEqual([...(await files.read(root, './a b//ü/x.bin'))!], [0, 255, 10, 13]);
    await files.write(root, 'a b/ü/x.bin', bytes(''));
    assert.equal(await text('a b/ü/x.bin'), '');
    assert.equal(await text('nothing'), undefined);
    assert.equal(await text('a b'), undefined);
    assert.equal(await text('a b/ü/x.bin/below'), undefined);
  });

  check('files are removed and moved', async ({ files, root, text }) => {
    await files.write(root, 'a', bytes('1'));
    await files.write(root, 'b', bytes('2'));
    await files.move(root, 'a', 'new/folder/c');
    assert.equal(await text('a'), undefined);
    assert.equal(await text('new/folder/c'), '1');
    await assert.rejects(files.move(root, 'b', 'new/folder/c'), code('file.exists'));
    await assert.rejects(files.move(root, 'b', 'new'), code('file.exists'));
    await assert.rejects(files.move(root, 'none', 'd'), code('file.missing'));
    await assert.rejects(files.move(root, 'none/deep', 'd'), code('file.missing'));
    await files.remove(root, 'b');
    await assert.rejects(files.remove(root, 'b'), code('file.missing'));
    assert.equal(await text('b'), undefined);
  });

  check('files and folders are told apart', async ({ files, root }) => {
    await files.write(root, 'src/a.ts', bytes('abc'));
    await files.write(root, 'src/deep/b.ts', bytes(''));
    await files.write(root, 'src.ts', bytes(''));
    assert.deepEqual(await files.stat(root, 'src/a.ts'), { kind: 'file', size: 3 });
    assert.equal((await files.stat(root, 'src'))?.kind, 'folder');
    assert.equal((await files.stat(root, ''))?.kind, 'folder');
    assert.equal(await files.stat(root, 'none'), undefined);
    assert.deepEqual(await files.names(root, ''), ['src.ts', 'src/']);
    assert.deepEqual(await files.names(root, 'src'), ['a.ts', 'deep/']);
    assert.equal(await files.names(root, 'src/a.ts'), undefined);
    assert.equal(await files.names(root, 'none'), undefined);
  });

  check('a folder is not written over, and a file is no folder', async ({ files, root, text }) => {
    await files.write(root, 'folder/a', bytes('1'));
    await assert.rejects(files.write(root, 'folder', bytes('2')), code('file.folder'));
    await assert.rejects(files.write(root, 'folder/a/b', bytes('2')), code('file.parent'));
    await assert.rejects(files.write(root, '', bytes('2')), code('file.folder'));
    assert.equal(await text('folder/a'), '1');
  });

  check('no spelling leads out', async ({ files, root }) => {
    for (const path of [
      '../x',
      '/etc/passwd',
      'a/../../x',
      'C:\\x',
      '\\\\server\\x',
      'a\0b',
      '\u2025/x',
      '~/x',
    ]) {
      for (const act of [
        files.read(root, path),
        files.write(root, path, bytes('x')),
        files.remove(root, path),
        files.move(root, path, 'y'),
        files.stat(root, path),
        files.names(root, path),
      ]) {
        await assert.rejects(act, code('path.outside', 'path.invalid'), path);
      }
    }
  });

  check('no link leads out', async ({ files, root, link }) => {
    await files.write(root, 'inside/file', bytes('in'));
    await link('out', '/etc');
    await link('deep/up', '../..');
    await link('file', '/etc/passwd');
    await link('nowhere', '/no/such/place');
    for (const path of ['out', 'out/passwd', 'out/none', 'deep/up', 'deep/up/none', 'file', 'nowhere']) {
      await assert.rejects(files.read(root, path), code('path.outside'), path);
      await assert.rejects(files.stat(root, path), code('path.outside'), path);
      await assert.rejects(files.names(root, path), code('path.outside'), path);
    }
    for (const path of ['out/new', 'deep/up/new', 'file', 'out']) {
      await assert.rejects(files.write(root, path, bytes('x')), code('path.outside'), path);
    }
    await assert.rejects(files.move(root, 'inside/file', 'out/moved'), code('path.outside'));
    await assert.rejects(files.remove(root, 'out/passwd'), code('path.outside'));
  });

  check(
    'links inside are read through, but not written through, and not to what is protected',
    async ({ files, root, link, text }) => {
      await files.write(root, 'real/file', bytes('in'));
      await files.write(root, '.env', bytes('KEY=1'));
      await link('linked', 'real');
      await link('real/same', 'file');
      await link('harmless.txt', '.env');
      assert.equal(await text('linked/file'), 'in');
      assert.equal(await text('real/same'), 'in');
      await assert.rejects(files.read(root, 'harmless.txt'), code('path.outside'));
      await assert.rejects(files.write(root, 'linked/file', bytes('x')), code('path.outside'));
      await assert.rejects(files.write(root, 'real/same', bytes('x')), code('path.outside'));
      assert.equal(await text('real/file'), 'in');
    },
  );

  check('a scratch folder is empty whenever it is asked for', async ({ files }) => {
    const folder = await files.scratch('run-1-gate');
    assert.deepEqual(await files.names(folder, ''), []);
    await files.write(folder, 'deep/report.xml', bytes('x'));
    assert.equal(await files.scratch('run-1-gate'), folder);
    assert.deepEqual(await files.names(folder, ''), []);
    assert.notEqual(await files.scratch('run-1-other'), folder);
    await files.discardScratch('run-1-gate');
    assert.equal(await files.stat(folder, 'report.xml').catch(() => undefined), undefined);
    await files.discardScratch('run-1-gate');
  });
}
