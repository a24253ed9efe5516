/** Cassettes as files: one line an exchange. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import {
  CASSETTE_HEADER,
  createCassetteModel,
  parseCassette,
  recorded,
  type Cassette,
} from '../../core/models/cassette.ts';
import type { Models } from '../../core/models/contract.ts';
import { PortError, type Hasher, type Ids, type Log } from '../../core/ports.ts';
import { nodeHasher } from '../hasher.ts';
import { createNodeIds } from '../ids.ts';

/** Begins a new cassette. Errors: `cassette.file` where one is there or cannot be made. */
export async function beginCassette(file: string): Promise<void> {
  await fs.writeFile(file, CASSETTE_HEADER, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const why = isThere ? 'it is there already' : String(error);
    throw new PortError('cassette.file', `The cassette ${file} cannot be written: ${why}.`, {
      advice: isThere
        ? 'Name a new file; a recording never overwrites.'
        : 'Look at the folder and its rights.',
    });
  });
}

/** Errors: `cassette.file`, `cassette.invalid`. */
export async function readCassette(file: string): Promise<Cassette> {
  const text = await fs.readFile(file, 'utf8').catch((error: unknown) => {
    throw new PortError('cassette.file', `The cassette ${file} cannot be read: ${String(error)}.`);
  });
  return parseCassette(text, file);
}

interface Recording {
  readonly hasher: Hasher;
  readonly log: Log;
  /** Where to record at the moment: a cassette that was begun; `undefined`: nowhere. */
  readonly file: () => Promise<string | undefined>;
  readonly isOn?: () => boolean;
}

/** The same models, recorded where `file` says. What cannot be written is told once and never stops a run. */
export function recordedInto(models: Models, { hasher, log, file, isOn }: Recording): Models {
  let last: Promise<void> = Promise.resolve();
  let told = false;
  const append = async (line: string): Promise<void> => {
    const path = await file();
    if (path !== undefined) await fs.appendFile(path, line);
  };
  const write = (line: string): Promise<void> => {
    last = last
      .then(() => append(line))
      .catch((error: unknown) => {
        if (!told) log.error(`What models say is not recorded: ${String(error)}`);
        told = true;
      });
    return last;
  };
  return recorded(models, { write, hasher, ...(isOn && { isOn }) });
}

/** A cassette in a folder: begun when first asked for, a new one for each folder. `undefined` while no folder is named. */
function cassetteIn(folder: () => string | undefined, ids: Ids): () => Promise<string | undefined> {
  const begun = new Map<string, Promise<string>>();
  const begin = async (path: string): Promise<string> => {
    await fs.mkdir(path, { recursive: true });
    const file = join(path, `${ids.next('models')}.jsonl`);
    await beginCassette(file);
    return file;
  };
  return async () => {
    const path = folder();
    if (path === undefined) return undefined;
    const file = begun.get(path) ?? begin(path);
    begun.set(path, file);
    return await file;
  };
}

interface CassetteUse {
  readonly log: Log;
  /** Where to record at the moment; `undefined`: nowhere. */
  readonly folder: () => string | undefined;
}

/** Models among which recordings can be played, and which are recorded while a folder is named. */
export function withCassettes({ log, folder }: CassetteUse, make: (cassette: Models) => Models): Models {
  const hasher = nodeHasher;
  const models = make(createCassetteModel(readCassette, hasher));
  const isOn = (): boolean => folder() !== undefined;
  return recordedInto(models, { hasher, log, isOn, file: cassetteIn(folder, createNodeIds()) });
}
