/** What every WorkingCopies does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError, type WorkingCopies } from '../../../src/core/ports.ts';

/** A fresh workspace and its copies. Paths are absolute roots and relative files. */
export interface CopiesWorld {
  readonly copies: WorkingCopies;
  /** Root of the person's tree. */
  readonly root: string;
  write(root: string, path: string, text: string | Uint8Array): Promise<void>;
  remove(root: string, path: string): Promise<void>;
  text(root: string, path: string): Promise<string | undefined>;
  end(): Promise<void>;
}

const none = new Map<string, string>();
const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (found: Uint8Array | undefined) => found && new TextDecoder().decode(found);
const code = (expected: string) => (error: unknown) => error instanceof PortError && error.code === expected;
const absentTree = '0123456789012345678901234567890123456789';

export function copiesContract(name: string, make: () => Promise<CopiesWorld>): void {
  const check = (what: string, body: (world: CopiesWorld) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const world = await make();
      try {
        await body(world);
      } finally {
        await world.end();
      }
    });
  };
  /** Writes files into the workspace and takes the base. */
  const baseOf = async ({ copies, root, write }: CopiesWorld, files: Record<string, string | Uint8Array>) => {
    for (const [path, text] of Object.entries(files)) await write(root, path, text);
    return (await copies.takeBase(none)).tree;
  };

  check('the base holds every file that is not ignored, with its bytes', async (world) => {
    const { copies, write, root } = world;
    const files = {
      'a b/ünï 日本.txt': 'spaces and unicode\n',
      'crlf.txt': 'one\r\ntwo\r\n',
      '.gitattributes': '*.txt text eol=lf ident filter=lfs\n*.bin binary\n',
      'ident.txt': '$Id$\n',
      'no-newline': 'x',
      empty: '',
      '-dash': 'd',
      '.gitignore': 'ignored/\n*.log\n!keep.log\n',
      'deep/er/.gitignore': '/only-here\n',
    };
    for (const path of ['ignored/x', 'a.log', 'deep/er/only-here']) await write(root, path, 'no');
    await write(root, 'keep.log', 'yes');
    await write(root, 'deep/only-here', 'yes');
    const tree = await baseOf(world, files);
    for (const [path, text] of Object.entries(files))
      assert.equal(textOf(await copies.read(tree, path)), text, path);
    assert.equal(textOf(await copies.read(tree, 'keep.log')), 'yes');
    assert.equal(textOf(await copies.read(tree, 'deep/only-here')), 'yes');
    for (const path of ['ignored/x', 'a.log', 'deep/er/only-here', 'nothing', 'a b']) {
      assert.equal(await copies.read(tree, path), undefined, path);
    }
    assert.equal((await copies.takeBase(none)).tree, tree);
    assert.equal((await copies.takeBase(none)).files, Object.keys(files).length + 2);
  });

  check('binary bytes stay as they are', async (world) => {
    const all = Uint8Array.from({ length: 1024 }, (_, index) => (index * 7) % 256);
    const tree = await baseOf(world, { 'all.bin': all });
    assert.deepEqual(await world.copies.read(tree, 'all.bin'), all);
  });

  check('unsaved text counts as the file, unless the file is ignored', async (world) => {
    const { copies, root, write } = world;
    await write(root, 'a.ts', 'saved\n');
    await write(root, '.gitignore', '.env\n');
    const unsaved = new Map([
      ['a.ts', 'unsaved ü\n'],
      ['new/b.ts', 'new\r\n'],
      [':(top)*[x]', 'odd'],
      ['.env', 'KEY=1'],
    ]);
    const { tree } = await copies.takeBase(unsaved);
    assert.equal(textOf(await copies.read(tree, 'a.ts')), 'unsaved ü\n');
    assert.equal(textOf(await copies.read(tree, 'new/b.ts')), 'new\r\n');
    assert.equal(textOf(await copies.read(tree, ':(top)*[x]')), 'odd');
    assert.equal(await copies.read(tree, '.env'), undefined);
    assert.equal(await world.text(root, 'a.ts'), 'saved\n');
    assert.equal(textOf(await copies.read((await copies.takeBase(none)).tree, 'a.ts')), 'saved\n');
  });

  check('files that became ignored, changed or went are not in the next base', async (world) => {
    const { copies, root, write, remove } = world;
    await baseOf(world, { 'dist/x.js': '1', 'gone.ts': '2', 'a.ts': '3' });
    await write(root, '.gitignore', 'dist/\n');
    await write(root, 'a.ts', '4');
    await remove(root, 'gone.ts');
    const { tree } = await copies.takeBase(none);
    assert.deepEqual(await copies.names(tree, ''), ['.gitignore', 'a.ts']);
    assert.equal(textOf(await copies.read(tree, 'a.ts')), '4');
  });

  check(
    'a working copy that is left over is kept as a person left it, where that is asked',
    async (world) => {
      const { copies, write, text } = world;
      const base = await baseOf(world, { 'a.ts': 'a\n', 'kept.log': 'log\n' });
      const { root } = await copies.create('run-1-hand', base);
      await write(root, '.gitignore', '*.log\n');
      await write(root, 'a.ts', 'by hand\n');
      const again = await copies.create('run-1-hand', base, { keep: true });
      const tree = await again.snapshot();
      assert.equal(textOf(await copies.read(tree, 'a.ts')), 'by hand\n');
      assert.equal(
        textOf(await copies.read(tree, 'kept.log')),
        'log\n',
        'part of the tree although ignored now',
      );
      await copies.create('run-1-hand', base);
      assert.equal(await text(root, 'a.ts'), 'a\n');
      const fresh = await copies.create('run-1-new', base, { keep: true });
      assert.equal(await fresh.snapshot(), base, 'where nothing is left over it is the tree');
    },
  );

  check('a working copy is made, edited, recorded, put back and removed', async (world) => {
    const { copies, write, remove, text } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n', 'dir/b.ts': 'b\n', '.gitignore': 'out/\n' });
    const copy = await copies.create('run-1-task', base);
    assert.equal(copy.root, copies.rootOf('run-1-task'));
    assert.equal(await text(copy.root, 'dir/b.ts'), 'b\n');
    assert.equal(await copy.snapshot(), base);

    await write(copy.root, 'a.ts', 'changed\n');
    await write(copy.root, 'new/c.ts', 'c\n');
    await write(copy.root, 'out/report', 'ignored');
    await remove(copy.root, 'dir/b.ts');
    const edited = await copy.snapshot();
    assert.notEqual(edited, base);
    assert.equal(textOf(await copies.read(edited, 'a.ts')), 'changed\n');
    assert.equal(await copies.read(edited, 'out/report'), undefined);
    assert.equal(await world.text(world.root, 'a.ts'), 'a\n');

    await write(copy.root, 'new/d.ts', 'unrecorded\n');
    await copy.restore(base);
    assert.equal(await text(copy.root, 'a.ts'), 'a\n');
    assert.equal(await text(copy.root, 'dir/b.ts'), 'b\n');
    assert.equal(await text(copy.root, 'new/c.ts'), undefined);
    assert.equal(await text(copy.root, 'new/d.ts'), undefined);
    assert.equal(await text(copy.root, 'out/report'), 'ignored');
    await copy.restore(edited);
    assert.equal(await text(copy.root, 'new/c.ts'), 'c\n');
    assert.equal(await copy.snapshot(), edited);

    await copy.remove();
    assert.equal(await text(copy.root, 'a.ts'), undefined);
    await copies.discard('run-1-task');
  });

  check('a left-over working copy is put to the tree', async (world) => {
    const { copies, write, text } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n' });
    const first = await copies.create('same', base);
    await write(first.root, 'a.ts', 'half done\n');
    await write(first.root, 'stray.ts', 'stray\n');
    const second = await copies.create('same', base);
    assert.equal(await text(second.root, 'a.ts'), 'a\n');
    assert.equal(await text(second.root, 'stray.ts'), undefined);
    assert.equal(await second.snapshot(), base);
  });

  check('working copies do not disturb one another', async (world) => {
    const { copies, write } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n' });
    const trees = await Promise.all(
      Array.from({ length: 6 }, async (_, index) => {
        const copy = await copies.create(`copy-${index}`, base);
        await write(copy.root, 'a.ts', `${index}\n`);
        return copy.snapshot();
      }),
    );
    for (const [index, tree] of trees.entries())
      assert.equal(textOf(await copies.read(tree, 'a.ts')), `${index}\n`);
  });

  check('differences are listed with ids, modes and counts', async (world) => {
    const { copies, write, remove } = world;
    const base = await baseOf(world, {
      'mod.ts': '1\n2\n3\n',
      'del.ts': 'x\ny\n',
      'same.ts': 's\n',
      'b.bin': Uint8Array.of(0, 1),
    });
    const copy = await copies.create('diff', base);
    await write(copy.root, 'mod.ts', '1\ntwo\n3\n4\n');
    await write(copy.root, 'add ä.ts', 'new\n');
    await write(copy.root, 'b.bin', Uint8Array.of(0, 2));
    await remove(copy.root, 'del.ts');
    const deltas = await copies.diff(base, await copy.snapshot());
    const short = deltas.map((d) => [
      d.path,
      d.kind,
      d.binary,
      d.additions,
      d.deletions,
      d.oldMode,
      d.newMode,
    ]);
    assert.deepEqual(short, [
      ['add ä.ts', 'added', false, 1, 0, undefined, '100644'],
      ['b.bin', 'modified', true, 0, 0, '100644', '100644'],
      ['del.ts', 'deleted', false, 0, 2, '100644', undefined],
      ['mod.ts', 'modified', false, 2, 1, '100644', '100644'],
    ]);
    const [added] = deltas;
    assert.match(added?.newBlob ?? '', /^[0-9a-f]{40,64}$/u);
    assert.equal(added?.oldBlob, undefined);
    const same = await copies.compose(base, new Map([['elsewhere', bytes('new\n')]]));
    assert.equal((await copies.diff(base, same))[0]?.newBlob, added?.newBlob);
    assert.deepEqual(await copies.diff(base, base), []);
  });

  check('names of folders of a tree', async (world) => {
    const tree = await baseOf(world, { 'a.ts': '', 'src/b.ts': '', 'src/deep/c.ts': '', 'src2/d.ts': '' });
    const { copies } = world;
    assert.deepEqual(await copies.names(tree, ''), ['a.ts', 'src/', 'src2/']);
    assert.deepEqual(await copies.names(tree, 'src'), ['b.ts', 'deep/']);
    assert.equal(await copies.names(tree, 'nothing'), undefined);
    assert.equal(await copies.names(tree, 'a.ts'), undefined);
  });

  check('a tree is composed of another and some files', async (world) => {
    const { copies } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n', 'b.ts': 'b\n', 'c/d.ts': 'd\n', plain: 'p\n' });
    const files = new Map([
      ['a.ts', bytes('A\r\n')],
      ['b.ts', undefined],
      ['new/e.ts', bytes('e')],
      ['c/d.ts', undefined],
      ['plain', undefined],
      ['plain/now-a-folder', bytes('f')],
      ['never-there', undefined],
    ]);
    const tree = await copies.compose(base, files);
    assert.deepEqual(await copies.names(tree, ''), ['a.ts', 'new/', 'plain/']);
    assert.equal(textOf(await copies.read(tree, 'a.ts')), 'A\r\n');
    assert.equal(textOf(await copies.read(tree, 'new/e.ts')), 'e');
    assert.equal(await copies.compose(base, new Map()), base);
  });

  check('three trees are merged, line by line where both sides changed', async (world) => {
    const { copies } = world;
    const lines = '1\n2\n3\n4\n5\n6\n7\n8\n';
    const base = await baseOf(world, { 'both.ts': lines, 'ours.ts': 'o', 'theirs.ts': 't', 'gone.ts': 'g' });
    const ours = await copies.compose(
      base,
      new Map([
        ['both.ts', bytes(lines.replace('1', 'one'))],
        ['ours.ts', bytes('O')],
      ]),
    );
    const theirs = await copies.compose(
      base,
      new Map([
        ['both.ts', bytes(lines.replace('8', 'eight'))],
        ['theirs.ts', bytes('T')],
        ['gone.ts', undefined],
        ['new.ts', bytes('N')],
      ]),
    );
    const merged = await copies.merge(base, ours, theirs);
    assert.deepEqual(merged.conflicts, []);
    const read = async (path: string) => textOf(await copies.read(merged.tree, path));
    assert.equal(await read('both.ts'), lines.replace('1', 'one').replace('8', 'eight'));
    assert.deepEqual(
      [await read('ours.ts'), await read('theirs.ts'), await read('gone.ts'), await read('new.ts')],
      ['O', 'T', undefined, 'N'],
    );
    assert.equal((await copies.merge(base, base, theirs)).tree, theirs);
    assert.equal((await copies.merge(base, ours, base)).tree, ours);
    assert.equal((await copies.merge(base, theirs, ours)).tree, merged.tree);
  });

  check('conflicts are named, and the tree holds both sides marked', async (world) => {
    const { copies } = world;
    const base = await baseOf(world, { 'x.ts': 'x\n', 'd.ts': 'd\n', 'b.bin': Uint8Array.of(0), f: 'f\n' });
    const side = (letter: string, more: [string, Uint8Array | undefined][]) =>
      copies.compose(
        base,
        new Map([['x.ts', bytes(`${letter}\n`)], ['b.bin', bytes(`\0${letter}`)], ...more]),
      );
    const ours = await side('o', [
      ['d.ts', undefined],
      ['f', bytes('file\n')],
    ]);
    const theirs = await side('t', [
      ['d.ts', bytes('changed\n')],
      ['f', undefined],
      ['f/g', bytes('folder\n')],
    ]);
    const { tree, conflicts } = await copies.merge(base, ours, theirs);
    assert.deepEqual(conflicts.map((one) => one.path).sort(), ['b.bin', 'd.ts', 'f', 'x.ts']);
    const marked = conflicts.find((one) => one.path === 'x.ts')?.marked;
    assert.match(marked ?? '', /^<<<<<<<.*\no\n=======\nt\n>>>>>>>.*\n$/u);
    assert.equal(textOf(await copies.read(tree, 'x.ts')), marked);
    assert.equal(textOf(await copies.read(tree, 'd.ts')), 'changed\n');
    assert.equal(textOf(await copies.read(tree, 'f/g')), 'folder\n');
    for (const one of conflicts) assert.ok(one.why.length > 0);
  });

  check('a tree that is not there is said', async (world) => {
    const { copies } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n' });
    await assert.rejects(copies.read(absentTree, 'a.ts'), code('store.missing'));
    await assert.rejects(copies.create('x', absentTree), code('store.missing'));
    await assert.rejects(copies.diff(base, absentTree), code('store.missing'));
    await assert.rejects(copies.merge(base, base, absentTree), code('store.missing'));
    await assert.rejects(copies.compose(absentTree, new Map([['a', bytes('b')]])), code('store.missing'));
    await assert.rejects(copies.retain('run-1', [absentTree]), code('store.missing'));
  });

  check('trees are retained and released, again and again', async (world) => {
    const { copies } = world;
    const base = await baseOf(world, { 'a.ts': 'a\n' });
    const other = await copies.compose(base, new Map([['b.ts', bytes('b')]]));
    await copies.retain('run-1', [base, other]);
    await copies.retain('run-1', [base]);
    await copies.retain('run-2', [base]);
    await copies.release('run-1');
    await copies.release('run-1');
    assert.equal(textOf(await copies.read(base, 'a.ts')), 'a\n');
  });
}
