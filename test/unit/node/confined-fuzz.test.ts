/** Confinement on a real disk, held against what the system says: random links, random spellings, never an escape. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import {
  confinedForReading,
  confinedForWriting,
  openChecked,
  replaceFile,
} from '../../../src/node/confined.ts';

let room = '';
before(async () => {
  room = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'quartet-confined-')));
});
after(() => fs.rm(room, { recursive: true, force: true }));

const name = fc.constantFrom('a', 'b', 'c', 'd');
const target = fc
  .array(fc.constantFrom('a', 'b', '..', '../..', '../outside', '/', 'c', '.'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join('/'));
const place = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const world = fc.record({
  folders: fc.array(place, { maxLength: 3 }),
  files: fc.array(place, { maxLength: 3 }),
  links: fc.array(fc.tuple(place, target), { maxLength: 4 }),
  asked: fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', '..', '.', 'x'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/')),
});

async function lay(
  root: string,
  { folders, files, links }: { folders: string[]; files: string[]; links: (readonly [string, string])[] },
): Promise<void> {
  const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => undefined);
  const within = async (path: string): Promise<boolean> => {
    const real = await fs.realpath(dirname(join(root, path))).catch(() => undefined);
    return real !== undefined && (real === root || real.startsWith(root + sep));
  };
  for (const folder of folders) await quietly(fs.mkdir(join(root, folder), { recursive: true }));
  for (const file of files)
    if (await within(file)) await quietly(fs.writeFile(join(root, file), 'in', { flag: 'wx' }));
  for (const [at, to] of links) if (await within(at)) await quietly(fs.symlink(to, join(root, at)));
}

test('what is read or written lies below the root, wherever links lead', async () => {
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const base = join(room, String((turn += 1)));
      const root = join(base, 'root');
      const outside = join(base, 'outside');
      await fs.mkdir(root, { recursive: true });
      await fs.mkdir(outside);
      await fs.writeFile(join(outside, 'a'), 'out');
      await lay(root, made);
      const readable = await confinedForReading(root, made.asked).catch(() => undefined);
      if (readable) {
        const real = await fs.realpath(readable.full);
        assert.ok(real === root || real.startsWith(root + sep), real);
        const handle = await openChecked(readable).catch(() => undefined);
        const text = await handle?.readFile('utf8').catch(() => '');
        await handle?.close();
        assert.notEqual(text, 'out');
      }
      const writable = await confinedForWriting(root, made.asked, true).catch(() => undefined);
      if (writable) await replaceFile(writable, new TextEncoder().encode('written')).catch(() => undefined);
      assert.deepEqual(await fs.readdir(outside), ['a']);
      assert.equal(await fs.readFile(join(outside, 'a'), 'utf8'), 'out');
      assert.deepEqual((await fs.readdir(base)).sort(), ['outside', 'root']);
      await fs.rm(base, { recursive: true });
    }),
    { numRuns: 150 },
  );
});
