/** Folders in memory: by root, then by path. Links are files of mode 120000 whose bytes are the target. */
import { PortError } from '../../../src/core/ports.ts';

export interface DiskFile {
  readonly bytes: Uint8Array;
  readonly mode: string;
}
export type DiskFolder = Map<string, DiskFile>;

export const FILE_MODE = '100644';
export const LINK_MODE = '120000';

export class InMemoryDisk {
  readonly roots = new Map<string, DiskFolder>();

  /** The folder at a root; made when it is not there. */
  folder(root: string): DiskFolder {
    const folder: DiskFolder = this.roots.get(root) ?? new Map<string, DiskFile>();
    this.roots.set(root, folder);
    return folder;
  }

  /** The same files on a disk of its own. */
  copy(): InMemoryDisk {
    const copy = new InMemoryDisk();
    for (const [root, folder] of this.roots) copy.roots.set(root, new Map(folder));
    return copy;
  }

  /** The folder at a root that must be there. */
  existing(root: string, code = 'storage.failed'): DiskFolder {
    const folder = this.roots.get(root);
    if (folder) return folder;
    throw new PortError(code, `The folder ${root} is not there.`, { advice: 'Resume the run.' });
  }

  /** Text of a file, for tests to look at. */
  text(root: string, path: string): string | undefined {
    const file = this.roots.get(root)?.get(path);
    return file && Buffer.from(file.bytes).toString('utf8');
  }

  /** Writes text as a test would. */
  put(root: string, path: string, text: string, mode = FILE_MODE): void {
    this.folder(root).set(path, { bytes: Buffer.from(text, 'utf8'), mode });
  }
}

/** Names in a folder of a list of paths, folders with a trailing "/"; undefined where there is none. */
export function namesIn(paths: Iterable<string>, folder: string): readonly string[] | undefined {
  const start = folder === '' ? 0 : folder.length + 1;
  const below = [...paths].filter((path) => folder === '' || path.startsWith(`${folder}/`));
  if (below.length === 0 && folder !== '') return undefined;
  return [...new Set(below.map((path) => path.slice(start).replace(/\/.*$/u, '/')))].sort();
}
