/** Working copies in memory: trees by content, checkouts as folders of the disk. */
import { diffLines } from 'diff';
import type { TreeDelta, WorkingCopies, WorkingCopy } from '../../../src/core/ports.ts';
import { createIgnoreRules, ignoresBelow } from '../../../src/node/ignore-rules.ts';
import { mergeEntries, type TreeEntries, type TreeEntry } from '../../../src/node/merge-entries.ts';
import { FILE_MODE, namesIn, type DiskFolder, type InMemoryDisk } from './disk.ts';
import { InMemoryObjects } from './objects.ts';

export class InMemoryCopies implements WorkingCopies {
  /** Outlives a crash, as the private store does. */
  readonly objects: InMemoryObjects;
  /** Trees kept per run. */
  readonly retained = new Map<string, Set<string>>();
  readonly #disk: InMemoryDisk;
  readonly #workspace: string;
  /** Files that a copy holds although they are ignored, because its tree does. */
  readonly #tracked = new Map<string, Set<string>>();

  constructor(disk: InMemoryDisk, workspace: string, objects = new InMemoryObjects()) {
    this.#disk = disk;
    this.#workspace = workspace;
    this.objects = objects;
  }

  /** What a new process finds: the objects and what is kept, on a disk of their own. */
  copy(disk: InMemoryDisk): InMemoryCopies {
    const copy = new InMemoryCopies(disk, this.#workspace, this.objects.copy());
    for (const [run, trees] of this.retained) copy.retained.set(run, new Set(trees));
    return copy;
  }

  async takeBase(
    unsaved: ReadonlyMap<string, string>,
  ): Promise<{ tree: string; files: number; notes: readonly string[] }> {
    const files: DiskFolder = new Map(this.#disk.folder(this.#workspace));
    for (const [path, text] of unsaved) {
      files.set(path, { bytes: Buffer.from(text, 'utf8'), mode: files.get(path)?.mode ?? FILE_MODE });
    }
    const entries = this.#entries(files, new Set());
    return { tree: this.objects.putTree(entries), files: entries.size, notes: [] };
  }

  async create(id: string, tree: string, how?: { readonly keep: boolean }): Promise<WorkingCopy> {
    const root = this.rootOf(id);
    const stays = how?.keep === true && this.#disk.roots.has(root);
    this.#disk.folder(root);
    const copy: WorkingCopy = {
      id,
      root,
      snapshot: async () => {
        const entries = this.#entries(
          this.#disk.existing(root, 'git.failed'),
          this.#tracked.get(root) ?? new Set(),
        );
        this.#tracked.set(root, new Set(entries.keys()));
        return this.objects.putTree(entries);
      },
      restore: async (to) => this.#checkOut(root, this.objects.tree(to)),
      remove: () => this.discard(id),
    };
    if (stays) this.#tracked.set(root, new Set(this.objects.tree(tree).keys()));
    else await copy.restore(tree);
    return copy;
  }

  rootOf(id: string): string {
    return `/copies/${id}`;
  }

  async discard(id: string): Promise<void> {
    this.#disk.roots.delete(this.rootOf(id));
    this.#tracked.delete(this.rootOf(id));
  }

  async diff(from: string, to: string): Promise<readonly TreeDelta[]> {
    const [before, after] = [this.objects.tree(from), this.objects.tree(to)];
    const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
    return paths.flatMap((path) => {
      const [old, now] = [before.get(path), after.get(path)];
      if (old?.blob === now?.blob && old?.mode === now?.mode) return [];
      return [this.#delta(path, old, now)];
    });
  }

  async read(tree: string, path: string): Promise<Uint8Array | undefined> {
    const entry = this.objects.tree(tree).get(path);
    return entry && this.objects.blob(entry.blob);
  }

  async names(tree: string, path: string): Promise<readonly string[] | undefined> {
    return namesIn(this.objects.tree(tree).keys(), path);
  }

  async merge(base: string, ours: string, theirs: string): ReturnType<WorkingCopies['merge']> {
    const trees = {
      base: this.objects.tree(base),
      ours: this.objects.tree(ours),
      theirs: this.objects.tree(theirs),
    };
    const { entries, conflicts } = await mergeEntries(trees, {
      read: async (blob) => this.objects.blob(blob),
      write: async (bytes) => this.objects.putBlob(bytes),
    });
    return { tree: this.objects.putTree(entries), conflicts };
  }

  async compose(tree: string, files: ReadonlyMap<string, Uint8Array | undefined>): Promise<string> {
    const entries = new Map(this.objects.tree(tree));
    for (const [path, bytes] of files) {
      if (!bytes) entries.delete(path);
      else
        entries.set(path, { blob: this.objects.putBlob(bytes), mode: entries.get(path)?.mode ?? FILE_MODE });
    }
    return this.objects.putTree(entries);
  }

  async retain(runId: string, trees: readonly string[]): Promise<void> {
    for (const tree of trees) this.objects.tree(tree);
    this.retained.set(runId, new Set([...(this.retained.get(runId) ?? []), ...trees]));
  }

  async release(runId: string): Promise<void> {
    this.retained.delete(runId);
  }

  #entries(files: DiskFolder, tracked: ReadonlySet<string>): Map<string, TreeEntry> {
    const rules = rulesOf(files);
    const entries = new Map<string, TreeEntry>();
    for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (path.split('/').includes('.git') || (!tracked.has(path) && ignoresBelow(rules, path))) continue;
      entries.set(path, { blob: this.objects.putBlob(file.bytes), mode: file.mode });
    }
    return entries;
  }

  #checkOut(root: string, tree: TreeEntries): void {
    const files = this.#disk.existing(root, 'git.failed');
    const tracked = this.#tracked.get(root) ?? new Set<string>();
    const rules = rulesOf(files);
    for (const path of [...files.keys()]) {
      if (tracked.has(path) || !ignoresBelow(rules, path)) files.delete(path);
    }
    for (const [path, entry] of tree)
      files.set(path, { bytes: this.objects.blob(entry.blob), mode: entry.mode });
    this.#tracked.set(root, new Set(tree.keys()));
  }

  #delta(path: string, old: TreeEntry | undefined, now: TreeEntry | undefined): TreeDelta {
    const texts = [old, now].map((entry) =>
      entry ? Buffer.from(this.objects.blob(entry.blob)) : Buffer.alloc(0),
    );
    const binary = texts.some((bytes) => bytes.includes(0));
    const parts = binary ? [] : diffLines(texts[0]!.toString('utf8'), texts[1]!.toString('utf8'));
    const count = (side: 'added' | 'removed') =>
      parts.reduce((sum, part) => sum + (part[side] ? part.count : 0), 0);
    return {
      path,
      kind: !old ? 'added' : !now ? 'deleted' : 'modified',
      ...(old && { oldBlob: old.blob, oldMode: old.mode }),
      ...(now && { newBlob: now.blob, newMode: now.mode }),
      binary,
      additions: count('added'),
      deletions: count('removed'),
    };
  }
}

function rulesOf(files: DiskFolder): ReturnType<typeof createIgnoreRules> {
  const rules = createIgnoreRules();
  for (const [path, file] of files) {
    if (path !== '.gitignore' && !path.endsWith('/.gitignore')) continue;
    rules.add(path.slice(0, Math.max(0, path.lastIndexOf('/'))), Buffer.from(file.bytes).toString('utf8'));
  }
  return rules;
}
