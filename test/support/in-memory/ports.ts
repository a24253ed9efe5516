/** A whole world in memory for scenarios: everything but the models. */
import type { EnginePorts } from '../../../src/core/run/contract.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import { ManualClock } from './clock.ts';
import { InMemoryCopies } from './copies.ts';
import { InMemoryDisk } from './disk.ts';
import { InMemoryFiles } from './files.ts';
import { InMemoryRoles } from './roles.ts';
import { InMemoryRunStore } from './run-store.ts';
import { InMemorySearch } from './search.ts';
import { ScriptedShell, type Play } from './shell.ts';
import { InMemoryLog, InMemoryPermissions, SequentialIds } from './small.ts';
import { InMemoryTestMemory } from './test-memory.ts';
import { InMemoryWorkspace } from './workspace.ts';

export interface InMemoryPorts extends Omit<EnginePorts, 'models'> {
  readonly disk: InMemoryDisk;
  readonly clock: ManualClock;
  readonly ids: SequentialIds;
  readonly log: InMemoryLog;
  readonly store: InMemoryRunStore;
  readonly workspace: InMemoryWorkspace;
  readonly copies: InMemoryCopies;
  readonly shell: ScriptedShell;
  readonly permissions: InMemoryPermissions;
  readonly tests: InMemoryTestMemory;
  readonly roles: InMemoryRoles;
}

/** What commands do on a disk. */
type ShellOn = (disk: InMemoryDisk) => Play;

/** `files` are the person's; `shell` plays every command (default: all succeed silently) and is given the disk. */
export function createInMemoryPorts(options: {
  readonly files?: Readonly<Record<string, string>>;
  readonly shell?: ShellOn;
  readonly clock?: ManualClock;
}): InMemoryPorts {
  const disk = new InMemoryDisk();
  const workspace = new InMemoryWorkspace(disk);
  for (const [path, text] of Object.entries(options.files ?? {})) disk.put(workspace.root, path, text);
  return {
    ...standing(disk, options.shell),
    clock: options.clock ?? new ManualClock(),
    ids: new SequentialIds(),
    permissions: new InMemoryPermissions(),
    tests: new InMemoryTestMemory(),
    roles: new InMemoryRoles(),
    store: new InMemoryRunStore(),
    workspace,
    copies: new InMemoryCopies(disk, workspace.root),
  };
}

/** What a new process finds if the one on `ports` is dead now: disk, runs and objects as they are, nothing that was under way. */
export function portsAfterCrash(ports: InMemoryPorts, shell?: ShellOn): InMemoryPorts {
  const disk = ports.disk.copy();
  return {
    ...standing(disk, shell),
    clock: ports.clock.copy(),
    ids: ports.ids.copy(),
    permissions: ports.permissions.copy(),
    tests: ports.tests.copy(),
    roles: ports.roles.copy(),
    store: ports.store.copy(),
    workspace: ports.workspace.copy(disk),
    copies: ports.copies.copy(disk),
  };
}

/** Ports that hold nothing of their own. */
function standing(disk: InMemoryDisk, shell: ShellOn | undefined) {
  return {
    disk,
    hasher: nodeHasher,
    log: new InMemoryLog(),
    files: new InMemoryFiles(disk),
    search: new InMemorySearch(disk),

    shell: new ScriptedShell(shell?.(disk) ?? (() => ({}))),
  };
}
