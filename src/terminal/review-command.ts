/** `quartet review`: the change set of a run hunk by hunk, where each comes from, and the person's decisions on it. */
import * as fs from 'node:fs/promises';
import { hasConflictMarks } from '../core/changes/marks.ts';
import { lineNow } from '../core/run/handover/moved-lines.ts';
import { explain, fileHunks, originOf, type ReviewHunk } from '../core/run/handover/provenance.ts';
import { readTree } from '../core/run/handover/read-tree.ts';
import type { ReviewComment } from '../protocol/handover.ts';
import type { NeedView, RunView } from '../protocol/view.ts';
import { applyRun } from './afterwards-commands.ts';
import { decisionOn, isNothing, keptText, NOTHING, parseKept, together } from './kept-review.ts';
import { answerOf, decidedBy, type ReviewChoices } from './review-choices.ts';
import type { Decided, OfferedFile } from './review-decided.ts';
import { follow, type Desk } from './run-commands.ts';
import { countLines } from './following.ts';
import { gateText } from './story.ts';
import { UsageError } from './usage-error.ts';

/** Exit code 0 where the change set is only shown; else that of the run that goes on. */
export async function review(desk: Desk, run: string): Promise<number> {
  const { house, console, options } = desk;
  const view = await house.views.view(run);
  const conflict = view.needs.find(({ ask }) => ask.conflict !== undefined);
  if (conflict) return await resolve(desk, view, conflict);
  const offered = await offeredBy(desk, view);
  const choices = options.review;
  const isHandedIn = handsIn(choices, options.apply);
  const decided = await decideMore(desk, view, offered);
  if (isHandedIn) return await send(desk, view, { offered, decided });
  if (options.json) console.line(JSON.stringify(asData(view, offered, decided)));
  else {
    const remarks = await remarksOn(desk, view);
    for (const part of shown(view, offered, { why: choices.why, remarks, decided })) console.say(part);
  }
  return 0;
}

/** Errors: `UsageError` where nothing is proposed. */
export async function offeredBy({ house }: Desk, view: RunView): Promise<readonly OfferedFile[]> {
  if (!view.changes) throw new UsageError('The run has not proposed any changes.');
  return await Promise.all(
    view.changes.files.map(async (file) => ({
      file,
      hunks: await fileHunks(house.ports.copies, view, file.path),
    })),
  );
}

function handsIn({ sendBack, discard }: ReviewChoices, apply: boolean): boolean {
  const ways = [apply, sendBack, discard].filter(Boolean).length;
  if (ways > 1) throw new UsageError('review takes one of --apply, --send-back and --discard.');
  return ways === 1;
}

/** What is decided by this call and those before it; kept until it is handed in. */
async function decideMore(desk: Desk, view: RunView, offered: readonly OfferedFile[]): Promise<Decided> {
  const { house, options } = desk;
  const choices = options.review;
  const revision = view.changes?.revision ?? 0;
  const now = decidedBy(choices, offered, await readEdits(choices.edits));
  const isOpen = view.needs.some(({ ask }) => ask.kind === 'review');
  if (!isOpen) {
    if (isNothing(now)) return NOTHING;
    throw notWaiting();
  }
  const before = choices.forget ? NOTHING : parseKept(await house.reviews.read(view.id), offered, revision);
  const decided = together(before, now);
  if (choices.forget || !isNothing(now))
    await house.reviews.write(view.id, isNothing(decided) ? undefined : keptText(decided, offered, revision));
  return decided;
}

const notWaiting = () => new UsageError('The changes of this run do not wait for a review.');

interface Review {
  readonly offered: readonly OfferedFile[];
  readonly decided: Decided;
}

async function send(desk: Desk, view: RunView, { offered, decided }: Review): Promise<number> {
  const { house, console, options } = desk;
  const need = view.needs.find(({ ask }) => ask.kind === 'review');
  if (!need) throw notWaiting();
  const answer = answerOf(options.review, offered, decided);
  const { store } = house.ports;
  // What was accepted is accepted in the next round, too, where it reads the same.
  if (answer.decision !== 'revise') await house.reviews.write(view.id, undefined);
  await store.putSignal(view.id, { name: need.signal, value: answer, from: 'terminal' });
  if (await store.isOwned(view.id)) {
    console.say('Answered. The process that owns the run goes on with it.');
    return 0;
  }
  const code = await follow(desk, view.id, await countLines(store, view.id));
  const after = await house.views.view(view.id);
  const isWaiting = after.changes?.decided !== undefined && after.changes.applied === undefined;
  const isToApply = options.apply && after.finished && (code === 0 || code === NOT_PROVED) && isWaiting;
  if (!isToApply) return code;
  const applied = await applyRun(desk, view.id);
  return applied === 0 ? code : applied;
}

const NOT_PROVED = 5;

