/** `quartet show`. Returns the exit code. */
import { pullRequestText } from '../core/run/handover/commit-message.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import { createRunRecord } from '../core/run/views/record.ts';
import { taskDiffText } from '../core/run/views/task-change.ts';
import { keptText } from '../core/run/views/state-feed.ts';
import { transcriptOf } from '../core/run/views/transcript.ts';
import { blameLines } from '../protocol/blame-lines.ts';
import { sumOf } from '../protocol/ledger.ts';
import type { RunView } from '../protocol/view.ts';
import { evidenceLines } from './evidence-text.ts';
import type { RunOptions } from './arguments.ts';
import { followLines } from './following.ts';
import { boardText } from './candidates-text.ts';
import { costText, ledgerJson, ledgerText } from './ledger-text.ts';
import { openText, unreadableText, type Desk } from './run-commands.ts';
import { createTeller } from './session.ts';
import { taskLines, taskText } from './plan-text.ts';
import { gateText, GOAL_CHARS_MAX, shortened } from './story.ts';
import { matchLines, registryJson, registryText } from './registry-text.ts';
import { agentLines, factsOf, factsText, messagesOf, messagesText, teamText } from './team-text.ts';
import { timelineText } from './timeline-text.ts';
import { UsageError } from './usage-error.ts';

