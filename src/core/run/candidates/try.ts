/**
 * Best of several: a unit is given to more than one coder, each in a working copy of its own and gated there. Tests, review and the size
 * of the diff decide, or the person does; whoever is chosen goes on to the merge, and the next best where that fails.
 */
import { QuestionAnswer } from '../../../protocol/answers.ts';
import type { CandidateScore, Variant } from '../../../protocol/candidates.ts';
import type { TaskStateName } from '../../../protocol/events.ts';
import type { Attempt, AttemptEnd, Candidate, Choosable, Work } from '../attempt.ts';
import { changedFiles } from '../merge/differences.ts';
import { estimateEach } from '../plan/estimates.ts';
import type { Unit } from '../plan/graph.ts';
import { authorOf } from '../perform.ts';
import { createPlace, type CopyPlace } from '../place.ts';
import { beginProof, goOn, passMerge, tryOut, type Passage, type Proving } from '../prove.ts';
import { scopeOf } from '../plan/scopes.ts';
import { candidatesOf, roomFor, variantsFor, type Need } from './how-many.ts';
import { ranked, whyFirst } from './rank.ts';

/** One attempt at a unit, before it has a place. */
export interface Trying {
  readonly work: Work;
  readonly unit: Unit;
  readonly number: number;
  readonly former: string | undefined;
  readonly tell: Attempt['tell'];
}

export async function tryCandidates(trying: Trying): Promise<AttemptEnd> {
  const { work, unit } = trying;
  trying.tell('working');
  const start = work.integration.tree();
  const candidates = await candidatesFor(trying);
  const places = candidates.map((candidate) => placeOf(trying, candidate, start));
  const tried = await inTurn(candidates, work.run.settings.limits.concurrency, (candidate, at) =>
    tryOne({ ...trying, candidate, place: places[at] as CopyPlace }, start),
  );
  const ready = tried.filter((each) => each.kind === 'ready');
  const end = await takeBest(trying, ready, whyNone(tried));
  for (const [at, candidate] of candidates.entries())
    await places[at]?.dispose(`task/${unit.id}/attempt/${trying.number}/cand/${candidate.number}/discard`);
  return end;
}

/** As many of those wanted as the budget has room for. What is left of it changes with what others spend, so it is found out in a step. */
export async function countFor(
  { work, unit, number }: Trying,
  { wanted, role }: { readonly wanted: number; readonly role: string },
): Promise<number> {
  const { run } = work;
  const { count } = await run.steps.step<{ count: number }>(
    `task/${unit.id}/attempt/${number}/candidates`,
    { kind: 'choice', title: `See how many may work on ${unit.id}`, input: { wanted } },
    () => Promise.resolve({ count: roomFor(wanted, run.team.purse.left(role), needsOf(work, unit)) }),
  );
  return count;
}

async function candidatesFor(trying: Trying): Promise<readonly Candidate[]> {
  const { work, unit } = trying;
  const { run } = work;
  const wanted = candidatesOf(run, unit);
  const role = unit.tasks.findLast((task) => run.roles.writes(task.role))?.role ?? 'coder';
  const count = await countFor(trying, { wanted, role });
  for (let missing = count + 1; missing <= wanted; missing++)
    changed(trying, missing, { state: 'leftOut', note: 'The budget has no room for it.' });
  return variantsFor(role, count, run).map((variant, at) => ({ number: at + 1, variant }));
}

/** What a candidate of the unit will likely take, and the tasks that are not done. */
function needsOf(
  { run, current: { plan }, results }: Work,
  unit: Unit,
): { readonly each: Need; readonly others: Need } {
  const ids = new Set(unit.tasks.map((task) => task.id));
  const open = plan.tasks.filter((task) => !ids.has(task.id) && !results.has(task.id));
  return { each: estimateEach(run, unit.tasks), others: estimateEach(run, open) };
}

