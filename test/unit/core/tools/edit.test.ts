/** The edit tools on files as they are: encodings, notebooks, and files that changed since they were read. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Limits } from '../../../../src/protocol/settings.ts';
import { TOOLS } from '../../../../src/core/tools/catalogue.ts';
import type { Observation, ToolWorld } from '../../../../src/core/tools/contract.ts';
import { createReadings } from '../../../../src/core/tools/readings.ts';
import { createHash } from 'node:crypto';

const context = { signal: new AbortController().signal, key: 'k' };

/** An agent beside a folder that anybody may write to. */
function agent(disk: Map<string, Uint8Array>) {
  const readings = createReadings();
  const world = {
    files: {
      read: async (_root: string, path: string) => disk.get(path.replace(/^\.\//u, '')),
      write: async (_root: string, path: string, bytes: Uint8Array) =>
        void disk.set(path.replace(/^\.\//u, ''), bytes),
      remove: async (_root: string, path: string) => void disk.delete(path),
      move: async (_root: string, from: string, to: string) => {
        assert.ok(!disk.has(to), `${to} is there`);
        disk.set(to, disk.get(from) ?? new Uint8Array());
        disk.delete(from);
      },
      stat: async (_root: string, path: string) => {
        const bytes = disk.get(path);
        return bytes && { kind: 'file', size: bytes.length };
      },
    },
    place: { root: '/copy' },
    limits: Limits.parse({}),
    hash: (text: string) => createHash('sha256').update(text).digest('hex'),
    readings,
  } as unknown as ToolWorld;
  return async (name: string, args: unknown): Promise<Observation> => {
    const tool = TOOLS.get(name);
    assert.ok(tool?.run);
    const observation = await tool.run(tool.args.parse(args), world, context);
    readings.note(observation.seen);
    return observation;
  };
}

const bytes = (text: string, encoding: BufferEncoding = 'utf8'): Uint8Array =>
  new Uint8Array(Buffer.from(text, encoding));
const swapped = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'utf16le').swap16());
const edit = (path: string, old_text: string, new_text: string) => ({
  path,
  edits: [{ old_text, new_text }],
});
const patch = (body: string) => ({ patch: `*** Begin Patch\n${body}\n*** End Patch` });

describe('bytes that an edit leaves', () => {
  const cases: readonly {
    is: string;
    before: Uint8Array;
    args: { path: string; edits: { old_text: string; new_text: string }[] };
    after: Uint8Array | RegExp;
  }[] = [
    {
      is: 'UTF-16 with a mark',
      before: bytes('\uFEFFcafé\r\ntwo\r\n', 'utf16le'),
      args: edit('f', 'two', 'zwei ü 😀'),
      after: bytes('\uFEFFcafé\r\nzwei ü 😀\r\n', 'utf16le'),
    },
    {
      is: 'UTF-16 big-endian with a mark',
      before: swapped('\uFEFFone\ntwo'),
      args: edit('f', 'two', 'é'),
      after: swapped('\uFEFFone\né'),
    },
    {
      is: 'single bytes: every other byte stays',
      before: bytes('caf\xe9 \x80 \xa0\ntwo\n', 'latin1'),
      args: edit('f', 'two', 'drei é'),
      after: bytes('caf\xe9 \x80 \xa0\ndrei \xe9\n', 'latin1'),
    },
    {
      is: 'single bytes take no letter that is new to them',
      before: bytes('caf\xe9\ntwo\n', 'latin1'),
      args: edit('f', 'two', 'ü'),
      after: /encoding is not known for sure, so "ü" cannot be written/u,
    },
    {
      is: 'a mark, Windows line ends and no newline at the end',
      before: bytes('\uFEFFa\r\nb'),
      args: edit('f', 'a\nb', 'a\nc\nd'),
      after: bytes('\uFEFFa\r\nc\r\nd'),
    },
    {
      is: 'no text',
      before: Uint8Array.from([1, 0, 2, 255, 0, 3]),
      args: edit('f', 'a', 'b'),
      after: /binary file/u,
    },
  ];
  for (const { is, before, args, after } of cases)
    test(is, async () => {
      const disk = new Map([['f', before]]);
      const { state, text } = await agent(disk)('edit_file', args);
      if (after instanceof RegExp) {
        assert.equal(state, 'error');
        assert.match(text, after);
        assert.deepEqual(disk.get('f'), before);
        return;
      }
      assert.equal(state, 'ok', text);
      assert.deepEqual(disk.get('f'), after);
    });

  test('a whole file keeps the form of the one it replaces', async () => {
    const disk = new Map([['f', bytes('\uFEFFa\r\nb\r\n')]]);
    await agent(disk)('write_file', { path: 'f', content: 'a\nc\n' });
    assert.deepEqual(disk.get('f'), bytes('\uFEFFa\r\nc\r\n'));
  });

  test('a patch of which one file cannot be written changes none', async () => {
    const disk = new Map([
      ['a', bytes('x\n')],
      ['b', bytes('caf\xe9\n', 'latin1')],
    ]);
    const before = new Map(disk);
    const { state, text } = await agent(disk)(
      'apply_patch',
      patch('*** Update File: a\n@@\n-x\n+y\n*** Update File: b\n@@\n-café\n+ü'),
    );
    assert.equal(state, 'error');
    assert.match(text, /^b: .*Nothing was changed/su);
    assert.deepEqual(disk, before);
  });
});

test('files that change places by one patch, where no file is moved onto another', async () => {
  const disk = new Map([
    ['a', bytes('1\n')],
    ['b', bytes('2\n')],
  ]);
  const { state, text } = await agent(disk)(
    'apply_patch',
    patch(
      '*** Update File: a\n*** Move to: t\n*** Update File: b\n*** Move to: a\n*** Update File: t\n*** Move to: b',
    ),
  );
  assert.equal(state, 'ok', text);
  assert.deepEqual(Object.fromEntries(disk), { a: bytes('2\n'), b: bytes('1\n') });
});

const BOOK = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
   "source": ["print(1)"]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;
const BOOK_AFTER = BOOK.replace('"execution_count": 1', '"execution_count": null')
  .replace(/"outputs": .*,\n/u, '"outputs": [],\n')
  .replace('print(1)', 'print(2)');

describe('notebooks', () => {
  test('are read by cell, without outputs, and edited by cell', async () => {
    const disk = new Map([['n.ipynb', bytes(BOOK)]]);
    const call = agent(disk);
    const read = await call('read_file', { path: 'n.ipynb' });
    assert.match(
      read.text,
      /^\[A notebook, shown by its cells.*\n.*\n +1 {2}%%% cell a code\n +2 {2}print\(1\)$/u,
    );
    const edited = await call('edit_file', edit('n.ipynb', 'print(1)', 'print(2)'));
    assert.match(edited.text, /outputs of cell a were cleared/u);
    assert.deepEqual(disk.get('n.ipynb'), bytes(BOOK_AFTER));
  });
  test('are patched by cell', async () => {
    const disk = new Map([['n.ipynb', bytes(BOOK)]]);
    const { text } = await agent(disk)(
      'apply_patch',
      patch('*** Update File: n.ipynb\n@@ %%% cell a code\n-print(1)\n+print(2)'),
    );
    assert.match(text, /n\.ipynb: the outputs of cell a/u);
    assert.deepEqual(disk.get('n.ipynb'), bytes(BOOK_AFTER));
  });
  test('are made from cells, and are never overwritten with what is no notebook', async () => {
    const disk = new Map<string, Uint8Array>();
    const call = agent(disk);
    assert.equal(
      (await call('write_file', { path: 'n.ipynb', content: '%%% cell new code\nx = 1\n' })).state,
      'ok',
    );
    const made = JSON.parse(Buffer.from(disk.get('n.ipynb') ?? '').toString()) as { cells: unknown[] };
    assert.deepEqual(made.cells, [
      {
        cell_type: 'code',
        execution_count: null,
        id: 'cell-1',
        metadata: {},
        outputs: [],
        source: ['x = 1'],
      },
    ]);
    const before = disk.get('n.ipynb');
    assert.match(
      (await call('write_file', { path: 'n.ipynb', content: 'x = 2\n' })).text,
      /has to be JSON, or cells/u,
    );
    assert.deepEqual(disk.get('n.ipynb'), before);
    assert.equal((await call('write_file', { path: 'n.ipynb', content: BOOK })).state, 'ok');
    assert.deepEqual(disk.get('n.ipynb'), bytes(BOOK));
  });
  test('that are broken are edited as the text they are', async () => {
    const disk = new Map([['n.ipynb', bytes('{"cells": [}')]]);
    await agent(disk)('edit_file', edit('n.ipynb', '[}', '[]}'));
    assert.deepEqual(disk.get('n.ipynb'), bytes('{"cells": []}'));
  });
});

describe('a file that changed since the agent read it', () => {
  const STALE = /has changed since you read it.*Read it again/su;
  const calls: readonly (readonly [tool: string, args: unknown])[] = [
    ['edit_file', edit('f', 'one', 'two')],
    ['edit_file', edit('./f', 'one', 'two')],
    ['write_file', { path: 'f', content: 'two\n' }],
    ['delete_file', { path: 'f' }],
    ['move_file', { from: 'f', to: 'g' }],
    ['apply_patch', patch('*** Update File: f\n@@\n-one\n+two')],
    ['apply_patch', patch('*** Update File: g\n@@\n-x\n+y\n*** Delete File: f')],
  ];
  for (const [tool, args] of calls) {
    test(`${tool} is refused and changes nothing: ${JSON.stringify(args)}`, async () => {
      const disk = new Map([
        ['f', bytes('one\n')],
        ['g', bytes('x\n')],
      ]);
      if (tool === 'move_file') disk.delete('g');
      const call = agent(disk);
      await call('read_file', { path: 'f' });
      disk.set('f', bytes('one\nby another\n'));
      const before = new Map(disk);
      const refused = await call(tool, args);
      assert.equal(refused.state, 'error');
      assert.match(refused.text, STALE);
      assert.deepEqual(disk, before);
      await call('read_file', { path: 'f' });
      assert.equal((await call(tool, args)).state, 'ok');
    });
  }

  test('its own edits are no change by others, whatever tool made them', async () => {
    const disk = new Map([['f', bytes('one\n')]]);
    const call = agent(disk);
    await call('read_file', { path: 'f' });
    const steps: readonly (readonly [string, unknown])[] = [
      ['edit_file', edit('f', 'one', 'two')],
      ['apply_patch', patch('*** Update File: f\n*** Move to: g\n@@\n-two\n+three')],
      ['write_file', { path: 'g', content: 'four\n' }],
      ['move_file', { from: 'g', to: 'h' }],
      ['edit_file', edit('h', 'four', 'five')],
      ['delete_file', { path: 'h' }],
      ['write_file', { path: 'h', content: 'six\n' }],
    ];
    for (const [tool, args] of steps) {
      const done = await call(tool, args);
      assert.equal(done.state, 'ok', done.text);
    }
    assert.deepEqual(disk.get('h'), bytes('six\n'));
  });

  test('what it never read is found by the text alone', async () => {
    const disk = new Map([['f', bytes('one\n')]]);
    assert.equal((await agent(disk)('edit_file', edit('f', 'one', 'two'))).state, 'ok');
  });

  test('it went away and came back as it was: nothing to refuse', async () => {
    const disk = new Map([['f', bytes('one\n')]]);
    const call = agent(disk);
    await call('read_file', { path: 'f' });
    disk.set('f', bytes('x'));
    disk.set('f', bytes('one\n'));
    assert.equal((await call('edit_file', edit('f', 'one', 'two'))).state, 'ok');
  });
});
