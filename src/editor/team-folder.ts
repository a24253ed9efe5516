/** Which of a window's folders the team works on. Pure. */

/** What is known of a folder of the window. */
interface Folder {
  readonly uri: { readonly scheme: string; toString(): string };
}

export interface Chosen {
  /** Address of the folder that the person chose here, now or earlier. */
  readonly chosen: string | undefined;
  /** Address of the folder whose runs are loaded: it holds until the window is loaded anew. */
  readonly held: string | undefined;
}

/** `several`: nobody has chosen yet. `closed`: the folder whose runs are loaded is no longer open. */
export type TeamFolder<F extends Folder> =
  | { readonly kind: 'folder'; readonly folder: F }
  | { readonly kind: 'none' | 'virtual' | 'several' | 'closed' };

/** Never one of several that nobody has chosen. */
export function teamFolder<F extends Folder>(folders: readonly F[], { chosen, held }: Chosen): TeamFolder<F> {
  const at = (address: string | undefined): F | undefined =>
    folders.find(({ uri }) => uri.toString() === address);
  const holding = at(held);
  if (held !== undefined) return holding ? { kind: 'folder', folder: holding } : { kind: 'closed' };
  const onDisk = onDiskOf(folders);
  const [only] = onDisk;
  if (only === undefined) return { kind: folders.length === 0 ? 'none' : 'virtual' };
  const folder = onDisk.length === 1 ? only : onDisk.find((each) => each === at(chosen));
  return folder ? { kind: 'folder', folder } : { kind: 'several' };
}

export const onDiskOf = <F extends Folder>(folders: readonly F[]): readonly F[] =>
  folders.filter(({ uri }) => uri.scheme === 'file');
