/** What goes with the goal that is being written, on disk: a window that is loaded anew has it again. */
import * as z from 'zod';
import type { KeptText } from '../../core/ports.ts';
import { GoalFiles } from '../../protocol/attached.ts';
import { GoalImages } from '../../protocol/images.ts';

export interface Given {
  readonly images: readonly z.infer<typeof GoalImages>[number][];
  readonly files: readonly z.infer<typeof GoalFiles>[number][];
}

export const NOTHING: Given = { images: [], files: [] };

export interface Kept extends Given {
  /** Names of files that were given and are not kept. */
  readonly left: readonly string[];
}

export interface GivenStore {
  /** Nothing where what was kept is gone or broken. */
  read(): Promise<Kept>;
  /** Writes are made one after the other; of those that wait only the latest. */
  write(given: Given): Promise<void>;
}

/** Most windows on one folder whose gifts are kept; of more the latest. */
const WINDOWS_MAX = 4;

/** More than all that the goals of so many windows may have, as base64 in JSON. */
const BYTES_MAX = WINDOWS_MAX * 24_000_000;

/** What goes with the goal of one window. */
const Entry = z.object({
  /** Another one after each time that the window is loaded. */
  window: z.string(),
  images: GoalImages,
  files: GoalFiles,
  left: z.array(z.string()),
});
type Entry = z.infer<typeof Entry>;

const Stored = z.object({ version: z.literal(2), windows: z.array(Entry).max(WINDOWS_MAX) });

/**
 * Windows on one folder share the place. A window that is loaded anew cannot tell what it put there from what others did: it takes all, and
 * from then on removes what it read there and what it wrote, but nothing that another one has put there since.
 * `isSecret`: keys are kept under such a name. What such a file holds is not written anywhere before the person has said that it may be told.
 */
export function createGivenStore(place: KeptText, isSecret: (name: string) => Promise<boolean>): GivenStore {
  const window = crypto.randomUUID();
  let next: Given | undefined;
  /** Entries of others as they were read, to be replaced by this window's. */
  let taken: ReadonlySet<string> = new Set();
  let writing: Promise<void> = Promise.resolve();
  const entries = async () => Stored.safeParse(parsed(await place.read(BYTES_MAX))).data?.windows ?? [];
  const entryOf = async ({ images, files }: Given): Promise<Entry> => {
    const secret = await Promise.all(files.map(({ name }) => isSecret(name)));
    return {
      window,
      images: [...images],
      files: files.filter((_, at) => !secret[at]),
      left: files.filter((_, at) => secret[at]).map(({ name }) => name),
    };
  };
  const writeNext = async (): Promise<void> => {
    if (next === undefined) return;
    const given = next;
    next = undefined;
    const before = await entries();
    const others = before.filter((each) => each.window !== window && !taken.has(JSON.stringify(each)));
    const own = given.images.length + given.files.length === 0 ? [] : [await entryOf(given)];
    const windows = [...others, ...own].slice(-WINDOWS_MAX);
    if (windows.length > 0)
      await place.write(JSON.stringify({ version: 2, windows } satisfies z.infer<typeof Stored>));
    else if (before.length > 0) await place.remove();
    taken = new Set();
  };
  return {
    async read() {
      const found = fitting(await entries());
      taken = new Set(found.map((each) => JSON.stringify(each)));
      return together(found);
    },
    async write(given) {
      next = given;
      await (writing = writing.catch(() => undefined).then(writeNext));
    },
  };
}

const distinct = <T>(all: readonly T[]): readonly T[] => [
  ...new Map(all.map((each) => [JSON.stringify(each), each])).values(),
];

const together = (entries: readonly Entry[]): Kept => ({
  images: distinct(entries.flatMap(({ images }) => images)),
  files: distinct(entries.flatMap(({ files }) => files)),
  left: distinct(entries.flatMap(({ left }) => left)),
});

/** As many of them as one goal may have, the latest first. The others stay where they are. */
function fitting(entries: readonly Entry[]): readonly Entry[] {
  return entries.reduceRight<readonly Entry[]>((found, entry) => {
    const { images, files } = together([entry, ...found]);
    const fits = GoalImages.safeParse(images).success && GoalFiles.safeParse(files).success;
    return fits ? [entry, ...found] : found;
  }, []);
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
