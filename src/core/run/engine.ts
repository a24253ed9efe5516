/** The engine: runs that this process owns. */
import { ANSWERS, type SteerValue } from '../../protocol/answers.ts';
import { ATTACHED_MAX } from '../../protocol/attached-text.ts';
import type { AttachedFile } from '../../protocol/attached.ts';
import type { CarriedOn } from '../../protocol/conversation.ts';
import type { JournalLine, RunEvent } from '../../protocol/events.ts';
import type { Change } from '../../protocol/people.ts';
import type { BudgetLimits } from '../../protocol/settings.ts';
import { isUnread, type MessageView } from '../../protocol/team-view.ts';
import type { RunView } from '../../protocol/view.ts';
import { PortError, type Disposable } from '../ports.ts';
import { canonicalJson } from './journal/canonical.ts';
import { CHAIN_START, encodeLine, LINE_CHARS_MAX } from './journal/codec.ts';
import type {
  Engine,
  EngineOptions,
  EnginePorts,
  LiveRun,
  LiveText,
  ResumeChanges,
  RunRequest,
  RunViews,
} from './contract.ts';
import { launch, type Launched } from './launch.ts';
import { applyLater, undo } from './handover/epilogue.ts';
import { keepAttached } from './attached.ts';
import { carryOn } from './following.ts';
import { forkRun } from './keeping/fork.ts';
import { whyNotChanged, whyNotSaid, type Refusal } from './hearing.ts';
import { keepImages } from './images.ts';
import { playEpilogue } from './handover/play-epilogue.ts';
import { ENGINE_VERSION } from './journal/engine-version.ts';
import { pastOf } from './journal/past.ts';
import { CHANGE } from './journal/questions.ts';
import { readJournal, storedJournal } from './journal/reader.ts';
import { replayRun } from './keeping/replay-run.ts';
import { changedBudget } from './make-run.ts';
import { commitApplied } from './handover/committing.ts';
import { previewCommit } from './handover/commit-preview.ts';
import { previewUndo } from './handover/undo-preview.ts';
import { readable } from './views/unreadable.ts';
import { instructionsForRun } from '../team/instructions.ts';
import { createRunViews } from './views/views.ts';

