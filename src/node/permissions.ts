/** What a person allowed for good, in a file beside the runs: outside the workspace, where no agent writes. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { PortError, type Permissions } from '../core/ports.ts';
import { Permission } from '../protocol/policy.ts';
import { createWhole, makeFolder } from './storage.ts';

const FILE = 'permissions.json';
const Kept = z.object({ version: z.literal(1), permissions: z.array(Permission) });

/** Errors: `permissions.damaged` where the file was altered into something else; nothing is allowed by it then. */
export function createNodePermissions(storage: string): Permissions {
  const path = join(storage, FILE);
  let last: Promise<unknown> = Promise.resolve();
  /** One change at a time: each begins with what the one before wrote. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const write = async (permissions: readonly Permission[]): Promise<void> => {
    await makeFolder(storage);
    await createWhole(storage, FILE, `${JSON.stringify({ version: 1, permissions }, undefined, 2)}\n`);
  };
  return {
    list: () => read(path),
    add: (permission) =>
      inTurn(async () => {
        const kept = await read(path);
        if (!kept.some(({ id }) => id === permission.id)) await write([...kept, permission]);
      }),
    remove: (id) =>
      inTurn(async () => {
        const kept = await read(path);
        const rest = kept.filter((each) => each.id !== id);
        if (rest.length < kept.length) await write(rest);
        return rest.length < kept.length;
      }),
  };
}

async function read(path: string): Promise<readonly Permission[]> {
  let text: string;
  try {
    text = await fs.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return Kept.parse(JSON.parse(text)).permissions;
  } catch (cause) {
    throw new PortError('permissions.damaged', `What you allowed for good cannot be read: ${path}`, {
      cause,
      advice: 'Mend the file or delete it; you will be asked again.',
    });
  }
}
