/** What is shown of a file that is not plain UTF-8, or not small, or holds keys. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Limits } from '../../../../src/protocol/settings.ts';
import { listFiles, readFile, searchText } from '../../../../src/core/tools/read.ts';
import type { ToolWorld } from '../../../../src/core/tools/contract.ts';

const context = { signal: new AbortController().signal, key: 'k' };
const bytesOf = (text: string, encoding: BufferEncoding): Uint8Array => Buffer.from(text, encoding);
const swapped = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).swap16();
const text = 'one café\ntwo\n';

function world(bytes: Uint8Array, size = bytes.length, hits: readonly string[] = []): ToolWorld {
  return {
    files: { read: async () => bytes, stat: async () => ({ kind: 'file', size }), names: async () => [] },
    search: {
      files: async () => ({ paths: ['a'], more: false }),
      text: async () => ({
        hits: hits.map((path) => ({ path, line: 1, text: `TOKEN in ${path}` })),
        more: false,
      }),
    },
    place: { root: '/copy' },
    limits: Limits.parse({}),
    hash: (whole: string) => whole,
  } as unknown as ToolWorld;
}

describe('read_file', () => {
  const shown = [
    ['UTF-8', bytesOf(text, 'utf8'), /^a \(lines 1-2 of 2\)\n +1 {2}one café\n/u],
    [
      'UTF-16 with a mark',
      bytesOf(`\ufeff${text}`, 'utf16le'),
      /^\[It is UTF-16LE\. Edits keep it so\.\]\na \(lines 1-2 of 2\)\n +1 {2}one café\n/u,
    ],
    [
      'UTF-16 big-endian with a mark',
      swapped(bytesOf(`\ufeff${text}`, 'utf16le')),
      /^\[It is UTF-16BE[\s\S]*one café\n/u,
    ],
    ['UTF-16 without a mark', bytesOf(text, 'utf16le'), /^\[It is UTF-16LE[\s\S]*one café\n/u],
    [
      'UTF-16 big-endian without a mark',
      swapped(bytesOf(text, 'utf16le')),
      /^\[It is UTF-16BE[\s\S]*one café\n/u,
    ],
    [
      'Latin-1',
      bytesOf(text, 'latin1'),
      /^\[It is not UTF-8; it is shown as Latin-1, which is a guess[\s\S]*one café\n/u,
    ],
  ] as const;
  for (const [name, bytes, expected] of shown)
    test(`${name} is shown`, async () => {
      const { state, text: told } = (await readFile.run?.({ path: 'a' }, world(bytes), context)) ?? {};
      assert.equal(state, 'ok');
      assert.match(told ?? '', expected);
    });

  const others = [
    [
      'a program',
      Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3, 255, 254),
      /is a binary file of 10 bytes/u,
    ],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d),
      /is a binary file of 12 bytes/u,
    ],
    ['bytes without text', Uint8Array.of(255, 1, 254, 2, 253, 3), /is a binary file/u],
  ] as const;
  for (const [name, bytes, expected] of others)
    test(`${name} is named, not shown`, async () => {
      const observation = await readFile.run?.({ path: 'a' }, world(bytes), context);
      assert.equal(observation?.state, 'error');
      assert.match(observation.text, expected);
    });

  test('a file too large to be held is not read', async () => {
    const observation = await readFile.run?.({ path: 'a' }, world(bytesOf('x', 'utf8'), 60_000_000), context);
    assert.match(observation?.text ?? '', /60000000 bytes, more than can be read at once/u);
  });

  test('a long file comes in pages that say how to read on', async () => {
    const lines = Array.from({ length: 5000 }, (_, n) => `line ${String(n + 1)}`).join('\n');
    const first = await readFile.run?.({ path: 'a' }, world(bytesOf(lines, 'utf8')), context);
    const next = Number(/Read on with start_line (\d+)/u.exec(first?.text ?? '')?.[1]);
    assert.ok(next > 100);
    const second = await readFile.run?.(
      { path: 'a', start_line: next },
      world(bytesOf(lines, 'utf8')),
      context,
    );
    assert.match(second?.text ?? '', new RegExp(`\\n +${String(next)}  line ${String(next)}\\n`, 'u'));
  });
});

test('search_text leaves out what stands where keys are kept, and says so', async () => {
  const some = await searchText.run?.(
    { query: 'TOKEN' },
    world(new Uint8Array(), 0, ['a.ts', '.env', 'k/x.pem']),
    context,
  );
  assert.equal(
    some?.text,
    'a.ts:1: TOKEN in a.ts\n[Left out, as places where keys are kept: .env, k/x.pem. read_file asks for them.]',
  );
  const none = await searchText.run?.({ query: 'TOKEN' }, world(new Uint8Array(), 0, ['.env']), context);
  assert.match(none?.text ?? '', /^No match\.\n\[Left out[^\n]*\.env/u);
  assert.equal((await listFiles.run?.({}, world(new Uint8Array()), context))?.text, 'a');
});