export function createEngine(ports: EnginePorts, options: EngineOptions): Engine {
  const live = new Map<string, LiveRun>();
  const listeners = new Set<(text: LiveText) => void>();
  const views = createRunViews(ports.store, ports.hasher);

  const keep = (launched: Launched): LiveRun => {
    live.set(launched.id, launched);
    const forget = (): void => void live.delete(launched.id);
    launched.ended.then(forget, forget);
    return launched;
  };
  const onText = (text: LiveText): void => {
    for (const listener of listeners) listener(text);
  };

  return {
    async start(request) {
      const { id, text, blobs } = firstLine(ports, request, await beforeOf(request, { ports, views }));
      const owned = await ports.store.create(id, text, blobs);
      return keep(launch({ ports, options, owned, decoded: await readJournal(owned, ports.hasher), onText }));
    },
    async resume(runId, changes = {}) {
      return live.get(runId) ?? keep(await reopen(runId, changes, { ports, options, onText }));
    },
    live: (runId) => live.get(runId),
    onText(listener): Disposable {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
    async answer(runId, signal, value, from) {
      const view = readable(await views.view(runId));
      const need = view.needs.find((each) => each.signal === signal);
      if (!need)
        throw noQuestion(
          signal,
          view.needs.map((each) => each.signal),
        );
      const checked = ANSWERS[need.ask.kind].safeParse(value);
      if (!checked.success) throw notAnAnswer(signal, checked.error.issues[0]?.message ?? 'it does not fit');
      await ports.store.putSignal(runId, { name: signal, value: checked.data, from });
    },
    async steer(runId, text, to = 'team') {
      refuse(whyNotSaid(await views.view(runId), to));
      await ports.store.putSignal(runId, { name: 'steer', value: { text, to }, from: 'person' });
    },
    async resend(runId, id, to) {
      const value = resendOf(readable(await views.view(runId)), id, to);
      await ports.store.putSignal(runId, { name: 'steer', value, from: 'person' });
    },
    async change(runId, change, from) {
      const view = readable(await views.view(runId));
      refuse(whyNotChanged(view, change));
      await ports.store.putSignal(runId, { name: CHANGE, value: change, from });
    },
    fork: (runId, request) => forkRun(ports, runId, request),
    replay: (runId, signal) => replayRun(ports, runId, signal && { signal }),
    apply: (runId) => playEpilogue({ ports, options }, runId, applyLater),
    undo: (runId) => playEpilogue({ ports, options }, runId, undo),
    previewUndo: (runId) => previewUndo(ports, runId),
    previewCommit: (runId) => previewCommit(ports, runId),
    commit: (runId, request) =>
      playEpilogue({ ports, options }, runId, (lines) => commitApplied(lines, request)),
    async close() {
      await Promise.all([...live.values()].map((run) => run.stop('closed')));
    },
  };
}

/** What a run that follows another has from it. */
interface Before {
  readonly carried: CarriedOn | undefined;
  readonly former: readonly AttachedFile[];
}

/** Errors: `run.missing`, `run.open`. */
async function beforeOf(
  { follows }: RunRequest,
  { ports: { store, hasher }, views }: { readonly ports: EnginePorts; readonly views: RunViews },
): Promise<Before> {
  if (follows === undefined) return { carried: undefined, former: [] };
  const carried = carryOn(await views.view(follows));
  const [first] = (await readJournal(storedJournal(store, follows), hasher)).lines;
  return { carried, former: first?.type === 'run.started' ? (first.data.attached ?? []) : [] };
}

function firstLine(
  ports: EnginePorts,
  request: RunRequest,
  { carried, former }: Before,
): { id: string; text: string; blobs: ReadonlyMap<string, string> } {
  const id = ports.ids.next('run');
  const { goal, mode, settings, demo, follows } = request;
  const images = keepImages(request.images ?? [], ports.hasher);
  const { project } = settings;
  const own = keepAttached(request.files ?? [], { policy: settings.policy, known: ports.knownSecrets });
  const attached = [...former, ...own].slice(-ATTACHED_MAX);
  const data = {
    run: id,
    goal,
    mode,
    settings: project ? { ...settings, project: instructionsForRun(project, ports.knownSecrets) } : settings,
    engine: ENGINE_VERSION,
    workspace: ports.workspace.name,
    demo,
    fence: ports.hasher.sha256(id),
    ...(images.refs.length > 0 && { images: [...images.refs] }),
    ...(attached.length > 0 && { attached }),
    ...(follows !== undefined && { follows }),
    ...(carried && { carried }),
  };
  const event: RunEvent = { type: 'run.started', data };
  const { text, blob } = encodeLine(event, ports.clock.now(), CHAIN_START, ports.hasher);
  if (blob)
    throw new PortError(
      'run.large',
      `The goal and its settings are longer than ${LINE_CHARS_MAX} characters.`,
      {
        advice: 'Put what the team should know into a file of the project and name it in the goal.',
      },
    );
  return { id, text, blobs: images.blobs };
}

type Reopening = Pick<Parameters<typeof launch>[0], 'ports' | 'options' | 'onText'>;

async function reopen(runId: string, changes: ResumeChanges, how: Reopening): Promise<Launched> {
  const owned = await how.ports.store.own(runId);
  try {
    const decoded = await readJournal(owned, how.ports.hasher);
    if (decoded.tornBytes > 0) await owned.truncate(decoded.goodBytes);
    await sayBudget(how.ports, owned.id, { lines: decoded.lines, budget: changes.budget });
    return launch({ ...how, owned, decoded, resumed: changes });
  } catch (error) {
    await owned.close();
    throw error;
  }
}

/** Other limits that only a resume brings are a change as one made while the run works: the story hears of it, and how many work follows. */
async function sayBudget(
  { store }: Pick<EnginePorts, 'store'>,
  run: string,
  { lines, budget }: { readonly lines: readonly JournalLine[]; readonly budget: BudgetLimits | undefined },
): Promise<void> {
  const [first] = lines;
  if (budget === undefined || first?.type !== 'run.started' || pastOf(lines).finished) return;
  const former = changedBudget(lines) ?? first.data.settings.budget;
  if (canonicalJson(former) === canonicalJson(budget)) return;
  const value: Change = { do: 'settings', budget };
  await store.putSignal(run, { name: CHANGE, value, from: 'person' });
}

/** Errors: `message.unknown`, `run.over`. */
function resendOf({ team, agents, finished }: RunView, id: number, to: string | undefined): SteerValue {
  const dead = (team?.messages ?? []).filter(isUnread);
  const message = dead.find((each) => each.id === id);
  if (!message)
    throw new PortError('message.unknown', `No message ${String(id)} lies unread.`, {
      advice: dead.length === 0 ? 'None does.' : `There are: ${dead.map((each) => each.id).join(', ')}.`,
    });
  if (finished)
    throw new PortError('run.over', 'The run has finished: nobody is there to read it.', {
      advice: 'Fork the run, and say it there.',
    });
  const { key, from, text, task, tainted } = message;
  const of = { key, from, ...(task !== undefined && { task }), ...(tainted !== undefined && { tainted }) };
  return { text, to: to ?? againTo(agents, message), resends: of };
}

/** Of several it was for, those that it did not reach, where one name means them all. */
function againTo(agents: RunView['agents'], { to, state, missed = [] }: MessageView): string {
  const names = new Set(
    missed.map(({ agent }) => {
      const { task, role } = agents.find(({ id }) => id === agent) ?? {};
      return task ?? role ?? to;
    }),
  );
  const [only = to, ...others] = names;
  return state === 'dead' || others.length > 0 ? to : only;
}

function refuse(why: Refusal | undefined): void {
  if (why) throw new PortError(why.code, why.message, { advice: why.advice });
}

function noQuestion(signal: string, open: readonly string[]): PortError {
  return new PortError('signal.unknown', `The run does not ask "${signal}".`, {
    advice: open.length === 0 ? 'Nothing is open.' : `Open: ${open.join(', ')}.`,
  });
}

function notAnAnswer(signal: string, why: string): PortError {
  return new PortError('signal.invalid', `This is no answer to "${signal}": ${why}.`);
}
