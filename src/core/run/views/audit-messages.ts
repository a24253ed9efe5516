/** The part of the audit log that lists what agents, the host and the person told each other, and what became of it. */
import type { EventData, JournalLine } from '../../../protocol/events.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { keyInStory } from '../journal/upgrade.ts';
import { proofOf, timeText, type Proof } from './audit-proof.ts';

export interface AuditMessage {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Role, or `person` or `host`; and the agent, where one spoke. */
  readonly from: string;
  readonly by?: string;
  readonly to: string;
  readonly kind: string;
  readonly task?: string;
  readonly priority?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What its author had read of strangers. */
  readonly tainted?: string;
  /** Its beginning. */
  readonly text: string;
  /** `delivered`: somebody has read it. `dead`: nobody it was for did. */
  readonly state: 'waiting' | 'delivered' | 'dead' | 'resent';
  readonly readBy: readonly string[];
  /** Why it is dead. */
  readonly why?: string;
  /** Of several it was for, those that it did not reach, and why not. */
  readonly missed?: readonly { readonly agent: string; readonly why: string }[];
  readonly proof: readonly Proof[];
}

/** Messages that are listed, the latest; further ones are counted. */
const MESSAGES_MAX = 1000;
/** Characters of each that are told: the journal has all of it. */
const TEXT_CHARS = 500;

type Draft = { -readonly [K in keyof AuditMessage]: AuditMessage[K] };

/** The messages of a journal, and how many earlier ones are left out. */
export function messagesIn(lines: readonly JournalLine[]): {
  readonly messages: readonly AuditMessage[];
  readonly earlier: number;
} {
  const drafts = new Map<string, Draft>();
  let earlier = 0;
  for (const line of lines) {
    if (line.type === 'message.posted') {
      drafts.set(keyOf(line.key), draftOf(line));
      const { resends, answers, kind, by } = line.data;
      // Whoever answers has read the question, however it came to it.
      if (answers !== undefined && kind === 'response')
        delivered(drafts, line, { agent: by ?? line.data.from, messages: [answers] });
      if (resends !== undefined) become(drafts, resends, line, { state: 'resent' });
      const [oldest] = drafts.keys();
      if (drafts.size > MESSAGES_MAX && oldest !== undefined && drafts.delete(oldest)) earlier += 1;
    }
    if (line.type === 'message.delivered') delivered(drafts, line, line.data);
    if (line.type === 'message.dead') died(drafts, line);
  }
  return { messages: [...drafts.values()], earlier };
}

/** Lives of a run that were begun anew tell the same story under keys of their own. */
const keyOf = (key: string | undefined): string => keyInStory(key ?? '');

function draftOf(line: JournalLine & { type: 'message.posted' }): Draft {
  const { from, by, to, kind = 'notification', task, priority, headers, tainted, text } = line.data;
  return {
    at: line.at,
    from,
    to,
    kind,
    text: plainText(text).slice(0, TEXT_CHARS),
    state: 'waiting',
    readBy: [],
    proof: [proofOf(line)],
    ...(by !== undefined && { by }),
    ...(task !== undefined && { task }),
    ...(priority !== undefined && { priority }),
    ...(headers && { headers }),
    ...(tainted !== undefined && { tainted }),
  };
}

function delivered(
  drafts: ReadonlyMap<string, Draft>,
  line: JournalLine,
  { agent, messages }: EventData<'message.delivered'>,
): void {
  for (const key of messages) {
    const readBy = [...new Set([...(drafts.get(keyOf(key))?.readBy ?? []), agent])];
    become(drafts, key, line, { state: 'delivered', readBy });
  }
}

function died(
  drafts: ReadonlyMap<string, Draft>,
  line: JournalLine & { readonly type: 'message.dead' },
): void {
  const { message, agent } = line.data;
  const why = plainText(line.data.why);
  const { missed = [] } = drafts.get(keyOf(message)) ?? {};
  become(
    drafts,
    message,
    line,
    agent === undefined ? { state: 'dead', why } : { missed: [...missed, { agent, why }] },
  );
}

function become(
  drafts: ReadonlyMap<string, Draft>,
  key: string,
  line: JournalLine,
  change: Partial<AuditMessage>,
): void {
  const draft = drafts.get(keyOf(key));
  if (draft) Object.assign(draft, change, { proof: [...draft.proof, proofOf(line)] });
}

/** For people: one block a message. */
export function messageText(message: AuditMessage): string {
  const {
    from,
    by,
    to,
    kind,
    task,
    priority,
    headers = {},
    tainted,
    text,
    state,
    readBy,
    why,
    missed = [],
    proof,
  } = message;
  const about = [
    kind,
    ...(task === undefined ? [] : [task]),
    ...(priority === undefined ? [] : [`${priority} priority`]),
    ...Object.entries(headers).map(([name, value]) => `${name} ${plainText(value)}`),
  ];
  const became = {
    waiting: 'not read yet',
    delivered: `read by ${readBy.join(', ')}`,
    resent: 'sent again by you',
  };
  return [
    `${timeText(message.at)}  ${from} to ${to}  (${about.join(', ')})`,
    ...text.split('\n').map((row) => `    ${row}`),
    ...(by === undefined ? [] : [`  said by ${by}`]),
    ...(tainted === undefined ? [] : [`  its author had read ${plainText(tainted)}`]),
    `  ${state === 'dead' ? `dead: ${why ?? ''}` : became[state]}`,
    ...missed.map((each) => `  not by ${each.agent}: ${each.why}`),
    `  lines ${proof.map(({ seq, sum }) => `${String(seq)} ${sum.slice(0, 12)}`).join(', ')}`,
    '',
  ].join('\n');
}
