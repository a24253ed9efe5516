import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findRipgrep } from '../../../src/node/ripgrep.ts';
import { createNodeSearch } from '../../../src/node/search.ts';
import { searchContract } from '../../support/contract/search.ts';
import { InMemoryDisk } from '../../support/in-memory/disk.ts';
import { InMemorySearch } from '../../support/in-memory/search.ts';
import { InMemoryLog } from '../../support/in-memory/small.ts';

const world = (program: boolean) => async (files: Readonly<Record<string, string | Uint8Array>>) => {
  const root = await fs.mkdtemp(join(tmpdir(), 'quartet search-'));
  for (const [path, text] of Object.entries(files)) {
    await fs.mkdir(dirname(join(root, path)), { recursive: true });
    await fs.writeFile(join(root, path), text);
  }
  return {
    root,
    search: createNodeSearch({ log: new InMemoryLog(), program }),
    end: () => fs.rm(root, { recursive: true, force: true }),
  };
};

searchContract('ripgrep', world(true));
searchContract('walk', world(false));
searchContract('in memory', async (files) => {
  const disk = new InMemoryDisk();
  for (const [path, text] of Object.entries(files)) disk.put('/root', path, text);
  return { root: '/root', search: new InMemorySearch(disk), end: async () => undefined };
});

test('ripgrep is found, or the log says that it is not', async () => {
  assert.ok(await findRipgrep([]), 'the package is a dependency of the tests');
  assert.equal((await findRipgrep(['/no/such/rg', '/bin/false']))?.path.endsWith('rg'), true);
});

for (const program of [true, false]) {
  const name = program ? 'ripgrep' : 'walk';
  test(`${name}: encodings, links and rules of folders above`, async () => {
    const made = await world(program)({
      'outer/.gitignore': '*.ts\n',
      'outer/root/utf16.txt': Buffer.from('\ufeffneedle ü\r\n', 'utf16le'),
      'outer/root/latin.txt': Uint8Array.of(0x6e, 0x65, 0x65, 0x64, 0x6c, 0x65, 0xfc, 0x0a),
      'outer/root/bom.txt': '\ufeffneedle\n',
      'outer/root/kept.ts': 'needle\n',
      'outside.txt': 'needle\n',
    });
    try {
      const root = join(made.root, 'outer/root');
      await fs.symlink(join(made.root, 'outside.txt'), join(root, 'link.txt'));
      const { hits } = await made.search.text(root, { query: 'needle', regex: false, max: 10 });
      assert.deepEqual(
        hits.map((hit) => `${hit.path}:${hit.text}`),
        ['bom.txt:needle', 'kept.ts:needle', 'latin.txt:needle\ufffd', 'utf16.txt:needle ü'],
      );
    } finally {
      await made.end();
    }
  });

  test(`${name}: abort rejects with the reason`, async () => {
    const made = await world(program)({ 'a.ts': 'needle' });
    const reason = new Error('stopped');
    const query = { query: 'needle', regex: false, max: 10 };
    await assert.rejects(made.search.text(made.root, query, AbortSignal.abort(reason)), reason);
    await assert.rejects(made.search.files(made.root, { max: 1 }, AbortSignal.abort(reason)), reason);
    await made.end();
  });
}
