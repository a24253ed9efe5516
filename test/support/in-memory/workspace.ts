/** A person's tree in memory, with editors that may hold unsaved text. */
import { confine } from '../../../src/core/policy/paths.ts';
import { PortError, type TreeChange, type Workspace } from '../../../src/core/ports.ts';
import { FILE_MODE, type InMemoryDisk } from './disk.ts';

export class InMemoryWorkspace implements Workspace {
  readonly root: string;
  readonly name: string;
  /** Text of editors that are not saved. */
  readonly editors = new Map<string, string>();
  readonly #disk: InMemoryDisk;

  constructor(disk: InMemoryDisk, root = '/workspace') {
    this.#disk = disk;
    this.root = root;
    this.name = root.slice(root.lastIndexOf('/') + 1);
    disk.folder(root);
  }

  /** The same folder and editors on another disk. */
  copy(disk: InMemoryDisk): InMemoryWorkspace {
    const copy = new InMemoryWorkspace(disk, this.root);
    for (const [path, text] of this.editors) copy.editors.set(path, text);
    return copy;
  }

  async unsaved(): Promise<ReadonlyMap<string, string>> {
    return new Map(this.editors);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const text = this.editors.get(path);
    if (text !== undefined) return Buffer.from(text, 'utf8');
    const file = this.#disk.folder(this.root).get(path);
    return file && Uint8Array.from(file.bytes);
  }

  async apply(changes: readonly TreeChange[]): ReturnType<Workspace['apply']> {
    for (const { path } of changes) {
      const confined = confine(path);
      if (!confined.ok) throw new PortError(confined.code, `${path}: ${confined.why}.`);
    }
    const now = await Promise.all(changes.map((change) => this.read(change.path)));
    const moved = changes.filter((change, i) => !same(now[i], change.before) && !same(now[i], change.after));
    if (moved.length > 0) return { ok: false, moved: moved.map((change) => change.path) };
    const files = this.#disk.folder(this.root);
    for (const { path, after, mode } of changes) {
      this.editors.delete(path);
      if (!after) files.delete(path);
      else
        files.set(path, { bytes: Uint8Array.from(after), mode: mode ?? files.get(path)?.mode ?? FILE_MODE });
    }
    return { ok: true };
  }
}

const same = (a: Uint8Array | undefined, b: Uint8Array | undefined) =>
  a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0);