/** Read-only, until the run has ended, paused, lost its owner, or the person has seen enough. */
async function showLive({ house, console, options }: Desk, id: string): Promise<number> {
  const { ports, views } = house;
  const enough = new AbortController();
  const stop = (): void => {
    enough.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  const following = followLines(ports, id, 0, createTeller(console, options.json));
  // Whoever takes a run over has it pause first, and goes on with it a moment later.
  for (let rests = 0; rests < FOLLOW_RESTS_MAX && !enough.signal.aborted;) {
    await following.catchUp();
    const view = await views.view(id);
    if (view.finished !== undefined) break;
    rests = view.paused === undefined ? 0 : rests + 1;
    if (rests < FOLLOW_RESTS_MAX)
      await ports.clock.sleep(FOLLOW_LOOK_MS, enough.signal).catch(() => undefined);
  }
  await following.catchUp();
  following.dispose();
  process.off('SIGINT', stop).off('SIGTERM', stop);
  return 0;
}

/** How often is looked whether a followed run still has an owner, in milliseconds. */
const FOLLOW_LOOK_MS = 1_000;

/** Looks in a row at which a followed run is paused, until nobody is thought to go on with it. */
const FOLLOW_RESTS_MAX = 5;

/** Shows a run: as it stands, as it was at one of its lines, along its time, or word for word. */
export async function show(desk: Desk, id: string): Promise<number> {
  const { console, options } = desk;
  if (options.follow) return showLive(desk, id);
  if (options.timeline) return showTimeline(desk, id);
  if (options.step !== undefined) return showStep(desk, id, options.step);
  const view = await viewOf(desk, id);
  if (options.fork.task !== undefined) return showTask(desk, view, options.fork.task);
  if (options.diff) throw new UsageError('--diff needs --task ID: it shows what that task changed.');
  if (options.transcript) {
    console.line(transcriptOf(view).trimEnd());
    return 0;
  }
  if (options.pullRequest) {
    console.line(plainText(pullRequestText(view)).trimEnd());
    return 0;
  }
  if (options.ledger) {
    if (options.json) console.line(ledgerJson(view));
    else console.say(plainText(ledgerText(view)));
    return 0;
  }
  if (options.facts) {
    if (options.json) for (const fact of factsOf(view)) console.line(JSON.stringify(fact));
    else console.say(plainText(factsText(view)));
    return 0;
  }
  if (options.registry) {
    if (options.json) console.line(registryJson(view));
    else console.say(plainText(registryText(view)));
    return 0;
  }
  if (options.messages.shown) {
    const { about } = options.messages;
    if (options.json) for (const each of messagesOf(view, about)) console.line(JSON.stringify(each));
    else console.say(plainText(messagesText(view, about)));
    return 0;
  }
  if (options.json) console.line(JSON.stringify(view));
  else for (const part of shown(view, options)) console.say(part);
  return 0;
}

/** One task: what it was to do, how far it is, the evidence; or the diff of what it changed. Errors: `UsageError`. */
async function showTask({ house, console, options }: Desk, view: RunView, id: string): Promise<number> {
  const task = view.tasks.find(({ spec }) => spec.id === id);
  if (!task) {
    const ids = view.tasks.map(({ spec }) => spec.id).join(', ');
    throw new UsageError(`The run has no task "${id}". Tasks: ${ids === '' ? 'none yet' : ids}.`);
  }
  if (options.diff) {
    const text = await taskDiffText(house.ports.copies, view, id);
    if (text === '') console.say(`Nothing of "${id}" is merged.`);
    else console.line(plainText(text).trimEnd());
    return 0;
  }
  if (options.json) console.line(JSON.stringify(task));
  else console.say(plainText(taskText(view, task)));
  return 0;
}

/** The state as it is, or as it was after the line that `--at` names. */
const viewOf = ({ house, options }: Desk, id: string): Promise<RunView> =>
  options.fork.at === undefined ? house.views.view(id) : createRunRecord(house.ports, id).at(options.fork.at);

async function showTimeline({ house, console, options }: Desk, id: string): Promise<number> {
  const timeline = await createRunRecord(house.ports, id).timeline();
  console.line(options.json ? JSON.stringify(timeline) : plainText(timelineText(timeline)));
  return 0;
}

/** What a model was told and said, what a tool was asked and answered, or what a message says. */
async function showStep({ house, console, options }: Desk, id: string, seq: number): Promise<number> {
  const record = createRunRecord(house.ports, id);
  if (options.json) console.line((await record.text(seq, 'line')).trimEnd());
  else {
    const prompt = options.prompt ? [await record.text(seq, 'prompt')] : [];
    console.line([...prompt, await record.text(seq, 'output')].join('\n').trimEnd());
  }
  return 0;
}

function shown(view: RunView, options: RunOptions): readonly string[] {
  const { cutOffTokens } = sumOf(view.ledger);
  const lines = taskLines(view);
  const gate = view.evidence.accepted ?? view.evidence.integrated;
  const last = view.unreadable
    ? unreadableText(view.id, view.unreadable)
    : (view.finished?.message ?? view.paused?.message);
  return [
    `${view.id}: ${view.unreadable?.why ?? view.status}\nGoal: ${shortened(view.goal, GOAL_CHARS_MAX)}\n${view.spent.calls} model calls, ${view.spent.inputTokens + view.spent.outputTokens} tokens, ${costText(view.spent.costUsd)}`,
    ...(view.picked === undefined ? [] : [`Model: ${view.picked}, picked for every role`]),
    ...(cutOffTokens > 0
      ? [`${cutOffTokens} more tokens count that were held for calls that were cut off.`]
      : []),
    ...(view.forked
      ? [`Forked from ${view.forked.run} at line ${view.forked.seq}; what came before was paid for there.`]
      : []),
    ...view.tasks.flatMap((task) => [
      lines.get(task.spec.id) ?? '',
      ...(task.blame ? blameLines(task.blame).map((line) => `    ${line}`) : []),
      ...boardText(task),
    ]),
    ...agentLines(view),
    ...matchLines(view),
    ...(view.kept ?? []).map((kept) => `  ${keptText(kept)} quartet kept ${view.id}`),
    ...teamText(view),
    ...(gate ? [`Tests: ${gateText(gate)}`, ...evidenceLines(gate)] : []),
    ...(view.changes?.files ?? []).map(
      (file) => `  ${file.kind.padEnd(8)} ${file.path} (+${file.additions} -${file.deletions})`,
    ),
    ...(view.summary ? [`\n${view.summary.title}\n\n${view.summary.body}`] : []),
    ...(view.answer ? [`\n${view.answer.text}`] : []),
    ...view.needs.map((need) => openText(need, view, options)),
    ...(last === undefined ? [] : [`\n${last}`]),
  ];
}