function placeOf({ work, unit, number }: Trying, candidate: Candidate, tree: string): CopyPlace {
  const id = `${unit.id}-${number}-cand-${candidate.number}`;
  return createPlace(work.run, {
    id,
    base: work.base,
    tree,
    scope: unit.tasks.flatMap((task) => scopeOf(task, work.run.roles)),
  });
}

/** All of them, so many at once. */
export async function inTurn<T, R>(
  all: readonly T[],
  atOnce: number,
  run: (one: T, at: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const runNext = async (): Promise<void> => {
    for (let at = next++; at < all.length; at = next++) results.set(at, await run(all[at] as T, at));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, runNext));
  return all.map((_, at) => results.get(at) as R);
}

interface Changed {
  readonly state: 'working' | 'testing' | 'reviewing' | 'ready' | 'failed' | 'leftOut';
  readonly note?: string | undefined;
  readonly variant?: Variant;
  readonly score?: CandidateScore;
}

/** Told once a candidate and state that it comes to; how often is part of the key. */
function changed({ work, unit, number }: Trying, candidate: number, to: Changed, told = 0): void {
  const { state, note, variant, score } = to;
  work.run.steps.record({
    type: 'candidate.changed',
    key: `${unit.id}/${number}/${candidate}/${told}`,
    data: {
      ...{ task: unit.id, attempt: number, candidate, state, ...variant },
      ...(note !== undefined && { note }),
      ...(score && { score }),
    },
  });
}

interface Failed {
  readonly kind: 'failed';
  readonly candidate: number;
  readonly why: string;
}
interface Ready {
  readonly kind: 'ready';
  readonly candidate: number;
  readonly proving: Proving;
  /** What its review asks for, if it does. */
  readonly passage: Passage;
  readonly score: CandidateScore;
  readonly start: string;
}
type Tried = Failed | Ready;

interface TryingOne extends Trying {
  readonly candidate: Candidate;
  readonly place: CopyPlace;
}

async function tryOne({ former, ...one }: TryingOne, start: string): Promise<Tried> {
  const { candidate, work } = one;
  let told = 0;
  const tell = (to: Changed): void => {
    told += 1;
    changed({ former, ...one }, candidate.number, { variant: candidate.variant, ...to }, told);
  };
  const failed = (why: string): Failed => {
    tell({ state: 'failed', note: why });
    return { kind: 'failed', candidate: candidate.number, why };
  };
  const attempt: Attempt = {
    ...one,
    // What it says counts once it is chosen.
    work: { ...work, results: new Map(work.results) },
    tell: (state, note) => {
      if (isToldOf(state)) tell({ state, note });
    },
  };
  attempt.tell('working');
  const authored = await authorOf(attempt, former);
  if (authored.kind === 'failed') return failed(authored.why);
  if (!authored.author) return failed('No task of it writes.');
  const proving = beginProof(attempt, start, authored.author);
  const passage = await tryOut(proving);
  if (passage.kind === 'failed') return failed(passage.why);
  const score = await scoreOf(proving, start);
  tell({ state: 'ready', score });
  return { kind: 'ready', candidate: candidate.number, proving, passage, score, start };
}

const isToldOf = (state: TaskStateName): state is 'working' | 'testing' | 'reviewing' =>
  state === 'working' || state === 'testing' || state === 'reviewing';

async function scoreOf(proving: Proving, start: string): Promise<CandidateScore> {
  const { attempt, gate, review, key } = proving;
  const tree = attempt.place.tree();
  const files = await changedFiles(attempt.work.run, `${key}/size`, { from: start, to: tree });
  const sum = (of: 'additions' | 'deletions'): number => files.reduce((all, file) => all + file[of], 0);
  return {
    verdict: gate?.verdict ?? 'notProved',
    passed: gate?.totals.passed ?? 0,
    failed: gate?.totals.failed ?? 0,
    newlyPassing: gate?.newlyPassing.length ?? 0,
    stillFailing: gate?.stillFailing.length ?? 0,
    files: files.length,
    additions: sum('additions'),
    deletions: sum('deletions'),
    review: review?.verdict ?? 'none',
    remarks: review?.comments.filter(({ severity }) => severity !== 'praise').length ?? 0,
    tree,
  };
}

