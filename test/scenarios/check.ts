/** A scenario is data: the person's files, what the models say, how tests go; and what must have happened. One `check` runs it. */
import assert from 'node:assert/strict';
import type * as z from 'zod';
import type { JournalLine } from '../../src/protocol/events.ts';
import { RunSettings, type BudgetLimits } from '../../src/protocol/settings.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import type { Models } from '../../src/core/models/contract.ts';
import type { Script } from '../../src/core/models/script.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import type { EnginePorts, RunEnd } from '../../src/core/run/contract.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { OVER_YET_THERE } from '../../src/core/run/orchestrate.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import { createInMemoryPorts, type InMemoryPorts } from '../support/in-memory/ports.ts';
import { answerAll } from './answering.ts';
import { playTests } from './tap-runner.ts';

export interface Scenario {
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  readonly goal?: string;
  readonly mode?: 'team' | 'quick' | 'ask' | 'qa';
  readonly settings?: Partial<z.input<typeof RunSettings>>;
  /** Wraps or replaces the scripted models. */
  readonly models?: (scripted: Models) => Models;
  /** Answers to questions by name, given when they open. */
  readonly answers?: Readonly<Record<string, unknown>>;
  /** Happens before the first review is answered: what a person does meanwhile. */
  readonly onReview?: (world: World) => void;
  /** The budget when the run goes on. */
  readonly budget?: BudgetLimits;
}

export interface World {
  readonly ports: InMemoryPorts;
  readonly enginePorts: EnginePorts;
  readonly requests: string[];
}

export interface Played extends World {
  readonly id: string;
  readonly end: RunEnd;
  readonly lines: readonly JournalLine[];
  readonly view: RunView;
  /** The person's file now. */
  readonly file: (path: string) => string | undefined;
}

const SETTINGS = {
  endpoints: [
    { id: 'script', kind: 'scripted', model: 'script', inputUsdPerMillion: 0, outputUsdPerMillion: 0 },
  ],
  routes: { default: ['script'] },
  interactive: false,
  testCommand: 'play-tests',
} as const;

/** A world for a scenario. Tests are played from the files themselves: see `tap-runner.ts`. */
export function worldOf(scenario: Scenario): World {
  const ports = createInMemoryPorts({
    files: scenario.files,
    shell: (disk) => playTests(disk),
    clock: new ManualClock(undefined, { auto: true }),
  });
  return worldWith(ports, scenario);
}

/** A world on ports that are there already. */
export function worldWith(ports: InMemoryPorts, scenario: Scenario): World {
  const requests: string[] = [];
  const scripted = createScriptedModel(scenario.script, { clock: ports.clock });
  const counted: Models = {
    complete(request, context) {
      const { role, task = '', attempt, turn, candidate } = request;
      requests.push(`${role}/${task}/${attempt}${candidate === undefined ? '' : `.${candidate}`}/${turn}`);
      return (scenario.models?.(scripted) ?? scripted).complete(request, context);
    },
  };
  const models = createRouter({ scripted: counted, openai: undefined, editor: undefined });
  return { ports, enginePorts: { ...ports, models }, requests };
}

/** Plays a scenario to its end. */
export async function play(
  scenario: Scenario,
  world: World = worldOf(scenario),
  resume?: string,
): Promise<Played> {
  const { ports, enginePorts } = world;
  const engine = createEngine(enginePorts, { whenWaiting: scenario.answers ? 'stay' : 'pause' });
  const settings = RunSettings.parse({ ...SETTINGS, ...scenario.settings });
  const request = {
    goal: scenario.goal ?? scenario.script.goal ?? 'Do it',
    mode: scenario.mode ?? ('team' as const),
    settings,
    demo: true,
  };
  const run =
    resume === undefined
      ? await engine.start(request)
      : await engine.resume(resume, scenario.budget ? { budget: scenario.budget } : {});
  const views = createRunViews(ports.store, ports.hasher);
  const following = answerAll({
    engine,
    views,
    run: run.id,
    answers: scenario.answers ?? {},
    before: (signal) => {
      if (signal === 'review/1') scenario.onReview?.(world);
    },
  });
  const end = await run.ended;
  assert.deepEqual(
    ports.log.lines.filter((line) => line.includes(OVER_YET_THERE)),
    [],
  );
  following.dispose();
  const { lines } = decodeJournal(await ports.store.read(run.id), ports.hasher);
  const file = (path: string): string | undefined => ports.disk.text(ports.workspace.root, path);
  return { ...world, id: run.id, end, lines, view: await views.view(run.id), file };
}

/** What must have happened. */
export interface Expected {
  readonly end: Partial<RunEnd>;
  /** The person's files afterwards; undefined: absent. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Model calls by role. */
  readonly calls?: Readonly<Record<string, number>>;
}

export async function check(scenario: Scenario, expected: Expected): Promise<Played> {
  const played = await play(scenario);
  for (const [key, value] of Object.entries(expected.end))
    assert.deepEqual((played.end as Record<string, unknown>)[key], value, JSON.stringify(played.end));
  for (const [path, text] of Object.entries(expected.files ?? {}))
    assert.equal(played.file(path), text, path);
  const calls: Record<string, number> = {};
  for (const request of played.requests)
    calls[request.split('/')[0] ?? ''] = (calls[request.split('/')[0] ?? ''] ?? 0) + 1;
  if (expected.calls) assert.deepEqual(calls, expected.calls);
  return played;
}
