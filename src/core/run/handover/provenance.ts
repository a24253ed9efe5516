/**
 * Where the hunks of a change set come from: which tasks made them, who worked on these and what they said, and what the tests and the
 * reviewer said to it. All of it is read from the record; no model is asked.
 */
import type { GateReport } from '../../../protocol/events.ts';
import type { FeedItem, RunView, TaskView } from '../../../protocol/view.ts';
import { madeHunks } from '../../changes/blame.ts';
import type { Hunk } from '../../changes/hunks.ts';
import type { WorkingCopies } from '../../ports.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { ENGLISH, type Speech } from '../../../protocol/words.ts';
import { unitsOf } from '../plan/graph.ts';

/** One hunk of a proposed file. */
export interface ReviewHunk {
  /** Its place in the file, from 1. */
  readonly number: number;
  readonly hunk: Hunk;
  /** Units whose changes made it. */
  readonly units: readonly string[];
  /** True where the person wrote at it by hand. */
  readonly isOwn: boolean;
}

export type TreeReader = Pick<WorkingCopies, 'read'>;

/**
 * The hunks of a file of the change set, between the base and the proposed text, or what the person made of it. None where the file is
 * not text or comes or goes as a whole.
 */
export async function fileHunks(
  copies: TreeReader,
  view: RunView,
  path: string,
  edited?: string,
): Promise<readonly ReviewHunk[]> {
  const { changes } = view;
  if (!changes) return [];
  const textOf = async (tree: string): Promise<string | undefined> => {
    const bytes = await copies.read(tree, path);
    return bytes && decodeUtf8(bytes);
  };
  const [base, proposed] = [await textOf(changes.base), await textOf(changes.tree)];
  if (base === undefined || proposed === undefined) return [];
  const merges = (view.merges ?? []).filter(({ verdict }) => verdict !== 'red');
  const texts = [base];
  for (const { tree } of merges) texts.push((await textOf(tree)) ?? '');
  const own = texts.length + 1;
  texts.push(proposed, ...(edited === undefined ? [] : [edited]));
  return madeHunks(texts).map(({ hunk, makers }, at) => ({
    number: at + 1,
    hunk,
    units: [...new Set(makers.flatMap((maker) => merges[maker - 1]?.unit ?? []))],
    isOwn: makers.includes(own),
  }));
}

/** What stands behind a hunk: one task's part in it. Its tests, its review and its author's last words are in the task. */
export interface Maker {
  readonly task: TaskView;
  /** The agent that wrote last for the task, where one is known. */
  readonly agent: { readonly id: string; readonly role: string } | undefined;
  /** What it said as it wrote these lines, latest last. */
  readonly said: readonly string[];
}

/** The tasks behind a hunk of the file at `path`, in the order in which they were merged. */
function makersOf(view: RunView, path: string, { hunk, units }: ReviewHunk): readonly Maker[] {
  const all = view.plan ? unitsOf(view.plan.spec) : [];
  return units.flatMap((id) => {
    const tasks = all.find((unit) => unit.id === id)?.tasks.map((task) => task.id) ?? [id];
    const writing = tasks.flatMap((task) => makerOf(view, task, { path, hunk }) ?? []);
    // Of tasks that are gated together, those that wrote to the file answer for it.
    const wrote = writing.filter(({ said }) => said.length > 0);
    return wrote.length > 0 ? wrote : writing.slice(-1);
  });
}

interface At {
  readonly path: string;
  readonly hunk: Hunk;
}

function makerOf(view: RunView, id: string, at: At): Maker | undefined {
  const task = view.tasks.find(({ spec }) => spec.id === id);
  if (!task) return undefined;
  const writes = view.feed.filter((item) => isWrite(item, id, at.path));
  const closest = writes.filter((item) => isAbout(item, at.hunk));
  const chosen = closest.length > 0 ? closest : writes;
  const who = chosen.at(-1)?.who;
  return {
    task,
    agent: who && { id: who.agent ?? '', role: who.role },
    said: [...new Set(chosen.flatMap((item) => wordsBefore(view.feed, item) ?? []))],
  };
}

type ToolItem = FeedItem & { readonly kind: 'tool' };

