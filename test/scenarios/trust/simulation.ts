/**
 * A whole run under one seed: its project, its plan, what models and the person do, which calls are late, fail or are the last ones.
 * While processes are disturbed nothing wrong may happen; once they are left alone the run must end.
 */
import { PortError } from '../../../src/core/ports.ts';
import { replayRun } from '../../../src/core/run/keeping/replay-run.ts';
import { storageError } from '../../../src/node/storage.ts';
import type { Call, Meddler } from '../../support/in-memory/life.ts';
import { answerOf, createActors, type Temper } from './actors.ts';
import { ERRNOS } from './faults.ts';
import { randomPlan, type SimulatedPlan } from './plans.ts';
import { randomFor, type Random } from './random.ts';
import { Trial, type Left, type TrialOptions } from './trial.ts';

/** What a seed stands for. */
export interface Options {
  readonly tasks: number;
  readonly concurrency: number;
  /** Processes that are killed or meet faults, before those that are left alone. */
  readonly disturbed: number;
  readonly latenessMax: number;
  readonly whenWaiting: 'stay' | 'pause';
  readonly tokensMax: number | undefined;
  /** The change is applied at the end of the run; otherwise afterwards. */
  readonly apply: boolean;
  /** What was applied is taken back in the end. */
  readonly undo: boolean;
  /** A disk that says it has synced and has not. */
  readonly lies: boolean;
  /** A command that is killed, in one of so many; 0: none. */
  readonly killedOneIn: number;
  readonly temper: Temper;
}

export interface Simulated {
  readonly seed: number;
  readonly options: Options;
  /** What is wrong; none: nothing. */
  readonly faults: readonly string[];
  /** How each process was left. */
  readonly lives: readonly string[];
  readonly outcome: string;
}

/** Processes left alone within which a run must end: each may pause for a model that fails or a budget that is used up. */
const CALM_LIVES = 60;

function optionsOf(random: Random, plan: SimulatedPlan): Options {
  const tokensMax = random.oneIn(5) ? 20_000 + random.int(40_000) : undefined;
  const trouble = (often: number): number => (random.oneIn(2) ? 0 : often);
  return {
    tasks: plan.tasks.length,
    concurrency: 1 + random.int(4),
    disturbed: random.int(4),
    latenessMax: random.pick([0, 2, 5, 12]),
    whenWaiting: random.oneIn(3) ? 'pause' : 'stay',
    tokensMax,
    apply: !random.oneIn(5),
    undo: random.oneIn(3),
    // What a lost line said was spent is lost with it.
    lies: tokensMax === undefined && random.oneIn(5),
    killedOneIn: random.oneIn(6) ? 12 : 0,
    temper: { failsOneIn: trouble(15), nonsenseOneIn: trouble(8), badOneIn: trouble(5) },
  };
}

/** `plant` is a bug to be noticed. */
export async function simulate(seed: number, plant?: TrialOptions['plant']): Promise<Simulated> {
  const random = randomFor(`simulation ${seed}`);
  const plan = randomPlan(random);
  const options = optionsOf(random, plan);
  const mood = { calm: false };
  const trial = trialOf(`${seed}`, plan, { options, random, mood, ...(plant && { plant }) });
  trial.tokensMax = options.tokensMax ?? Infinity;
  const simulation: Simulation = { trial, options, random, mood, lives: [] };
  const left = await playRun(simulation);
  const outcome = left?.kind === 'ended' && left.end.kind === 'finished' ? left.end.outcome : 'none';
  if (isOver(left)) {
    await checkReplay(trial);
    trial.faults.push(...trial.verdict());
    await playAfterwards(simulation);
  }
  return { seed, options, faults: trial.verdict(), lives: simulation.lives, outcome };
}

interface Simulation {
  readonly trial: Trial;
  readonly options: Options;
  readonly random: Random;
  /** Calm: nothing fails and nobody kills, stops or changes anything. */
  readonly mood: { calm: boolean };
  /** How each process was left. */
  readonly lives: string[];
}

