/**
 * Child processes that may outlive this one, were it killed: each is noted in storage while it lives, so that the next process finds
 * and ends what is left of them before it goes on with their run.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../core/ports.ts';
import { endGroupOf } from './process-group.ts';
import { lives, nameOf, thisProcess } from './processes.ts';
import { errorCode, readIfThere } from './storage.ts';

export interface Children {
  /** Notes the group of a process that was just started. The call returned takes the note back. */
  note(pid: number): () => void;
  /** Ends the groups of processes that died without ending them. */
  endLeftOver(): Promise<void>;
}

const Process = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  started: z.string().optional(),
});
/** `child` leads a group of its own; `owner` started it. */
const Note = z.object({ child: Process, owner: Process });

/** `folder` holds the notes; made when it is needed. */
export function createChildren(folder: string, log: Log): Children {
  const own = thisProcess();
  return {
    note(pid) {
      const path = join(folder, `${own.pid}-${pid}.json`);
      try {
        // Without a turn of the loop between: a kill must not come before the note.
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, JSON.stringify({ child: nameOf(pid), owner: own }));
      } catch (error) {
        log.warn(`The process ${pid} could not be noted: ${String(error)}`);
      }
      return () => {
        rmSync(path, { force: true });
      };
    },
    async endLeftOver() {
      const names = await fs.readdir(folder).catch(() => []);
      await Promise.all(names.map((name) => endNoted(join(folder, name), log)));
    },
  };
}

async function endNoted(path: string, log: Log): Promise<void> {
  const note = parse(await readIfThere(path));
  // Nobody but its owner may end the child of a process that lives, or may live elsewhere.
  if (note && lives(note.owner) !== 'no') return;
  if (note && isLeft(note.child)) {
    log.info(`Ending process group ${note.child.pid}, which a killed process left.`);
    await endGroupOf(note.child.pid);
  }
  await fs.rm(path, { force: true });
}

function parse(text: string | undefined): z.infer<typeof Note> | undefined {
  try {
    return Note.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** The id of a group is not given away while the group has members: a leader that is gone may have left some. */
function isLeft(child: z.infer<typeof Process>): boolean {
  const leader = lives(child);
  if (leader !== 'no') return leader === 'yes';
  try {
    process.kill(child.pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}
