/** What a team shares, in lines. */
import { answeredText, consensusText } from '../core/team/consensus.ts';
import { guardText } from '../core/run/views/guard-text.ts';
import { sizedText } from '../core/run/views/state-feed.ts';
import { deadText, isAbout, isDead, type FactView, type MessageView } from '../protocol/team-view.ts';
import { presentOf } from '../protocol/present.ts';
import type { RunView } from '../protocol/view.ts';
import { costText } from './ledger-text.ts';
import { shortened } from './story.ts';

/** What each agent at work does and took; how full its model's window is, also of those that are done. Whom it waits for stands below. */
export function agentLines(view: RunView): readonly string[] {
  const present = new Map(presentOf(view).agents.map((each) => [each.agent.id, each]));
  return view.agents.flatMap(({ id, state, context }) => {
    const now = present.get(id);
    const facts = [
      ...(now ? [now.need ? 'waits for you' : (now.step?.title ?? state)] : []),
      ...(now && now.tokens > 0 ? [`${String(now.tokens)} tokens`, costText(now.costUsd)] : []),
      ...(context ? [`context ${String(context.tokens)} of ${String(context.window)} tokens`] : []),
    ];
    return facts.length === 0 ? [] : [`  ${id}: ${facts.join(', ')}`];
  });
}

/** What the team knows, what guards tried, who waits for whom: one line each. */
export function teamText({ team }: RunView): readonly string[] {
  const { facts = [], guards = [], waits = [], consensus = [], answered = [], size } = team ?? {};
  return [
    ...(size ? [`  ${sizedText(size)}`] : []),
    ...facts.map(({ key, text, version, by }) => `  fact ${key} (v${String(version)}, ${by}): ${text}`),
    ...consensus.map((each) => `  ${consensusText(each).replaceAll('\n', '\n  ')}`),
    ...answered.map((each) => `  ${answeredText(each).replaceAll('\n', '\n  ')}`),
    ...guards.map((guard) => `  guard: ${guardText(guard)}`),
    ...waits.map(({ who, on, why }) => `  ${who} waits for ${on}: ${why}`),
  ];
}

/** What the team has established, the one noted last at the end. */
export const factsOf = ({ team }: RunView): readonly FactView[] => team?.facts ?? [];

export function factsText(view: RunView): string {
  const facts = factsOf(view);
  return facts.length === 0 ? 'The team has noted no facts.' : facts.map(factText).join('\n');
}

/** A fact in full, with who says so and what it took the place of. Further lines are set in. */
function factText({ id, key, text, version, by, task, tainted, former }: FactView): string {
  const author = `${by}${task === undefined ? '' : ` of ${task}`}`;
  return [
    `${key} (version ${String(version)}, ${author}, line ${String(id)})`,
    text,
    ...(former ? [`before, by ${former.by}: ${shortened(former.text, TEXT_CHARS_MAX)}`] : []),
    ...(tainted === undefined ? [] : [`its author has read ${tainted}`]),
  ]
    .join('\n')
    .replaceAll('\n', '\n    ');
}

const TEXT_CHARS_MAX = 300;

/** The messages of a run that are about the words, and what became of each. */
export function messagesOf({ team }: RunView, words: string | undefined): readonly MessageView[] {
  const { messages = [] } = team ?? {};
  return words === undefined ? messages : messages.filter((message) => isAbout(message, words));
}

export function messagesText(view: RunView, words: string | undefined): string {
  const messages = messagesOf(view, words);
  if (messages.length === 0) return words === undefined ? 'No messages.' : `No messages about "${words}".`;
  const hint = !messages.some(isDead)
    ? []
    : [`Send one again, while the run is not finished: quartet resend ${view.id} NUMBER`];
  return [...messages.map(messageText), ...hint].join('\n');
}

/** The event plainly, whatever else by its name. */
const headersText = (headers: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(headers).map(([name, value]) => (name === 'event' ? value : `${name} ${value}`));

function messageText(message: MessageView): string {
  const { id, from, to, task, kind, priority, text, state, readBy, headers = {} } = message;
  const marks = [kind, priority].filter((mark) => mark !== undefined && mark !== 'notification');
  const about = [...(task === undefined ? [] : [task]), ...marks, ...headersText(headers)];
  const read = state === 'read' ? [`read by ${readBy.join(', ')}`] : state === 'dead' ? [] : [state];
  const became = [...read, ...(isDead(message) ? [`not read: ${deadText(message)}`] : [])].join('; ');
  return `${String(id)}  ${from} to ${to}${about.length === 0 ? '' : ` (${about.join(', ')})`}: ${shortened(text, TEXT_CHARS_MAX)}\n    ${became}`;
}
