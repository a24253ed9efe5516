/** All ports on Node but the models: what a door needs to run the engine on a folder of this machine. */
import { join } from 'node:path';
import type { Log, RoleFiles } from '../core/ports.ts';
import type { EnginePorts } from '../core/run/contract.ts';
import { createBrowser } from './browser/browser.ts';
import { createChildren } from './children.ts';
import { nodeClock } from './clock.ts';
import { createCommits } from './commits.ts';
import { createNodeFiles } from './files.ts';

import { createHttp } from './http.ts';
import { createHistory } from './history.ts';
import { nodeHasher } from './hasher.ts';
import { createNodeIds } from './ids.ts';
import { createNodePermissions } from './permissions.ts';
import { createRoleFiles } from './role-files.ts';
import { createNodeRunStore } from './run-store.ts';
import { createNodeSearch } from './search.ts';
import { createNodeShell } from './shell.ts';
import { stateFolder } from './state-folder.ts';
import { createTestMemory } from './test-memory.ts';
import { createNodeWorkspace } from './workspace.ts';
import { createWorkingCopies } from './working-copies.ts';

export interface NodePortsOptions {
  /** Absolute path of the person's folder. */
  readonly workspaceRoot: string;
  /** Absolute path of the folder that holds `runs/ store/ copies/ cache/`; made when it is not there. */
  readonly storage: string;
  readonly log: Log;
  /** Gets what commands print, for a terminal that people see. */
  readonly onOutput?: (label: string, text: string) => void;
  /** Where ripgrep may be, most wanted first. */
  readonly ripgrep?: readonly string[];
  /** The git to use; default: the one on the PATH. */
  readonly git?: string;
  /** Whether somebody vouches for the folder; absent: yes. */
  readonly isTrusted?: () => boolean;
}

/** Settings that a repository's own cannot undo: nothing runs because git only looks. */
const HARMLESS_GIT = {
  GIT_CONFIG_COUNT: '3',
  GIT_CONFIG_KEY_0: 'safe.bareRepository',
  GIT_CONFIG_VALUE_0: 'explicit',
  GIT_CONFIG_KEY_1: 'core.fsmonitor',
  GIT_CONFIG_VALUE_1: 'false',
  GIT_CONFIG_KEY_2: 'protocol.ext.allow',
  GIT_CONFIG_VALUE_2: 'never',
};

/** What there is besides the models. */
export interface NodePorts extends Omit<EnginePorts, 'models'> {
  readonly roles: RoleFiles;
}

export function createNodePorts(options: NodePortsOptions): NodePorts {
  const { workspaceRoot, storage, log, onOutput, ripgrep, git } = options;
  const ids = createNodeIds();
  const children = createChildren(join(storage, 'children'), log);
  const store = createNodeRunStore({ storage, log, ids });
  const shell = createNodeShell({
    children,
    hidden: [workspaceRoot, storage],
    lent: [join(storage, 'cache', 'lent')],
    ...(onOutput && { onOutput }),
    // A git that runs in a working copy must not find a repository above the storage folder, nor obey one that a stranger put into it.
    env: { GIT_CEILING_DIRECTORIES: join(storage, 'copies'), ...HARMLESS_GIT },
  });
  const files = createNodeFiles({ storage });
  return {
    clock: nodeClock,
    ids,
    hasher: nodeHasher,
    log,
    store: {
      ...store,
      own: async (runId) => {
        await children.endLeftOver();
        return store.own(runId);
      },
    },
    workspace: createNodeWorkspace({ root: workspaceRoot, storage }),
    copies: createWorkingCopies({
      workspace: workspaceRoot,
      storage,
      log,
      ...(git !== undefined && { git }),
    }),
    files,
    roles: createRoleFiles({ workspaceRoot, storage, files, isTrusted: options.isTrusted }),
    history: createHistory({ workspace: workspaceRoot, ...(git !== undefined && { git }) }),
    commits: createCommits({ workspace: workspaceRoot, storage, ...(git !== undefined && { git }) }),
    http: createHttp(),
    search: createNodeSearch({ log, ...(ripgrep && { ripgrep }) }),
    permissions: createNodePermissions(storage),
    tests: createTestMemory({
      ...{ storage, workspace: workspaceRoot, log },
      suites: join(stateFolder(process.env), 'suites'),
    }),
    shell,
    browser: createBrowser(shell),
  };
}
