/** Content-addressed blobs and trees in memory, with git's blob ids. */
import { createHash } from 'node:crypto';
import { PortError } from '../../../src/core/ports.ts';
import type { TreeEntries } from '../../../src/node/merge-entries.ts';

export class InMemoryObjects {
  readonly #blobs = new Map<string, Uint8Array>();
  readonly #trees = new Map<string, TreeEntries>();

  /** The same objects in a store of its own. */
  copy(): InMemoryObjects {
    const copy = new InMemoryObjects();
    for (const [id, bytes] of this.#blobs) copy.#blobs.set(id, bytes);
    for (const [id, entries] of this.#trees) copy.#trees.set(id, entries);
    return copy;
  }

  putBlob(bytes: Uint8Array): string {
    const id = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
    if (!this.#blobs.has(id)) this.#blobs.set(id, Uint8Array.from(bytes));
    return id;
  }

  blob(id: string): Uint8Array {
    const bytes = this.#blobs.get(id);
    if (!bytes) throw new PortError('store.missing', `The blob ${id} is missing.`);
    return Uint8Array.from(bytes);
  }

  putTree(entries: TreeEntries): string {
    const listing = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
    const text = listing.map(([path, entry]) => `${entry.mode} ${entry.blob}\t${path}\n`).join('');
    const id = createHash('sha1').update(`tree ${text}`).digest('hex');
    this.#trees.set(id, new Map(listing));
    return id;
  }

  tree(id: string): TreeEntries {
    const entries = this.#trees.get(id);
    if (!entries) throw new PortError('store.missing', `The tree ${id} is missing.`);
    return entries;
  }
}
