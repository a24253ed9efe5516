/** Places in the project that a text names, such as `src/slug.js:12`. */

export interface Place {
  readonly path: string;
  /** 1-based. */
  readonly line?: number;
}

const PLACE = /^(?:\.\/)?((?:[\w@.+-]+\/)*[\w@.+-]+\.\w{1,10})(?::(\d{1,7}))?(?:[:-]\d{1,7})*$/;
const NUMBERED = /^(?:\.\/)?((?:[\w@.+-]+\/)+[\w@.+-]+):(\d{1,7})$/;

/** The place that `text` names, if it reads as one: a relative path with an ending or a line number. */
export function parsePlace(text: string): Place | undefined {
  const found = PLACE.exec(text) ?? NUMBERED.exec(text);
  const path = found?.[1];
  if (path === undefined || path.split('/').includes('..')) return undefined;
  const line = found?.[2] === undefined ? undefined : Number(found[2]);
  return { path, ...(line !== undefined && line > 0 && { line }) };
}

/** A place as people write it. Line 0 is the whole file. */
export const placeText = (path: string, line?: number): string =>
  line === undefined || line === 0 ? path : `${path}:${line}`;

/** Whether a link may be handed to the editor to open. */
export const isWebLink = (url: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(url);

/** A path as its folder (with the closing slash, or empty) and its name. */
export function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { folder: path.slice(0, slash + 1), name: path.slice(slash + 1) };
}
