/**
 * What may still be done with a run after it has finished: apply a change set that waits, or undo one that was applied. It is journaled
 * in the same file, after `run.finished`, under keys of its own.
 */
import { ApplyAnswer } from '../../../protocol/answers.ts';
import type { GateReport, JournalLine } from '../../../protocol/events.ts';
import { PortError } from '../../ports.ts';
import type { TestRun } from '../../qa/run-tests.ts';
import { applyAccepted, filesOf, lookAgain, mergeWith, writeTree, type WrittenFile } from './applying.ts';
import { checksOf } from '../gate/baseline.ts';
import type { EpilogueEnd } from '../contract.ts';
import type { FoundTests } from '../gate/find-tests.ts';
import type { Run } from '../run.ts';

/** The recorded output of a step; undefined where it has none. */
export type ReadOutput = (key: string) => Promise<unknown>;

/** An epilogue: its steps' keys begin with `prefix`. */
export interface Epilogue {
  readonly prefix: string;
  readonly tell: (run: Run) => Promise<EpilogueEnd>;
}

/** An applied change: the workspace's tree before and after. */
export interface AppliedChange {
  readonly before: string;
  readonly after: string;
}

/** The change that is applied now; undefined where there is none, or it was undone. */
export function appliedIn(lines: readonly JournalLine[]): AppliedChange | undefined {
  let applied: AppliedChange | undefined;
  let started: AppliedChange | undefined;
  for (const line of lines) {
    if (line.type === 'step.started' && line.data.kind === 'apply') {
      const note = line.data.input as { now: string; tree: string };
      started = { before: note.now, after: note.tree };
    }
    if (line.type === 'changes.applied') applied = started;
    if (line.type === 'changes.undone') applied = undefined;
  }
  return applied;
}

/** Takes the applied change back. Errors: `undo.nothing`. */
export function undo(lines: readonly JournalLine[]): Epilogue {
  const applied = appliedIn(lines);
  if (!applied)
    throw new PortError('undo.nothing', 'There is nothing to undo: no change of this run is applied.');
  const prefix = prefixOf('undo', lines);
  return { prefix, tell: (run) => takeBack(run, prefix, applied) };
}

/** One that was broken off is gone on with; one that ended, whatever it did, is not: its answers and looks are of the past. */
export function prefixOf(name: 'undo' | 'later' | 'commit', lines: readonly JournalLine[]): string {
  const ended = lines.filter(
    (line) => line.type === 'epilogue.ended' && line.key?.startsWith(`${name}/`) === true,
  );
  return `${name}/${ended.length + 1}`;
}

const TRIES = 3;

async function takeBack(run: Run, prefix: string, applied: AppliedChange): Promise<EpilogueEnd> {
  for (let n = 1; n <= TRIES; n++) {
    const key = `${prefix}/${n}`;
    const now = await lookAgain(run, key, applied.after);
    const target = await targetOf(run, key, { applied, now });
    if (!target) return { done: false, message: 'Nothing was undone.' };
    const written = await writeTree(run, key, {
      now,
      tree: target.tree,
      title: 'Undo the change in your workspace',
    });
    if (!written) continue;
    run.steps.record({
      type: 'changes.undone',
      key,
      data: { files: [...filesOf(written, target.left)].map(asUndone) },
    });
    return { done: true, message: undoneText(written, target.left) };
  }
  return {
    done: false,
    message: 'Your files kept changing, so nothing was undone. Save them and try again.',
  };
}

function asUndone(file: ReturnType<typeof filesOf>[number]) {
  return {
    path: file.path,
    how: file.how === 'deleted' || file.how === 'conflict' ? file.how : ('written' as const),
    ...(file.note !== undefined && { note: file.note }),
  };
}

function undoneText(written: readonly WrittenFile[], left: readonly string[]): string {
  const kept = left.length === 0 ? '' : ` Left as you have them: ${left.join(', ')}.`;
  return `${written.length === 1 ? 'One file is' : `${written.length} files are`} as before the run.${kept}`;
}

