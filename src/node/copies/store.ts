/**
 * The private repository of a workspace: objects, refs and indexes of ours. Git is pointed at it by environment alone, so
 * that the person's repository is never opened for writing, and it is configured so that bytes stay as they are.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { draftIn } from '../drafts.ts';
import { createWhole, makeFolder, readIfThere, stored } from '../storage.ts';
import { createGit, type Git } from './git.ts';
import { despiteLocks } from './locks.ts';

export interface PrivateStore {
  readonly dir: string;
  /** Runs git on the store, with a private index and a folder as its tree where given. */
  text(args: readonly string[], on?: StoreCall): Promise<string>;
  catFile(args: readonly string[], input: string): Promise<Buffer>;
  /** Path of a private index. */
  index(name: string): string;
  /** Path of a fresh file or folder that is the caller's to remove. */
  draft(): Promise<string>;
  /** Rules by which files are left out of snapshots, in the syntax of `.gitignore`. */
  setExcludes(rules: string): Promise<void>;
}
export interface StoreCall {
  /** Folder whose files are meant. */
  readonly tree?: string;
  readonly index?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const windows = process.platform === 'win32';
const mac = process.platform === 'darwin';

/** No conversion, no helper, no hook, no network, no clean-up behind our back; what is written is synced. */
const CONFIG = `[core]
	repositoryformatversion = 0
	bare = false
	filemode = ${!windows}
	symlinks = ${!windows}
	ignorecase = ${windows || mac}
	precomposeunicode = ${mac}
	longpaths = true
	autocrlf = false
	safecrlf = false
	quotepath = false
	fsmonitor = false
	untrackedCache = false
	splitIndex = false
	hooksPath = hooks-off
	attributesFile = attributes-off
	excludesFile = excludes-off
	protectNTFS = ${windows}
	protectHFS = ${mac}
	compression = 1
	logAllRefUpdates = false
	fsync = committed,reference
	fsyncMethod = batch
[gc]
	auto = 0
[maintenance]
	auto = false
[protocol]
	allow = never
[submodule]
	recurse = false
[advice]
	addEmbeddedRepo = false
`;

/** Stands above every .gitattributes of a project. */
const ATTRIBUTES = '* -text !eol -ident -filter !working-tree-encoding !diff !merge -export-subst\n';

/** Opens the store of a workspace, made when it is not there. Errors: `storage.full`, `storage.failed`. */
export async function openStore(storage: string, workspace: string, binary?: string): Promise<PrivateStore> {
  const real = await fs.realpath(workspace).catch(() => workspace);
  const dir = join(storage, 'store', `${createHash('sha256').update(real).digest('hex').slice(0, 16)}.git`);
  await stored('The private store could not be made', () => prepare(dir));
  return storeIn(storage, dir, binary);
}

/** A store that is there, by its folder. */
export function storeIn(storage: string, dir: string, binary?: string): PrivateStore {
  return storeAt(dir, join(storage, 'tmp'), createGit(binary));
}

async function prepare(dir: string): Promise<void> {
  await makeFolder(dirname(dir));
  for (const folder of ['objects/pack', 'refs', 'info', 'indexes'])
    await fs.mkdir(join(dir, folder), { recursive: true });
  const files = { config: CONFIG, 'info/attributes': ATTRIBUTES, empty: '', HEAD: 'ref: refs/heads/none\n' };
  for (const [name, text] of Object.entries(files)) {
    if ((await readIfThere(join(dir, name))) !== text)
      await createWhole(dirname(join(dir, name)), basename(name), text);
  }
}

function storeAt(dir: string, tmp: string, git: Git): PrivateStore {
  const env = ({ tree, index, env: more }: StoreCall) => ({
    GIT_DIR: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: join(dir, 'empty'),
    GIT_ATTR_NOSYSTEM: '1',
    ...(tree !== undefined && { GIT_WORK_TREE: tree }),
    ...(index !== undefined && { GIT_INDEX_FILE: index }),
    ...more,
  });
  const input = (text: string | undefined) => (text === undefined ? {} : { input: text });
  return {
    dir,
    text: (args, on = {}) =>
      despiteLocks(dir, () => git.text(args, { cwd: on.tree ?? dir, env: env(on), ...input(on.input) })),
    catFile: (args, text) => git.catFile(args, { cwd: dir, env: env({}), input: text }),
    index: (name) => join(dir, 'indexes', name),
    draft: async () => {
      await fs.mkdir(tmp, { recursive: true });
      return draftIn(tmp);
    },
    setExcludes: async (rules) => {
      const folder = join(dir, 'info');
      if ((await readIfThere(join(folder, 'exclude'))) !== rules) await createWhole(folder, 'exclude', rules);
    },
  };
}
