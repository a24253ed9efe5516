/** Texts as bytes: read in the encoding that they seem to have, and written back in the same one. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** A byte order mark stays part of the text. */
export interface Decoded {
  readonly text: string;
  readonly encoding: Encoding;
  /** Nothing in the bytes says so. */
  readonly isGuess: boolean;
}

/** How far a NUL byte is looked for: the same as git's. */
const SNIFFED_BYTES = 8000;

/** Bytes with a NUL near their beginning, or that are not UTF-8, are no UTF-8 text. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, SNIFFED_BYTES).includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-8, UTF-16 with a mark or of Western letters, else single bytes; `undefined` where it is no text. */
export function decode(bytes: Uint8Array): Decoded | undefined {
  const utf8 = decodeUtf8(bytes);
  if (utf8 !== undefined) return { text: utf8, encoding: 'utf-8', isGuess: false };
  const marked = MARKS.find(([, first, second]) => bytes[0] === first && bytes[1] === second)?.[0];
  const encoding = marked ?? unmarkedUtf16(bytes) ?? 'windows-1252';
  if (encoding !== 'windows-1252' && bytes.length % 2 === 1) return undefined;
  const text = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  if (NO_TEXT.test(text) || (encoding !== 'windows-1252' && text.includes('\uFFFD'))) return undefined;
  return { text, encoding, isGuess: marked === undefined };
}

/** The bytes of a text; `undefined` where it has a letter that the encoding lacks. */
export function encode(text: string, encoding: Encoding): Uint8Array | undefined {
  switch (encoding) {
    case 'utf-8':
      return new TextEncoder().encode(text);
    case 'windows-1252':
      return singleBytes(text);
    default:
      return utf16(text, encoding === 'utf-16le');
  }
}

const MARKS: readonly (readonly [Encoding, number, number])[] = [
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];
/** Control characters that no text has. */
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/u;

/** Text of Western letters in UTF-16 without a mark: every other byte is 0. */
function unmarkedUtf16(bytes: Uint8Array): Encoding | undefined {
  const head = bytes.subarray(0, Math.min(bytes.length - (bytes.length % 2), SNIFFED_BYTES));
  if (head.length < 8) return undefined;
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros.map((count) => (count * 2) / head.length);
  if (odd > 0.8 && even === 0) return 'utf-16le';
  return even > 0.8 && odd === 0 ? 'utf-16be' : undefined;
}

/** The byte of each letter, found by reading all bytes. */
function bytesOfLetters(): ReadonlyMap<string, number> {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const letters = new TextDecoder('windows-1252').decode(bytes);
  return new Map(Array.from(bytes, (byte) => [letters.charAt(byte), byte]));
}

function singleBytes(text: string): Uint8Array | undefined {
  const byteOf = bytesOfLetters();
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const byte = byteOf.get(text[at] ?? '');
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

function utf16(text: string, isLittle: boolean): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), isLittle);
  return bytes;
}
