/** What can be mentioned in a goal. In the text it stands as `#file:src/a.ts`, `#folder:src`, `#selection`, `#problems`, `#diff`; a path with blanks in quotes. */
export type Mention =
  | { readonly kind: 'file' | 'folder'; readonly path: string }
  | { readonly kind: 'selection' | 'problems' | 'diff' };

/** A mention as it stands in a text. */
export const mentionText = (mention: Mention): string => {
  if (!('path' in mention)) return `#${mention.kind}`;
  return `#${mention.kind}:${/\s/.test(mention.path) ? `"${mention.path}"` : mention.path}`;
};