async function playRun(simulation: Simulation): Promise<Left | undefined> {
  const { trial, options, random, mood, lives } = simulation;
  let left: Left | undefined;
  for (let life = 0; life < options.disturbed + CALM_LIVES && !isOver(left); life++) {
    mood.calm = life >= options.disturbed;
    left = await liveOnce(simulation, left);
    endProcess(simulation, left);
    if (left.kind === 'killed' && options.lies && random.oneIn(2)) loseLines(trial, random.int(4));
  }
  if (!isOver(left)) trial.faults.push(`it does not end: ${lives.slice(-3).join(', ')}`);
  return left;
}

function endProcess({ trial, mood, lives }: Simulation, left: Left): void {
  lives.push(shown(left));
  trial.faults.push(...faultsOfLeaving(left, mood.calm));
  trial.kill();
}

/** The last lines were never on the disk. */
function loseLines(trial: Trial, count: number): void {
  trial.forgetful = true;
  trial.damage((journal) => {
    const lines = journal.split(/(?<=\n)/);
    return lines.slice(0, Math.max(1, lines.length - count)).join('');
  });
}

/** Applying what waits, and undoing what was applied: disturbed once, then left alone. */
async function playAfterwards(simulation: Simulation): Promise<void> {
  const { trial, options, random } = simulation;
  for (const what of ['apply', 'undo'] as const) {
    if (what === 'apply' ? options.apply : !options.undo) continue;
    for (const calm of options.disturbed > 0 ? [false, true, true] : [true]) {
      simulation.mood.calm = calm;
      const late = lateness(random, options.latenessMax);
      const left = await trial.afterwards(what, calm ? late : disturbing(trial, random, late));
      endProcess(simulation, left);
      if (left.kind === 'told' && left.told.done) break;
    }
  }
}

interface Setting {
  readonly options: Options;
  readonly random: Random;
  readonly mood: { readonly calm: boolean };
  readonly plant?: NonNullable<TrialOptions['plant']>;
}

