/**
 * The working copy of an agent, as its steps see it. The story only knows its last recorded tree; the folder is made, or put back to
 * that tree, before the first live step that needs it. So a step that was cut off is simply run again.
 */
import type { WorkingCopy } from '../ports.ts';
import type { Place } from '../tools/contract.ts';
import type { Run } from './run.ts';

export interface CopyPlace extends Place {
  /** The checkout, inside a step. */
  open(): Promise<WorkingCopy>;
  /** Inside a step: the tree of the folder as it is now, whoever changed it, durable. */
  record(): Promise<string>;
  /** Goes on from another tree, such as one that was merged. */
  moveTo(tree: string): void;
  /** Removes the folder; the trees stay in the store. */
  dispose(key: string): Promise<void>;
}

export interface PlaceSpec {
  /** Folder name, unique in the run. */
  readonly id: string;
  readonly base: string;
  readonly tree: string;
  readonly scope: readonly string[];
}

export function createPlace(run: Run, place: PlaceSpec): CopyPlace {
  const { copies } = run.ports;
  const id = `${run.id}-${place.id}`;
  let tree = place.tree;
  let opening: Promise<WorkingCopy> | undefined;
  const forget = (): void => {
    opening = undefined;
  };
  const open = async (): Promise<WorkingCopy> => {
    opening ??= copies.create(id, tree);
    try {
      return await opening;
    } catch (error) {
      forget();
      throw error;
    }
  };
  return {
    get root() {
      return copies.rootOf(id);
    },
    scope: place.scope,
    base: place.base,
    start: place.tree,
    open,
    ready: async () => {
      await open();
    },
    snapshot: async () => {
      const snapshot = await (await open()).snapshot();
      await copies.retain(run.id, [snapshot]);
      return snapshot;
    },
    async record() {
      opening ??= copies.create(id, tree, { keep: true });
      const snapshot = await (await open()).snapshot();
      await copies.retain(run.id, [snapshot]);
      return snapshot;
    },
    putBack: async (clean) => {
      await (await open()).restore(clean);
    },
    settled: (now) => {
      tree = now;
    },
    spoilt: forget,
    tree: () => tree,
    moveTo(to) {
      tree = to;
      forget();
    },
    async dispose(key) {
      const spec = { kind: 'copy' as const, title: 'Remove the working copy', input: place.id };
      await run.steps.step(key, spec, async () => {
        await run.ports.shell.background.endAll(copies.rootOf(id));
        await copies.discard(id);
        return null;
      });
    },
  };
}
