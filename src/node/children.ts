/**
 * Child processes that may outlive this one, were it killed: each is noted in storage before it works and as long as it lives, so that
 * the next process finds and ends what is left of them before it goes on with their run. A power cut leaves none, so notes need no sync.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Log } from '../core/ports.ts';
import { endGroupOf, groupHasMark } from './process-group.ts';
import { lives, nameOf, thisProcess } from './processes.ts';
import { readIfThere } from './storage.ts';

export interface Children {
  /** A fresh mark for the environment of a child: what the child leaves behind is known by it. */
  mark(): Record<string, string>;
  /** Notes the group of a process that was just started with `mark`. The call returned takes the note back. */
  note(pid: number, mark: Readonly<Record<string, string>>): () => void;
  /** Ends the groups of processes that died without ending them. */
  endLeftOver(): Promise<void>;
}

const MARK = 'QUARTET_CHILD';
/** A note of another host, whose processes cannot be looked at from here, is dropped after this. */
const ELSEWHERE_MS_MAX = 7 * 24 * 3_600_000;

const Process = z.object({
  pid: z.number().int().positive(),
  host: z.string(),
  started: z.string().optional(),
});
/** `child` leads a group of its own; `owner` started it. */
const Note = z.object({ child: Process, owner: Process, mark: z.string() });
type Note = z.infer<typeof Note>;

/** `folder` holds the notes; made when it is needed. */
export function createChildren(folder: string, log: Log): Children {
  const own = thisProcess();
  return {
    mark: () => ({ [MARK]: randomBytes(12).toString('hex') }),
    note(pid, { [MARK]: mark = '' }) {
      const path = join(folder, `${own.pid}-${pid}.json`);
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, JSON.stringify({ child: nameOf(pid), owner: own, mark } satisfies Note));
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
  if (note && lives(note.owner) !== 'no' && !(await isForgotten(path, note))) return;
  if (note && (await isLeft(note))) {
    log.info(`Ending process group ${note.child.pid}, which a killed process left.`);
    await endGroupOf(note.child.pid);
  }
  await fs.rm(path, { force: true });
}

function parse(text: string | undefined): Note | undefined {
  try {
    return Note.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

async function isForgotten(path: string, { owner }: Note): Promise<boolean> {
  if (owner.host === thisProcess().host) return false;
  const stat = await fs.stat(path).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.mtimeMs > ELSEWHERE_MS_MAX;
}

/** True where the group is the one that was noted: its leader began when it did, or, where that is gone, one of the rest has its mark. */
async function isLeft({ child, mark }: Note): Promise<boolean> {
  const leader = lives(child);
  if (leader !== 'no') return leader === 'yes';
  return groupHasMark(child.pid, `${MARK}=${mark}`);
}