const WRITERS = ['edit_file', 'apply_patch', 'write_file', 'delete_file', 'move_file'];

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function isWrite(item: FeedItem, task: string, path: string): item is ToolItem {
  if (item.kind !== 'tool' || item.who.task !== task || item.state !== 'ok') return false;
  return WRITERS.includes(item.tool) && item.args.includes(escaped(path));
}

/** Shorter lines, such as a bracket, say nothing of where they were written. */
const TELLING_CHARS_MIN = 4;

function isAbout({ args }: ToolItem, { lines }: Hunk): boolean {
  return lines.some(({ kind, text }) => {
    const line = text.trim();
    return kind === 'added' && line.length >= TELLING_CHARS_MIN && args.includes(escaped(line));
  });
}

/** The last words of the agent before it made the call. */
function wordsBefore(feed: readonly FeedItem[], call: ToolItem): string | undefined {
  const said = feed.findLast(
    (item) => item.kind === 'said' && item.id < call.id && item.who.agent === call.who.agent,
  );
  if (said?.kind !== 'said') return undefined;
  const words = said.text.trim() === '' ? said.reasoning?.trim() : said.text.trim();
  return words === '' ? undefined : words;
}

/** How a door says what the record tells. */
export interface Tongue extends Speech {
  /** What a role is called. */
  readonly role: (name: string) => string;
}

/** As it is recorded. */
const PLAIN: Tongue = { ...ENGLISH, role: (name) => name };

const roleOf = ({ task, agent }: Maker): string => agent?.role ?? task.spec.role;

/** One line on where a hunk comes from. */
export function originOf(view: RunView, path: string, hunk: ReviewHunk, { t, role } = PLAIN): string {
  const makers = makersOf(view, path, hunk);
  const own = hunk.isOwn ? [t('your edit')] : [];
  const made = makers.map((maker) => `${maker.task.spec.title} (${role(roleOf(maker))})`);
  const verdicts = [...new Set(makers.flatMap(({ task }) => (task.gate ? [task.gate.verdict] : [])))];
  const said = { green: t('tests green'), red: t('tests red'), notProved: t('not proved by tests') };
  return [...own, ...made, ...verdicts.map((verdict) => said[verdict])].join(' · ');
}

/** Why a hunk is there, from the record, in paragraphs of plain text. What models said stays their words. */
export function explain(view: RunView, path: string, hunk: ReviewHunk, tongue = PLAIN): readonly string[] {
  const { t } = tongue;
  const makers = makersOf(view, path, hunk);
  if (makers.length === 0)
    return [hunk.isOwn ? t('You wrote this by hand.') : t('The record does not tell who wrote this.')];
  return [
    ...(hunk.isOwn ? [t('You changed this by hand.')] : []),
    ...makers.flatMap((maker) => explainMaker(maker, tongue)),
  ];
}

/** Names of tests that are given one by one. */
const TESTS_MAX = 5;

function explainMaker(maker: Maker, tongue: Tongue): readonly string[] {
  const { t } = tongue;
  const { task, said } = maker;
  const { spec, result, gate, review } = task;
  const role = tongue.role(roleOf(maker));
  const passing = gate?.newlyPassing ?? [];
  const shown = passing.slice(0, TESTS_MAX).join('; ');
  return [
    `${t('Task {0}: {1}', spec.id, spec.title)}\n${spec.description}`,
    ...said.map((words) => t('{0}, writing it: {1}', role, words)),
    ...(result === undefined ? [] : [t('{0}, handing over: {1}', role, result)]),
    ...(gate ? [gateText(gate, tongue)] : []),
    ...(passing.length > 0
      ? [t('Passing since: {0}', passing.length > TESTS_MAX ? `${shown}; …` : shown)]
      : []),
    ...(review
      ? [review.verdict === 'approve' ? t('Review: approved') : t('Review: changes requested')]
      : []),
  ];
}

function gateText({ verdict, totals, reasons }: GateReport, { t, told }: Tongue): string {
  const { passed, failed } = totals;
  const counted = {
    green: t('Tests: green; {0} passed, {1} failed.', passed, failed),
    red: t('Tests: red; {0} passed, {1} failed.', passed, failed),
    notProved: t('Tests: not proved; {0} passed, {1} failed.', passed, failed),
  };
  return [counted[verdict], ...reasons.slice(0, 2).map(told)].join(' ');
}
