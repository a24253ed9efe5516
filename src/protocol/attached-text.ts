/** What a text that goes with a goal is by its bytes, and how much of it may. Needs nothing, so that the panel's page stays small. */

/** Most texts of one goal. */
export const ATTACHED_MAX = 4;
/** Largest text, in bytes: every agent is told it, and all of them stand in the first line of the journal. */
export const ATTACHED_BYTES_MAX = 40_000;

/** The text that bytes are: UTF-8, or UTF-16 that says so; `undefined` where they are none. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const wide =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  try {
    const text = new TextDecoder(wide || 'utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}