/** Exactly the former tree where nothing changed since; else a three-way merge, if the person wants it. */
async function targetOf(
  run: Run,
  key: string,
  { applied, now }: { applied: AppliedChange; now: string },
): Promise<{ tree: string; left: readonly string[] } | undefined> {
  if (now === applied.after) return { tree: applied.before, left: [] };
  const merged = await mergeWith(run, key, { base: applied.after, theirs: applied.before, now });
  const left = merged.conflicts.map((conflict) => conflict.path);
  const touched = await touchedSince(run, key, { applied, now });
  if (touched.length === 0) return { tree: merged.tree, left };
  const value = await run.steps.signal(`${key}/merge`, {
    kind: 'apply',
    title: `${touched.join(', ')} changed since the change was applied`,
    detail:
      left.length === 0
        ? 'Undo by a three-way merge, keeping what you changed since?'
        : `Conflicting and left as you have them: ${left.join(', ')}. Undo the rest?`,
    options: ['Undo by merging', 'Do not undo'],
  });
  return ApplyAnswer.parse(value).apply ? { tree: merged.tree, left } : undefined;
}

/** Files of the change that do not read as it left them. */
function touchedSince(
  run: Run,
  key: string,
  { applied, now }: { applied: AppliedChange; now: string },
): Promise<string[]> {
  const { copies } = run.ports;
  return run.steps.step<string[]>(
    `${key}/touched`,
    { kind: 'diff', title: 'See what changed since', input: { applied, now } },
    async () => {
      const [changed, since] = [
        await copies.diff(applied.before, applied.after),
        await copies.diff(applied.after, now),
      ];
      const later = new Set(since.map((delta) => delta.path));
      return changed.map((delta) => delta.path).filter((path) => later.has(path));
    },
  );
}

/** Applies an accepted change set that waits. Errors: `apply.nothing`. */
export async function applyLater(lines: readonly JournalLine[], readOutput: ReadOutput): Promise<Epilogue> {
  const waiting = await waitingIn(lines, readOutput);
  if (!waiting || appliedIn(lines))
    throw new PortError('apply.nothing', 'No accepted change of this run waits to be applied.');
  const prefix = prefixOf('later', lines);
  const tell = async (run: Run): Promise<EpilogueEnd> => {
    const { base, tree, setup, baseline } = waiting;
    const applied = await applyAccepted(run, {
      prefix,
      revision: 1,
      base,
      tree,
      baseline: { setup, run: baseline, tree: base, check: checksOf(run, base, `${prefix}/base`) },
      goal: run.goal,
      flaky: flakyIn(lines),
    });
    if (applied.kind === 'refused') return { done: false, message: applied.why };
    return {
      done: true,
      message:
        applied.left.length === 0
          ? 'The change is in your workspace.'
          : `Applied; left as you have them: ${applied.left.join(', ')}.`,
    };
  };
  return { prefix, tell };
}

interface Waiting {
  readonly base: string;
  readonly tree: string;
  readonly setup: FoundTests;
  readonly baseline: TestRun;
}

/** What the gates of the change found flaky. */
function flakyIn(lines: readonly JournalLine[]): GateReport['flaky'] {
  const last = lines.findLast((line) => line.type === 'gate.finished' && line.data.scope === 'integrated');
  return last?.type === 'gate.finished' ? last.data.report.flaky : undefined;
}

/** The last change set that was accepted, and what it was measured against. */
async function waitingIn(
  lines: readonly JournalLine[],
  readOutput: ReadOutput,
): Promise<Waiting | undefined> {
  const proposed = lines.findLast((line) => line.type === 'changes.proposed');
  const decided = lines.findLast((line) => line.type === 'changes.decided');
  if (
    proposed?.type !== 'changes.proposed' ||
    decided?.type !== 'changes.decided' ||
    decided.data.accepted.length === 0
  )
    return undefined;
  const { base, revision } = proposed.data;
  const composed = await readOutput(`handover/${revision}/accepted`);
  const tree = typeof composed === 'string' ? composed : proposed.data.tree;
  return {
    base,
    tree,
    setup: (await readOutput('gate/base/detect')) as FoundTests,
    baseline: (await readOutput('gate/base')) as TestRun,
  };
}
