/** A run as one file, for bug reports and tests: its lines and blobs, with what looks like a secret taken out. */
import * as z from 'zod';
import type { JournalLine, RunEvent } from '../../../protocol/events.ts';
import { createRedactor, redactAll } from '../../policy/redact.ts';
import { PortError, type Hasher } from '../../ports.ts';
import { CHAIN_START, decodeJournal, encodeLine, endAfter, type EncodedLine } from '../journal/codec.ts';
import type { EnginePorts } from '../contract.ts';
import { fill, readWhatCanBe, storedJournal } from '../journal/reader.ts';
import { outputBlobsIn } from '../journal/verify.ts';

/** The file: `lines` are whole journal lines with a chain of their own; `blobs` by the SHA-256 of their text. */
const Bundle = z.object({
  format: z.literal('quartet-run'),
  version: z.literal(1),
  lines: z.array(z.string()).min(1),
  blobs: z.record(z.string(), z.string()),
});

type BundlePorts = Pick<EnginePorts, 'store' | 'hasher'>;

/**
 * Text of the file: of a damaged run, with what comes before the damage. Redaction changes texts, so lines and blobs get new sums; what
 * they say stays. The signal ends it. Errors: as `readWhatCanBe`.
 */
export async function exportRun(
  { store, hasher }: BundlePorts,
  runId: string,
  signal?: AbortSignal,
): Promise<string> {
  const lines = await readWhatCanBe(storedJournal(store, runId), hasher);
  const redactor = createRedactor();
  const names = new Map<string, string>();
  const blobs: Record<string, string> = {};
  let pictures = picturesIn(lines);
  for (const name of outputBlobsIn(lines)) {
    signal?.throwIfAborted();
    const output: unknown = JSON.parse(await store.readBlob(runId, name));
    if (isPictured(output)) pictures += 1;
    const text = JSON.stringify(redactAll(unpictured(output), redactor));
    names.set(name, hasher.sha256(text));
    blobs[hasher.sha256(text)] = text;
  }
  signal?.throwIfAborted();
  const events = new Map(
    lines.map((line) => [line.seq, redactAll(withoutPictures(renamed(line, names)), redactor)]),
  );
  const taken = redactor.size + pictures;
  const chain = chained(lines, hasher, (line) => markedRedacted(events.get(line.seq) ?? line, taken));
  for (const { blob } of chain) if (blob) blobs[blob.name] = blob.text;
  const texts = chain.map((line) => line.text.trimEnd());
  return `${JSON.stringify({ format: 'quartet-run', version: 1, lines: texts, blobs })}\n`;
}

/** The lines with something changed, as a journal of their own. */
export function chained(
  lines: readonly JournalLine[],
  hasher: Hasher,
  change: (line: JournalLine) => RunEvent,
): readonly EncodedLine[] {
  let end = CHAIN_START;
  return lines.map((line) => {
    const encoded = encodeLine(change(line), line.at, end, hasher);
    end = endAfter(encoded.line);
    return encoded;
  });
}

/** Nobody can take a secret out of a picture: pictures stay at home. */
function withoutPictures(line: RunEvent): RunEvent {
  if (line.type === 'step.finished')
    return { ...line, data: { ...line.data, output: unpictured(line.data.output) } };
  if (line.type !== 'run.started') return line;
  const { images: _images, ...data } = line.data;
  return { ...line, data };
}

function picturesIn(lines: readonly JournalLine[]): number {
  const [first] = lines;
  const own = lines.filter((line) => line.type === 'step.finished' && isPictured(line.data.output)).length;
  return own + (first?.type === 'run.started' ? (first.data.images ?? []).length : 0);
}

/** An output of a call that saw something. */
const isPictured = (output: unknown): output is { readonly picture: unknown } =>
  typeof output === 'object' && output !== null && 'picture' in output;

function unpictured(output: unknown): unknown {
  if (!isPictured(output)) return output;
  const { picture: _picture, ...rest } = output;
  return rest;
}

function renamed(line: JournalLine, names: ReadonlyMap<string, string>): RunEvent {
  if (line.type !== 'step.finished' || line.data.blob === undefined) return line;
  return { ...line, data: { ...line.data, blob: names.get(line.data.blob) ?? line.data.blob } };
}

/** The first line tells that the run is no longer what it was given. */
function markedRedacted(event: RunEvent, redacted: number): RunEvent {
  if (event.type !== 'run.started' || redacted === 0) return event;
  return { ...event, data: { ...event.data, redacted } };
}

/** Adds the run of a file to the store under a name of its own, marked as a stranger's, and returns it. Errors: `bundle.invalid`, those of the store. */
export async function importRun(
  ports: Pick<EnginePorts, 'store' | 'hasher' | 'ids'>,
  text: string,
): Promise<string> {
  const bundle = read(text);
  const { lines } = decodeJournal(bundle.lines.map((line) => `${line}\n`).join(''), ports.hasher);
  if (lines[0]?.type !== 'run.started') throw invalid('it does not begin with the start of a run');
  const blobs = new Map(Object.entries(bundle.blobs));
  for (const [name, blob] of blobs)
    if (ports.hasher.sha256(blob) !== name) throw invalid(`its blob ${name} was altered`);
  for (const line of lines)
    if (line.blob !== undefined) await fill(line, async (name) => blobs.get(name) ?? '');
  const id = ports.ids.next('run');
  const chain = chained(lines, ports.hasher, (line) =>
    line.type === 'run.started' ? { ...line, data: { ...line.data, run: id, imported: true } } : line,
  );
  for (const { blob } of chain) if (blob) blobs.set(blob.name, blob.text);
  const owned = await ports.store.create(id, chain.map((line) => line.text).join(''), blobs);
  await owned.close();
  return id;
}

function read(text: string): z.infer<typeof Bundle> {
  const checked = Bundle.safeParse(parsed(text));
  if (checked.success) return checked.data;
  throw invalid(checked.error.issues[0]?.message ?? 'it does not fit');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
}

function invalid(why: string): PortError {
  return new PortError('bundle.invalid', `This is no run that Quartet exported: ${why}.`);
}
