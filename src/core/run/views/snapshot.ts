/** What a list shows of a run, kept beside its journal: a mere cache, believed only while the journal ends where and as it did. */
import * as z from 'zod';
import { RunMode } from '../../../protocol/settings.ts';
import type { RunView } from '../../../protocol/view.ts';
import type { Hasher } from '../../ports.ts';
import { canonicalJson } from '../journal/canonical.ts';
import type { JournalReader, JournalSource } from '../journal/reader.ts';

const Entry = z.object({
  id: z.string(),
  goal: z.string(),
  mode: RunMode,
  demo: z.boolean(),
  status: z.enum([
    'planning',
    'waiting',
    'working',
    'reviewing',
    'paused',
    'finished',
    'failed',
    'unreadable',
  ]),
  startedAt: z.number(),
  updatedAt: z.number(),
  /** Paused or finished by its own words: what it says holds whether or not somebody owns it. */
  settled: z.boolean(),
  engine: z.string().optional(),
});

/** Lengths are in bytes: of the lines that are part of it, and of the journal with its torn tail. */
const Listing = z.object({
  entry: Entry,
  bytes: z.number(),
  size: z.number(),
  seq: z.number(),
  sum: z.string(),
});
export type Listing = z.infer<typeof Listing>;
const Snapshot = z.object({ v: z.literal(1), listing: Listing, check: z.string() });

export function listingOf(view: RunView, place: ReturnType<JournalReader['place']>): Listing {
  const { id, goal, mode, demo, status, startedAt, updatedAt, engine } = view;
  const settled = view.finished !== undefined || view.paused !== undefined;
  const { bytes, torn, end } = place;
  const entry = { id, goal, mode, demo, status, startedAt, updatedAt, settled, ...(engine && { engine }) };
  return { entry, bytes, size: bytes + torn, seq: end.seq, sum: end.sum };
}

/** The file's text. */
export function snapshotOf(listing: Listing, hasher: Hasher): string {
  return JSON.stringify({ v: 1, listing, check: hasher.sha256(canonicalJson(listing)) });
}

/** The listing in a file's text; undefined where it was altered or is of another version. */
export function readSnapshot(text: string, hasher: Hasher): Listing | undefined {
  const snapshot = Snapshot.safeParse(parsed(text));
  if (!snapshot.success) return undefined;
  const { listing, check } = snapshot.data;
  return hasher.sha256(canonicalJson(listing)) === check ? listing : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the journal still ends with the listing's last line. */
export async function isCurrent({ bytes, size, sum }: Listing, source: JournalSource): Promise<boolean> {
  const end = `"sum":"${sum}"}\n`;
  const part = await source.tail(Math.max(0, bytes - end.length));
  return part.size === size && part.lines === end;
}
