/** Files of the disk in memory, confined as those of a real one. */
import { confine } from '../../../src/core/policy/paths.ts';
import { protectedPath } from '../../../src/core/policy/protected.ts';
import { PortError, type Files } from '../../../src/core/ports.ts';
import { FILE_MODE, LINK_MODE, namesIn, type DiskFolder, type InMemoryDisk } from './disk.ts';

const missing = (path: string) => new PortError('file.missing', `There is no file ${path}.`);

export class InMemoryFiles implements Files {
  readonly #disk: InMemoryDisk;
  constructor(disk: InMemoryDisk) {
    this.#disk = disk;
  }

  async read(root: string, path: string): Promise<Uint8Array | undefined> {
    const { files, at } = this.#follow(root, path);
    const file = files.get(at);
    return file && Uint8Array.from(file.bytes);
  }

  async write(root: string, path: string, bytes: Uint8Array): Promise<void> {
    const { files, at } = this.#resolve(root, path);
    if (isFolder(files, at)) throw new PortError('file.folder', `"${path}" is a folder.`);
    const parent = parents(at).find((folder) => files.has(folder));
    if (parent !== undefined) throw new PortError('file.parent', `${parent} is a file, not a folder.`);
    files.set(at, { bytes: Uint8Array.from(bytes), mode: files.get(at)?.mode ?? FILE_MODE });
  }

  async remove(root: string, path: string): Promise<void> {
    const { files, at } = this.#resolve(root, path);
    if (!files.delete(at)) throw missing(path);
  }

  async move(root: string, from: string, to: string): Promise<void> {
    const source = this.#resolve(root, from);
    const target = this.#resolve(root, to);
    const file = source.files.get(source.at);
    if (!file) throw missing(from);
    if (target.files.has(target.at) || isFolder(target.files, target.at)) {
      throw new PortError('file.exists', `There is something at ${to} already.`);
    }
    source.files.delete(source.at);
    target.files.set(target.at, file);
  }

  async stat(
    root: string,
    path: string,
  ): Promise<{ readonly kind: 'file' | 'folder'; readonly size: number } | undefined> {
    const { files, at } = this.#follow(root, path);
    const file = files.get(at);
    if (file) return { kind: 'file', size: file.bytes.length };
    return isFolder(files, at) ? { kind: 'folder', size: 0 } : undefined;
  }

  async names(root: string, path: string): Promise<readonly string[] | undefined> {
    const { files, at } = this.#follow(root, path);
    return namesIn(files.keys(), at);
  }

  async scratch(name: string): Promise<string> {
    const root = `/scratch/${name}`;
    this.#disk.roots.set(root, new Map());
    return root;
  }

  async discardScratch(name: string): Promise<void> {
    this.#disk.roots.delete(`/scratch/${name}`);
  }

  /** For changing: no link on the way. */
  #resolve(root: string, path: string): Place {
    const confined = confine(path);
    if (!confined.ok) throw new PortError(confined.code, `${path}: ${confined.why}.`);
    const files = this.#disk.existing(root);
    const link = [...parents(confined.path), confined.path].find((at) => files.get(at)?.mode === LINK_MODE);
    if (link !== undefined) throw new PortError('path.outside', `${link} is a link: write its target.`);
    return { files, at: confined.path };
  }

  /** For reading: links that end inside, at nothing protected, are followed. */
  #follow(root: string, path: string): Place {
    const files = this.#disk.existing(root);
    let at = path;
    for (let hops = 0; hops < 20; hops += 1) {
      const confined = confine(at);
      if (!confined.ok)
        throw new PortError(hops === 0 ? confined.code : 'path.outside', `${path}: ${confined.why}.`);
      at = confined.path;
      const link = [...parents(at), at].find((part) => files.get(part)?.mode === LINK_MODE);
      if (link === undefined) {
        if (hops === 0 || protectedPath(at)?.class === protectedPath(path)?.class) return { files, at };
        throw new PortError('path.outside', `${path}: a link leads to ${at}, which is protected.`);
      }
      const target = Buffer.from(files.get(link)?.bytes ?? []).toString('utf8');
      const from = link.includes('/') ? `${link.slice(0, link.lastIndexOf('/'))}/` : '';
      at = (target.startsWith('/') ? target : from + target) + at.slice(link.length);
    }
    throw new PortError('path.outside', `${path}: links lead in a circle.`);
  }
}

interface Place {
  readonly files: DiskFolder;
  readonly at: string;
}

const isFolder = (files: DiskFolder, at: string) =>
  at === '' || [...files.keys()].some((key) => key.startsWith(`${at}/`));

const parents = (path: string): string[] => {
  const names = path.split('/');
  return names.slice(1).map((_, depth) => names.slice(0, depth + 1).join('/'));
};
