/** Replays a run of a store: the whole story, offline. */
import type { JournalLine } from '../../../protocol/events.ts';
import { PortError, type Clock, type Hasher, type RunStore } from '../../ports.ts';
import type { EnginePorts, ReplayReport } from '../contract.ts';
import { ENGINE_VERSION } from '../journal/engine-version.ts';
import { makeRun } from '../make-run.ts';
import { orchestrate } from '../orchestrate.ts';
import { pastOf } from '../journal/past.ts';
import { readJournal, storedJournal } from '../journal/reader.ts';
import { replay } from '../journal/replay.ts';
import { inLife, lastEngine, presentLife } from '../journal/upgrade.ts';

export interface ReplayPorts {
  readonly store: Pick<RunStore, 'tail' | 'readBlob'>;
  readonly hasher: Hasher;
  readonly clock: Pick<Clock, 'settle'>;
}

export interface ReplayHow {
  /** Is told what each step is given whose input is as recorded. */
  readonly given?: (key: string, input: unknown) => void;
  /** Ends the replay, which then rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Errors: `run.missing`, `journal.damaged`, `replay.version`. */
export async function replayRun(
  { store, hasher, clock }: ReplayPorts,
  runId: string,
  how: ReplayHow = {},
): Promise<ReplayReport> {
  const { lines } = await readJournal(storedJournal(store, runId), hasher);
  const present = presentLife(lines);
  refuseOtherEngine(lines);
  const ports = { ...NO_WORLD, hasher };
  const past = pastOf(present.lines);
  return replay(
    (steps) => {
      const own = inLife(steps, present.inherited?.life);
      return orchestrate(
        makeRun({ lines, past, resumed: undefined, steps: own, ports, onText: () => undefined }),
        present.inherited,
      );
    },
    {
      lines: present.lines,
      readBlob: (sha256) => store.readBlob(runId, sha256),
      clock,
      hasher,
      ...how,
      redacted: lines.some((line) => line.type === 'run.started' && line.data.redacted !== undefined),
    },
  );
}

function refuseOtherEngine(lines: readonly JournalLine[]): void {
  const engine = lastEngine(lines);
  if (engine === ENGINE_VERSION) return;
  throw new PortError(
    'replay.version',
    `The run was written by engine ${engine}; this is ${ENGINE_VERSION}.`,
    {
      advice: 'Replay it with the version that wrote it. What it did stays readable.',
    },
  );
}

/** Whatever reaches for the world in a replay does so outside a step, which is a fault (I1). */
function absent(name: string): never {
  throw new PortError('replay.world', `The story reached for "${name}" outside a step.`);
}

const NOTHING = new Proxy({}, { get: (_target, name) => absent(String(name)) });

const NO_WORLD = {
  clock: NOTHING,
  ids: NOTHING,
  log: NOTHING,
  store: NOTHING,
  workspace: NOTHING,
  copies: NOTHING,
  files: NOTHING,
  search: NOTHING,
  shell: NOTHING,
  permissions: NOTHING,
  models: NOTHING,
} as Omit<EnginePorts, 'hasher'>;
