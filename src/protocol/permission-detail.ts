/** What a permission asks for in detail: the call to the letter, and below it why it asks. */

const BETWEEN = '\n\nWhy this asks: ';

/** The text of an open question. */
export const permissionDetail = (what: string, why: string): string => `${what}${BETWEEN}${why}.`;

/** The text taken apart again. The host's reason stands last, so whatever the call says of reasons stays with it. */
export function partsOfPermission(detail: string): { readonly what: string; readonly why?: string } {
  const at = detail.lastIndexOf(BETWEEN);
  if (at < 0) return { what: detail };
  return { what: detail.slice(0, at), why: detail.slice(at + BETWEEN.length).replace(/\.$/u, '') };
}