function whyNone(tried: readonly Tried[]): string {
  const whys = tried.flatMap((each) => (each.kind === 'failed' ? [`${each.candidate}: ${each.why}`] : []));
  return `None of ${tried.length} candidates can be taken. ${whys.join(' ')}`;
}

/** The best goes on; where it cannot be integrated, the next. */
async function takeBest(trying: Trying, ready: readonly Ready[], none: string): Promise<AttemptEnd> {
  const order = ranked(ready);
  const wished = await wishOf(trying, order);
  const [first] = order;
  const queue = [...order].sort(
    (one, other) => Number(other.candidate === wished) - Number(one.candidate === wished),
  );
  let end: AttemptEnd = { kind: 'failed', why: none };
  for (const [at, each] of queue.entries()) {
    const byPerson = at === 0 && wished !== undefined;
    const rest = order.filter((other) => !queue.slice(0, at).includes(other));
    const why = byPerson ? overruled(each, first) : whyFirst(rest);
    chosen(trying, each, { by: byPerson ? 'person' : 'rule', why, again: at });
    end = await integrate(trying, each, ready);
    if (end.kind === 'done') return end;
  }
  return end;
}

const overruled = (each: Ready, first: Ready | undefined): string =>
  each === first ? 'The rule says the same.' : `The rule says ${first?.candidate ?? 'none'}.`;

function chosen(
  { work, unit, number }: Trying,
  { candidate }: Ready,
  { by, why, again }: { readonly by: 'rule' | 'person'; readonly why: string; readonly again: number },
): void {
  work.run.steps.record({
    type: 'candidate.chosen',
    key: `${unit.id}/${number}/${again}`,
    data: { task: unit.id, attempt: number, candidate, by, why },
  });
}

/** Whom the person wants, where the run is told to ask and there is a choice. */
async function wishOf({ work, unit, number }: Trying, order: readonly Ready[]): Promise<number | undefined> {
  const { settings, steps } = work.run;
  const [first] = order;
  if (settings.bestOf?.choose !== 'ask' || !settings.interactive || !first || order.length < 2)
    return undefined;
  const title = unit.tasks.at(-1)?.title ?? unit.id;
  for (let asked = 1, problem = ''; ; asked++) {
    const value = await steps.signal(`choose/${unit.id}/${number}${asked === 1 ? '' : `/${asked}`}`, {
      kind: 'question',
      title: `${problem}Which candidate goes on with "${title}"?`,
      detail: `The rule says ${first.candidate}. ${whyFirst(order)}`,
      who: { role: 'host', task: unit.id, attempt: number },
      options: order.map(({ candidate }) => `Candidate ${candidate}`),
    });
    const { text } = QuestionAnswer.parse(value);
    const named = Number(/\d+/u.exec(text)?.[0]);
    if (order.some(({ candidate }) => candidate === named)) return named;
    problem = `"${text.slice(0, 40)}" names none that can be taken. `;
  }
}

/** The chosen one goes on as if it had worked alone, from where it stands. */
async function integrate(trying: Trying, each: Ready, ready: readonly Ready[]): Promise<AttemptEnd> {
  const { work, unit, tell } = trying;
  const attempt: Attempt = { ...each.proving.attempt, work, tell };
  for (const [task, said] of each.proving.attempt.work.results) work.results.set(task, said);
  const proving: Proving = { ...each.proving, attempt };
  const end = await goOn(proving, each.passage.kind === 'back' ? each.passage : await passMerge(proving));
  if (end.kind === 'failed') return end;
  work.boards.set(unit.id, {
    attempt: trying.number,
    wanted: proving.wanted,
    choices: ready.map(choosable),
    taken: { candidate: each.candidate, start: proving.start, tree: attempt.place.tree() },
  });
  return end;
}

const choosable = ({ candidate, proving, score, start }: Ready): Choosable => ({
  candidate,
  start,
  tree: score.tree,
  score,
  results: proving.attempt.work.results,
  gate: proving.gate,
});
