/** Role files on disk: the person's own folder, and the workspace's `.quartet/agents`. What was approved is kept beside the runs. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { PortError, type Files, type RoleFiles, type RoleText } from '../core/ports.ts';
import { ROLE_CHARS_MAX, WORKSPACE_ROLES } from '../core/team/role-file.ts';
import { createWhole, makeFolder, readIfThere } from './storage.ts';

/** Role files of one folder that are looked at. */
const FILES_MAX = 50;
const APPROVED = 'roles.json';
const Kept = z.object({ version: z.literal(1), approved: z.array(z.string()).max(10_000) });

export interface RoleFilesOptions {
  readonly workspaceRoot: string;
  readonly storage: string;
  readonly files: Pick<Files, 'read' | 'names'>;
  /** False where nobody vouches for the folder: its roles are not there then. */
  readonly isTrusted?: (() => boolean) | undefined;
}

/** The person's own folder of roles, the same for every workspace. */
const personsRoles = (): string => join(homedir(), '.quartet', 'agents');

export function createRoleFiles(options: RoleFilesOptions): RoleFiles {
  const { storage, workspaceRoot } = options;
  return {
    async list() {
      const [own, theirs] = await Promise.all([
        personsTexts(personsRoles()),
        (options.isTrusted?.() ?? true) ? workspaceTexts(options) : [],
      ]);
      return [...own, ...theirs];
    },
    async approve(digest) {
      const approved = await approvedIn(storage);
      if (approved.has(digest)) return;
      await makeFolder(storage);
      const text = JSON.stringify({ version: 1, approved: [...approved, digest] }, undefined, 2);
      await createWhole(storage, APPROVED, `${text}\n`);
    },
    async add(to, name, text) {
      const folder = to === 'person' ? personsRoles() : join(workspaceRoot, WORKSPACE_ROLES);
      const path = join(folder, `${name}.md`);
      if (to === 'workspace') await assertNoLink(workspaceRoot);
      await fs.mkdir(folder, { recursive: true });
      try {
        await fs.writeFile(path, text, { flag: 'wx' });
      } catch (cause) {
        throw new PortError('role.exists', `There is a file ${path} already.`, {
          cause,
          advice: 'Open that file, or choose another name.',
        });
      }
      return path;
    },
  };
}

/** A workspace may bring a link along that leads elsewhere. Errors: `role.link`. */
async function assertNoLink(workspaceRoot: string): Promise<void> {
  let folder = workspaceRoot;
  for (const name of WORKSPACE_ROLES.split('/')) {
    folder = join(folder, name);
    const stat = await fs.lstat(folder).catch(() => undefined);
    if (stat?.isSymbolicLink() === true)
      throw new PortError('role.link', `${folder} is a link, which may lead out of the workspace.`, {
        advice: 'Put a folder in its place, or make the role in your own folder.',
      });
  }
}

const isRole = (name: string): boolean => /\.md$/iu.test(name) && !name.startsWith('.');

/** The role files of a folder that are looked at; and what is said of the others. */
function within(
  names: readonly string[],
  of: { readonly from: RoleText['from']; readonly folder: string },
): { readonly looked: readonly string[]; readonly left: readonly RoleText[] } {
  const found = names.filter(isRole).sort();
  const beyond = found.slice(FILES_MAX);
  const [first] = beyond;
  if (first === undefined) return { looked: found, left: [] };
  const unread = `Of ${of.folder} only the first ${FILES_MAX} role files by name are read; ${beyond.length} are not: ${first}${beyond.length > 1 ? ` to ${beyond.at(-1) ?? ''}` : ''}.`;
  const path = pathIn(of, first);
  return {
    looked: found.slice(0, FILES_MAX),
    left: [{ from: of.from, path, text: '', approved: of.from === 'person', unread }],
  };
}

const OWN_FOLDER = '~/.quartet/agents';
const pathIn = ({ from, folder }: { from: RoleText['from']; folder: string }, name: string): string =>
  from === 'person' ? join(folder, name) : `${folder}/${name}`;

async function personsTexts(folder: string): Promise<readonly RoleText[]> {
  const of = { from: 'person', folder: OWN_FOLDER } as const;
  const { looked, left } = within(await fs.readdir(folder).catch(() => []), of);
  const texts = looked.map(async (name): Promise<readonly RoleText[]> => {
    const text = await fs.readFile(join(folder, name), 'utf8').catch(() => undefined);
    if (text === undefined) return [];
    return [{ from: of.from, path: pathIn(of, name), text: bounded(text), approved: true }];
  });
  return [...(await Promise.all(texts)).flat(), ...left];
}

async function workspaceTexts({
  files,
  workspaceRoot,
  storage,
}: RoleFilesOptions): Promise<readonly RoleText[]> {
  const of = { from: 'workspace', folder: WORKSPACE_ROLES } as const;
  const names = await files.names(workspaceRoot, WORKSPACE_ROLES).catch(() => undefined);
  const { looked, left } = within(names ?? [], of);
  const approved = await approvedIn(storage);
  const texts = looked.map(async (name): Promise<readonly RoleText[]> => {
    const path = pathIn(of, name);
    // A link that leads out of the workspace is not followed.
    const bytes = await files.read(workspaceRoot, path).catch(() => undefined);
    if (bytes === undefined) return [];
    const text = bounded(new TextDecoder().decode(bytes));
    return [{ from: of.from, path, text, approved: approved.has(digestOf(text)) }];
  });
  return [...(await Promise.all(texts)).flat(), ...left];
}

/** One character more than is allowed is enough to say that it is too long. */
const bounded = (text: string): string => text.slice(0, ROLE_CHARS_MAX + 1);

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A file that was altered into something else approves nothing. */
async function approvedIn(storage: string): Promise<ReadonlySet<string>> {
  const text = await readIfThere(join(storage, APPROVED));
  try {
    return new Set(text === undefined ? [] : Kept.parse(JSON.parse(text)).approved);
  } catch {
    return new Set();
  }
}