/** A change that conflicts with what the person changed meanwhile: shown with both versions marked, or taken as they resolved it. */
async function resolve(desk: Desk, view: RunView, { signal, ask: { conflict } }: NeedView): Promise<number> {
  const { house, console, options } = desk;
  const { apply, discard, edits } = { ...options.review, apply: options.apply };
  const { store, copies } = house.ports;
  const paths = conflict?.paths ?? [];
  if (!apply && !discard) {
    for (const path of paths) {
      const bytes = await copies.read(conflict?.marked ?? '', path);
      console.say(
        `${path}, with both versions marked:\n${new TextDecoder().decode(bytes ?? new Uint8Array())}`,
      );
    }
    console.say(
      `Put what you want of it into a file: quartet review ${view.id} --edit PATH=FILE --apply. Files not named stay as you have them; --discard applies nothing.`,
    );
    return 0;
  }
  const resolved = await readEdits(edits);
  for (const [path, text] of Object.entries(resolved)) {
    if (!paths.includes(path))
      throw new UsageError(`${path} does not conflict. In conflict: ${paths.join(', ')}.`);
    if (hasConflictMarks(text))
      throw new UsageError(`The text for ${path} still holds marks of the conflict.`);
  }
  const value = apply ? { apply, resolved } : { apply: false };
  await store.putSignal(view.id, { name: signal, value, from: 'terminal' });
  if (view.finished) return await applyRun(desk, view.id);
  if (!(await store.isOwned(view.id))) return await follow(desk, view.id, await countLines(store, view.id));
  console.say('Answered. The process that owns the run goes on with it.');
  return 0;
}

/** Errors: `UsageError`. */
async function readEdits(edits: readonly string[]): Promise<Record<string, string>> {
  const texts: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const edit of edits) {
    const [, path, file] = /^([^=]+)=(.+)$/u.exec(edit) ?? [];
    if (path === undefined || file === undefined) throw new UsageError('--edit takes PATH=FILE.');
    texts[path] = await fs.readFile(file, 'utf8').catch(() => {
      throw new UsageError(`There is no file ${file}.`);
    });
  }
  return { ...texts };
}

/** What reviewers said, at the lines of what is proposed. */
async function remarksOn({ house }: Desk, view: RunView): Promise<readonly ReviewComment[]> {
  const said = view.tasks.flatMap(({ spec, review: by }) =>
    (by?.comments ?? []).map((comment) => ({ ...comment, tree: readTree(view, spec.id) })),
  );
  return await Promise.all(
    said.map(async (remark) => ({ ...remark, line: await lineNow(house.ports.copies, view, remark) })),
  );
}

interface Telling {
  readonly why: boolean;
  readonly decided: Decided;
  readonly remarks: readonly ReviewComment[];
}

function shown(view: RunView, offered: readonly OfferedFile[], telling: Telling): readonly string[] {
  const gate = view.evidence.integrated;
  return [
    ...offered.flatMap((each) => fileText(view, each, telling)),
    ...(gate ? [`\nTests: ${gateText(gate)}`] : []),
    ...(view.needs.some(({ ask }) => ask.kind === 'review')
      ? [
          ...(isNothing(telling.decided)
            ? []
            : ['\nDecided so far is kept; --apply or --send-back hands it in, --forget drops it.']),
          `\nDecide: quartet review ${view.id} [--accept PATH[:N]] [--reject PATH[:N] --reason TEXT] [--edit PATH=FILE] --apply, --send-back or --discard`,
        ]
      : []),
  ];
}

function fileText(
  view: RunView,
  { file, hunks }: OfferedFile,
  { why, remarks, decided }: Telling,
): readonly string[] {
  const own = remarks.filter(({ path }) => path === file.path);
  return [
    `${file.path}: ${file.kind} (+${file.additions} -${file.deletions})${tag(decisionOn(decided, file.path))}`,
    ...hunks.flatMap((hunk) =>
      hunkText(view, { path: file.path, why, now: decisionOn(decided, file.path, hunk.number) }, hunk),
    ),
    ...own.map(
      ({ line, severity, body }) =>
        `  Reviewer, ${line === 0 ? 'the whole file' : `line ${line}`} [${severity}]: ${body}`,
    ),
  ];
}

const tag = (decision: string | undefined) => (decision === undefined ? '' : ` [${decision}]`);

function hunkText(
  view: RunView,
  { path, why, now }: { readonly path: string; readonly why: boolean; readonly now: string | undefined },
  each: ReviewHunk,
): readonly string[] {
  const { hunk, number } = each;
  const signs = { context: ' ', added: '+', removed: '-' };
  return [
    `  ${number}. line ${hunk.newStart}: ${originOf(view, path, each)}${tag(now)}`,
    ...hunk.lines.map(({ kind, text }) => `     ${signs[kind]} ${text.replace(/\r?\n$/u, '')}`),
    ...(why ? explain(view, path, each).map((part) => `     ${part.replaceAll('\n', '\n     ')}`) : []),
  ];
}

/** For programs. */
function asData(view: RunView, offered: readonly OfferedFile[], decided: Decided) {
  return {
    run: view.id,
    revision: view.changes?.revision,
    verdict: view.changes?.verdict,
    files: offered.map(({ file, hunks }) => ({
      ...file,
      hunks: hunks.map((each) => ({
        number: each.number,
        decided: decisionOn(decided, file.path, each.number),
        id: each.hunk.id,
        line: each.hunk.newStart,
        lines: each.hunk.lines,
        units: each.units,
        why: explain(view, file.path, each),
      })),
    })),
  };
}
