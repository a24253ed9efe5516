// Packs a ZIP archive anew, as small as its format allows: what fetches and opens it notices nothing else.
import { readFile, writeFile } from 'node:fs/promises';
import { inflateRawSync } from 'node:zlib';
import zopfli from '@gfx/zopfli';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const [END_SIZE, ENTRY_SIZE, LOCAL_SIZE] = [22, 46, 30];
const [STORED, DEFLATED] = [0, 8];
/** Sizes follow the data: with the sizes in front nothing follows. */
const SIZES_FOLLOW = 0x08;
/** Times that the packer looks for a better way; more gain less than a hundredth. */
const TRIES = 5;

/**
 * Entries of an archive, in order: their heads as in its directory, and what they hold.
 * @param {Buffer} zip
 */
function entriesOf(zip) {
  const end = zip.length - END_SIZE;
  if (end < 0 || zip.readUInt32LE(end) !== END) throw new Error('This is no ZIP archive without a comment.');
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error('The directory of the archive is damaged.');
    const size = ENTRY_SIZE + [28, 30, 32].reduce((sum, field) => sum + zip.readUInt16LE(at + field), 0);
    const head = Buffer.from(zip.subarray(at, at + size));
    const local = head.readUInt32LE(42);
    const from = local + LOCAL_SIZE + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(from, from + head.readUInt32LE(20));
    entries.push({ head, bytes: head.readUInt16LE(10) === DEFLATED ? inflateRawSync(packed) : packed });
    at += size;
  }
  return entries;
}

/** @param {Buffer} bytes */
async function pack(bytes) {
  if (bytes.length === 0) return { method: STORED, packed: bytes };
  const packed = await zopfli.deflateAsync(bytes, { numiterations: TRIES });
  return packed.length < bytes.length ? { method: DEFLATED, packed } : { method: STORED, packed: bytes };
}

/** What stands before an entry's data: the same as in the directory. */
function localHead(head) {
  const name = head.subarray(ENTRY_SIZE, ENTRY_SIZE + head.readUInt16LE(28));
  const local = Buffer.alloc(LOCAL_SIZE);
  local.writeUInt32LE(LOCAL, 0);
  head.copy(local, 4, 6, 30);
  return Buffer.concat([local, name]);
}

/**
 * Packs the archive at `path` anew, in its place.
 * @param {string} path
 */
export async function packTight(path) {
  const parts = [];
  const heads = [];
  let at = 0;
  for (const { head, bytes } of entriesOf(await readFile(path))) {
    const { method, packed } = await pack(bytes);
    head.writeUInt16LE(head.readUInt16LE(8) & ~SIZES_FOLLOW, 8);
    head.writeUInt16LE(method, 10);
    head.writeUInt32LE(packed.length, 20);
    head.writeUInt32LE(at, 42);
    const local = localHead(head);
    parts.push(local, packed);
    heads.push(head);
    at += local.length + packed.length;
  }
  const directory = Buffer.concat(heads);
  const end = Buffer.alloc(END_SIZE);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(heads.length, 8);
  end.writeUInt16LE(heads.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  await writeFile(path, Buffer.concat([...parts, directory, end]));
}
