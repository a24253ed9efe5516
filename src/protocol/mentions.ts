/** What can be mentioned in a goal. In the text it stands as `#file:src/a.ts`, `#folder:src`, `#selection`, `#problems`, `#diff`. */
export type Mention =
  | { readonly kind: 'file' | 'folder'; readonly path: string }
  | { readonly kind: 'selection' | 'problems' | 'diff' };
