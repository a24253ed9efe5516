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

/** More than all that a goal may have, as base64 in JSON. */
const BYTES_MAX = 24_000_000;

const Stored = z.object({
  version: z.literal(1),
  images: GoalImages,
  files: GoalFiles,
  left: z.array(z.string()),
});

/** `isSecret`: keys are kept under such a name. What such a file holds is not written anywhere before the person has said that it may be told. */
export function createGivenStore(place: KeptText, isSecret: (name: string) => Promise<boolean>): GivenStore {
  let next: Given | undefined;
  /** As this window read or wrote it last. Windows on one folder share the place: what another put there since is not this one's to remove. */
  let own: string | undefined;
  let writing: Promise<void> = Promise.resolve();
  const writeNext = async (): Promise<void> => {
    if (next === undefined) return;
    const { images, files } = next;
    next = undefined;
    if (images.length + files.length === 0) {
      if (own !== undefined && (await place.read(BYTES_MAX)) === own) await place.remove();
      return;
    }
    const secret = await Promise.all(files.map(({ name }) => isSecret(name)));
    const stored: z.infer<typeof Stored> = {
      version: 1,
      images: [...images],
      files: files.filter((_, at) => !secret[at]),
      left: files.filter((_, at) => secret[at]).map(({ name }) => name),
    };
    const text = JSON.stringify(stored);
    await place.write(text);
    own = text;
  };
  return {
    async read() {
      const text = await place.read(BYTES_MAX);
      own = text;
      const { images, files, left } = Stored.safeParse(parsed(text)).data ?? { ...NOTHING, left: [] };
      return { images, files, left };
    },
    async write(given) {
      next = given;
      await (writing = writing.catch(() => undefined).then(writeNext));
    },
  };
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
