/** What the test runs of a run told, test by test, found again in its record: views hold only what fails. */
import * as z from 'zod';
import type { EventData, JournalLine } from '../../../protocol/events.ts';
import { PortError, type Hasher, type RunStore } from '../../ports.ts';
import { createJournalReader, storedJournal, type JournalSource } from '../journal/reader.ts';

const Told = z.object({
  label: z.string(),
  output: z.string(),
  end: z.string(),
  report: z.object({
    status: z.enum(['complete', 'truncated', 'none']),
    tests: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        file: z.string().optional(),
        /** One-based; for a failed test the line that failed. */
        line: z.number().optional(),
        status: z.enum(['passed', 'failed', 'skipped']),
        message: z.string().optional(),
        expected: z.string().optional(),
        actual: z.string().optional(),
        durationMs: z.number().optional(),
      }),
    ),
    errors: z.array(
      z.object({ message: z.string(), file: z.string().optional(), line: z.number().optional() }),
    ),
  }),
});

/** One test run. */
export type ToldRun = z.infer<typeof Told>;
export type ToldTest = ToldRun['report']['tests'][number];

/** A gate with all that its test run told; `run` is absent where that cannot be read. */
export interface ToldGate {
  /** The line of the journal that told the verdict. */
  readonly seq: number;
  readonly at: number;
  readonly gate: EventData<'gate.finished'>;
  readonly run?: ToldRun;
}

type Finished = JournalLine & { type: 'step.finished' };

/** The gates of a run in their order, those after the line `since`. Errors: as `readJournal`. */
export async function toldGates(
  ports: { readonly store: RunStore; readonly hasher: Hasher },
  runId: string,
  since = 0,
): Promise<readonly ToldGate[]> {
  const journal = storedJournal(ports.store, runId);
  const suites = new Set<string>();
  const ended = new Map<string, Finished>();
  const gates: { readonly line: JournalLine & { type: 'gate.finished' }; readonly end?: Finished }[] = [];
  const whole = await createJournalReader(journal, ports.hasher).catchUp((line) => {
    const { key = '' } = line;
    if (line.type === 'step.started' && line.data.kind === 'tests' && isWhole(key)) suites.add(key);
    if (line.type === 'step.finished' && suites.has(key)) {
      // The latest is the last of the map.
      ended.delete(key);
      ended.set(key, line);
    }
    if (line.type !== 'gate.finished' || line.seq <= since) return;
    const end = [...ended].findLast(([key]) => belongs(key, line.data))?.[1];
    gates.push({ line, ...(end && { end }) });
  });
  if (!whole) throw new PortError('journal.damaged', 'The journal was cut while it was read.');
  return Promise.all(
    gates.map(async ({ line: { seq, at, data: gate }, end }) => {
      const run = end && (await outputOf(journal, end));
      return { seq, at, gate, ...(run && { run }) };
    }),
  );
}

/** A part, a repetition, the base's once more, checks, the new tests on the base, broken code and the run for coverage are no results of the change. */
const isWhole = (key: string): boolean =>
  !/\/(again|part|check|proof|probe|coverage)(\/|$)|\/gate(\/\d+)?\/base\//.test(key);

function belongs(key: string, { scope, task, candidate }: EventData<'gate.finished'>): boolean {
  const own =
    candidate === undefined || key.includes(`/cand/${candidate}/`) || key.includes(`.${candidate}.`);
  if (scope === 'task') return own && key.startsWith(`task/${task ?? ''}/`);
  if (scope === 'accepted') return /^(handover|apply)\//.test(key);
  if (scope === 'baseline') return key.startsWith('gate/base');
  // A run of the tests alone has its results from the base.
  return key.startsWith('integrate/') || key.startsWith('gate/base');
}

async function outputOf(journal: JournalSource, { data }: Finished): Promise<ToldRun | undefined> {
  const output: unknown =
    data.blob === undefined ? data.output : JSON.parse(await journal.readBlob(data.blob));
  const read = Told.safeParse(output);
  return read.success ? read.data : undefined;
}
