/** Pictures that calls of a run brought, found again in its record. */
import * as z from 'zod';
import type { JournalLine } from '../../../protocol/events.ts';
import { imageMimeOf } from '../../../protocol/image-bytes.ts';
import { PortError, type Hasher, type RunStore } from '../../ports.ts';
import { createJournalReader, storedJournal } from '../journal/reader.ts';

const Pictured = z.object({ picture: z.object({ base64: z.string() }) });

/**
 * The picture that a call brought, as a `data:` address; `call` is the `seq` of the line that began it, as in the feed. `undefined`:
 * it brought none, or none that is an image. Errors: as `readJournal`.
 */
export async function pictureOf(
  ports: { readonly store: RunStore; readonly hasher: Hasher },
  runId: string,
  call: number,
): Promise<string | undefined> {
  const journal = storedJournal(ports.store, runId);
  const end = await endOf(journal, ports.hasher, call);
  if (!end) return undefined;
  const output: unknown =
    end.data.blob === undefined ? end.data.output : JSON.parse(await journal.readBlob(end.data.blob));
  const read = Pictured.safeParse(output);
  const mime = read.success ? imageMimeOf(read.data.picture.base64) : undefined;
  return mime === undefined || !read.success ? undefined : `data:${mime};base64,${read.data.picture.base64}`;
}

type Finished = JournalLine & { type: 'step.finished' };

/** The line that ended the step that the line `seq` began. */
async function endOf(
  journal: ReturnType<typeof storedJournal>,
  hasher: Hasher,
  seq: number,
): Promise<Finished | undefined> {
  let key: string | undefined;
  let end: Finished | undefined;
  const whole = await createJournalReader(journal, hasher).catchUp((line) => {
    if (line.seq === seq && line.type === 'step.started') key = line.key;
    if (line.type === 'step.finished' && key !== undefined && line.key === key) end ??= line;
  });
  if (!whole) throw new PortError('journal.damaged', 'The journal was cut while it was read.');
  return end;
}