function trialOf(seed: string, plan: SimulatedPlan, { options, random, mood, plant }: Setting): Trial {
  const paths = Object.keys(plan.files).filter((path) => path.startsWith('src/'));
  const answer = answerOf(seed, paths);
  const patience = new Map<string, number>();
  return new Trial({
    ...(plant && { plant }),
    files: plan.files,
    models: createActors(seed, plan, options.temper),
    settings: {
      endpoints: [
        { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
      ],
      routes: { default: ['script'] },
      // With and without what a gate asks beside its tests.
      ...(/[02468]$/.test(seed) && { qa: {} }),
      testCommand: 'play-tests',
      apply: options.apply,
      limits: { turns: 7, outputTokens: 256, concurrency: options.concurrency, gateRounds: 2 },
      ...(options.tokensMax !== undefined && { budget: { tokensMax: options.tokensMax } }),
    },
    answer: (name, ask) => {
      const left = patience.get(name) ?? random.int(options.latenessMax + 1);
      patience.set(name, left - 1);
      return left > 0 ? undefined : answer(name, ask);
    },
    shell: (play) => (command, signal) =>
      options.killedOneIn > 0 && random.oneIn(options.killedOneIn)
        ? { exitCode: null, stdout: 'TAP version 13\nok 1 - first\n', stderr: 'Killed' }
        : play(command, signal),
    meanwhile: (trial) => {
      if (!mood.calm && random.oneIn(150)) interfere(trial, random, paths);
    },
  });
}

/** What a person may do at any time. */
function interfere(trial: Trial, random: Random, paths: readonly string[]): void {
  const what = random.int(4);
  if (what === 0) trial.signal('stop', null);
  else if (what === 1) trial.signal('steer', { text: `Mind this (${random.int(1000)}).` });
  else if (what === 2) trial.signal('plan/99', { decision: 'end' });
  else trial.addLine(random.pick(paths), `mine ${random.int(1_000_000)}`);
}

async function liveOnce(
  { trial, options, random, mood }: Simulation,
  former: Left | undefined,
): Promise<Left> {
  const late = lateness(random, options.latenessMax);
  const { whenWaiting } = options;
  const raised = former?.kind === 'ended' && former.end.kind === 'paused' && former.end.reason === 'budget';
  if (raised) trial.tokensMax *= 2;
  const budget = raised ? { budget: { tokensMax: trial.tokensMax } } : {};
  const meddler = mood.calm ? late : disturbing(trial, random, late);
  return trial.live(meddler, { whenWaiting, ...budget });
}

/** Each call takes its own time, before and after it is done. */
function lateness(random: Random, max: number): Meddler {
  if (max === 0) return {};
  const wait = async (): Promise<void> => {
    for (let turns = random.oneIn(2) ? 0 : random.int(max); turns > 0; turns--)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return { before: wait, after: wait };
}

/** A kill at some call, or some calls that fail, or both. */
function disturbing(trial: Trial, random: Random, late: Meddler): Meddler {
  const killAt = random.oneIn(3) ? Infinity : 1 + random.int(random.oneIn(2) ? 40 : 300);
  const after = random.oneIn(2);
  const failsOneIn = random.oneIn(2) ? 0 : 5 + random.int(60);
  const kill = ({ n, site, args }: Call): void => {
    if (n < killAt) return;
    const text = site === 'run.append' && !after ? String(args[0]) : '';
    trial.damage((journal) => journal + text.slice(0, random.int(text.length + 1)));
    trial.kill();
  };
  return {
    before: async (call) => {
      await late.before?.(call);
      if (!after) kill(call);
      if (failsOneIn > 0 && !call.site.startsWith('models.') && random.oneIn(failsOneIn))
        throw failure(random, call);
    },
    after: async (call) => {
      await late.after?.(call);
      if (after) kill(call);
    },
  };
}

function failure(random: Random, { site }: Call): PortError {
  const errno = random.pick(ERRNOS);
  return storageError('The disk refused', Object.assign(new Error(`${errno} at ${site}`), { code: errno }));
}

function isOver(left: Left | undefined): boolean {
  return left?.kind === 'ended' && left.end.kind === 'finished';
}

/** A disturbed process may end anyhow but stuck; one that is left alone ends or says what a person can do. */
function faultsOfLeaving(left: Left, calm: boolean): string[] {
  if (left.kind === 'refused') {
    const { error } = left;
    if (error instanceof PortError && /\.nothing$/.test(error.code)) return [];
    const clear = error instanceof PortError && error.advice !== undefined;
    return calm || !clear
      ? [`refused${calm ? ' though nothing is wrong' : ' without words'}: ${String(error)}`]
      : [];
  }
  if (!calm || left.kind !== 'ended' || left.end.kind !== 'paused') return [];
  return ['budget', 'endpoint', 'waiting', 'stopped'].includes(left.end.reason)
    ? []
    : [`paused though nothing is wrong: ${left.end.message}`];
}

/** A run that is over replays from its record alone. */
async function checkReplay(trial: Trial): Promise<void> {
  if (trial.run === undefined) return;
  const { divergence } = await replayRun(trial.ports, trial.run);
  if (divergence) trial.faults.push(`it does not replay: ${JSON.stringify(divergence).slice(0, 400)}`);
}

function shown(left: Left): string {
  if (left.kind === 'refused') return `refused (${String(left.error).slice(0, 120)})`;
  if (left.kind === 'told') return left.told.done ? 'done afterwards' : 'not done afterwards';
  if (left.kind !== 'ended') return left.kind;
  return left.end.kind === 'finished' ? left.end.outcome : `paused (${left.end.reason})`;
}
