/** Cuts a run off at a chosen line of its journal, as a power cut would, and lets it go on. */
import assert from 'node:assert/strict';
import type { JournalLine } from '../../src/protocol/events.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import { portsAfterCrash } from '../support/in-memory/ports.ts';
import { play, worldOf, worldWith, type Played, type Scenario, type World } from './check.ts';
import { playTests } from './tap-runner.ts';

/** `after`: the line is whole. `inside`: half of it was written. `before`: what it tells has happened, but it was not written. */
export type Cut = 'before' | 'inside' | 'after';

export interface Crashed {
  readonly world: World;
  readonly run: string;
  /** Whole lines that were on disk. */
  readonly lines: readonly JournalLine[];
}

/** A run that was played to its end, and the worlds that a crash would have left on its way there. */
export interface Recording {
  readonly whole: Played;
  /** Lines of its journal. */
  readonly count: number;
  /** The world after a crash at line `line` (from 2); undefined where the run has no such line. */
  crashAt(line: number, cut: Cut): Crashed | undefined;
}

/** What lay on the disk when lines were about to be appended. */
interface Moment {
  /** Whole lines then. */
  readonly written: number;
  /** The lines that were due, each with its newline. */
  readonly due: readonly string[];
  readonly world: World;
}

/** Plays a scenario and keeps what lay on the disk before each write to the journal. */
export async function recordRun(scenario: Scenario, world: World = worldOf(scenario)): Promise<Recording> {
  const moments: Moment[] = [];
  let written = 1;
  world.ports.store.onWrite = ({ kind, text }) => {
    if (kind !== 'append') return;
    const due = text.split(/(?<=\n)/);
    moments.push({ written, due, world: copyOf(world, scenario) });
    written += due.length;
  };
  const whole = await play(scenario, world);
  world.ports.store.onWrite = undefined;
  const crashAt = (line: number, cut: Cut): Crashed | undefined => {
    const moment = moments.find((each) => line > each.written && line <= each.written + each.due.length);
    return moment && crashedAt(moment, { line, cut, scenario, run: whole.id });
  };
  return { whole, count: written, crashAt };
}

function copyOf({ ports }: World, scenario: Scenario): World {
  return worldWith(portsAfterCrash(ports, playTests), scenario);
}

interface Where {
  readonly line: number;
  readonly cut: Cut;
  readonly scenario: Scenario;
  readonly run: string;
}

function crashedAt({ written, due, world: then }: Moment, { line, cut, scenario, run }: Where): Crashed {
  const world = copyOf(then, scenario);
  const place = line - written - 1;
  const last = due[place] ?? '';
  const half = last.slice(0, Math.floor(last.length / 2));
  const tail = cut === 'after' ? last : cut === 'inside' ? half : '';
  let text = '';
  world.ports.store.edit(run, (journal) => (text = journal + due.slice(0, place).join('') + tail));
  return { world, run, lines: decodeJournal(text, world.ports.hasher).lines };
}

/** Goes on after a crash and checks what must always hold; the run as it ended. */
export async function goOn(scenario: Scenario, crashed: Crashed, whole: Played): Promise<Played> {
  const { world, run, lines } = crashed;
  const played = await play(scenario, world, run);
  assert.deepEqual(played.end, whole.end);
  assert.deepEqual(filesOf(played), filesOf(whole));
  assert.deepEqual(
    played.view.tasks.map((task) => task.state),
    whole.view.tasks.map((task) => task.state),
  );
  assert.ok(!played.lines.some((line) => line.type === 'run.upgraded'), 'the record did not fit');
  const paid = new Set(finishedCalls(lines));
  const twice = world.requests.filter((request) => paid.has(request));
  assert.deepEqual(twice, [], 'a finished call was asked again');
  assert.equal(new Set(world.requests).size, world.requests.length);
  return played;
}

function filesOf({ ports }: World): Record<string, string | undefined> {
  const { disk, workspace } = ports;
  return Object.fromEntries(
    [...disk.folder(workspace.root).keys()].sort().map((path) => [path, disk.text(workspace.root, path)]),
  );
}

/** The requests whose replies are in the journal, as `check.ts` names them. */
export function finishedCalls(lines: readonly JournalLine[]): string[] {
  const starts = new Map<string, JournalLine>();
  return lines.flatMap((line) => {
    if (line.type === 'step.started' && line.data.kind === 'model') starts.set(line.key ?? '', line);
    const start = line.type === 'step.finished' ? starts.get(line.key ?? '') : undefined;
    if (start?.type !== 'step.started') return [];
    const { role = '', task = '', attempt = 1, candidate } = start.data.who ?? {};
    const asker = `${role}/${task}/${attempt}${candidate === undefined ? '' : `.${candidate}`}`;
    return [`${asker}/${/turn\/(\d+)\/model$/.exec(start.key ?? '')?.[1] ?? ''}`];
  });
}
