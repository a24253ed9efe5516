/** Kills a run at a chosen line of its journal, as a power cut would, and lets it go on. */
import assert from 'node:assert/strict';
import type { JournalLine } from '../../src/protocol/events.ts';
import { decodeJournal } from '../../src/core/run/codec.ts';
import { play, worldOf, type Played, type Scenario, type World } from './check.ts';

/** `after`: the line is whole. `inside`: half of it was written. `before`: what it tells has happened, but it was not written. */
export type Cut = 'before' | 'inside' | 'after';

export interface Crashed {
  readonly world: World;
  readonly run: string;
  /** Whole lines that were on disk. */
  readonly lines: readonly JournalLine[];
  /** Requests made before the crash. */
  readonly asked: readonly string[];
}

/** Plays until line `line` (from 2) is due and dies there; undefined where the run ended before. */
export async function crashAt(scenario: Scenario, line: number, cut: Cut): Promise<Crashed | undefined> {
  const world = worldOf(scenario);
  const { store, clock, hasher } = world.ports;
  let written = 1;
  const crash = Promise.withResolvers<string>();
  store.onWrite = ({ kind, run, text }) => {
    if (kind !== 'append') return;
    const lines = text
      .split('\n')
      .slice(0, -1)
      .map((each) => `${each}\n`);
    const place = line - written - 1;
    written += lines.length;
    if (place < 0 || place >= lines.length) return;
    const [whole, due] = [lines.slice(0, place).join(''), lines[place] ?? ''];
    const half = due.slice(0, Math.floor(due.length / 2));
    const tail = cut === 'after' ? due : cut === 'inside' ? half : '';
    store.crash();
    store.edit(run, (journal) => journal + whole + tail);
    crash.resolve(run);
  };
  const run = await Promise.race([crash.promise, play(scenario, world).then(() => undefined)]);
  store.onWrite = undefined;
  if (run === undefined) return undefined;
  for (let turns = 0; turns < 5; turns++) await clock.settle();
  const { lines } = decodeJournal(await store.read(run), hasher);
  return { world, run, lines, asked: world.requests.splice(0) };
}

/** Goes on after a crash and checks what must always hold. */
export async function goOn(scenario: Scenario, crashed: Crashed, whole: Played): Promise<void> {
  const { world, run, lines } = crashed;
  const played = await play(scenario, world, run);
  assert.deepEqual(played.end, whole.end);
  assert.deepEqual(filesOf(played), filesOf(whole));
  assert.deepEqual(
    played.view.tasks.map((task) => task.state),
    whole.view.tasks.map((task) => task.state),
  );
  const paid = new Set(finishedCalls(lines));
  const twice = world.requests.filter((request) => paid.has(request));
  assert.deepEqual(twice, [], 'a finished call was asked again');
  assert.equal(new Set(world.requests).size, world.requests.length);
}

function filesOf({ ports }: World): Record<string, string | undefined> {
  const { disk, workspace } = ports;
  return Object.fromEntries(
    [...disk.folder(workspace.root).keys()].sort().map((path) => [path, disk.text(workspace.root, path)]),
  );
}

/** The requests whose replies are in the journal, as `check.ts` names them. */
function finishedCalls(lines: readonly JournalLine[]): string[] {
  const starts = new Map<string, JournalLine>();
  return lines.flatMap((line) => {
    if (line.type === 'step.started' && line.data.kind === 'model') starts.set(line.key ?? '', line);
    const start = line.type === 'step.finished' ? starts.get(line.key ?? '') : undefined;
    if (start?.type !== 'step.started') return [];
    const { role = '', task = '', attempt = 1 } = start.data.who ?? {};
    return [`${role}/${task}/${attempt}/${/turn\/(\d+)\/model$/.exec(start.key ?? '')?.[1] ?? ''}`];
  });
}
