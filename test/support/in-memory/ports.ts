/** A whole world in memory for scenarios: everything but the models. */
import type { EnginePorts } from '../../../src/core/run/contract.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import { ManualClock } from './clock.ts';
import { InMemoryCopies } from './copies.ts';
import { InMemoryDisk } from './disk.ts';
import { InMemoryFiles } from './files.ts';
import { InMemoryRunStore } from './run-store.ts';
import { InMemorySearch } from './search.ts';
import { ScriptedShell, type Play } from './shell.ts';
import { InMemoryLog, SequentialIds } from './small.ts';
import { InMemoryWorkspace } from './workspace.ts';

export interface InMemoryPorts extends Omit<EnginePorts, 'models'> {
  readonly disk: InMemoryDisk;
  readonly clock: ManualClock;
  readonly log: InMemoryLog;
  readonly store: InMemoryRunStore;
  readonly workspace: InMemoryWorkspace;
  readonly copies: InMemoryCopies;
  readonly shell: ScriptedShell;
}

/** `files` are the person's; `shell` plays every command (default: all succeed silently) and is given the disk. */
export function createInMemoryPorts(options: {
  readonly files?: Readonly<Record<string, string>>;
  readonly shell?: (disk: InMemoryDisk) => Play;
  readonly clock?: ManualClock;
}): InMemoryPorts {
  const disk = new InMemoryDisk();
  const workspace = new InMemoryWorkspace(disk);
  for (const [path, text] of Object.entries(options.files ?? {})) disk.put(workspace.root, path, text);
  return {
    disk,
    clock: options.clock ?? new ManualClock(),
    ids: new SequentialIds(),
    hasher: nodeHasher,
    log: new InMemoryLog(),
    store: new InMemoryRunStore(),
    workspace,
    copies: new InMemoryCopies(disk, workspace.root),
    files: new InMemoryFiles(disk),
    search: new InMemorySearch(disk),
    shell: new ScriptedShell(options.shell?.(disk) ?? (() => ({}))),
  };
}
