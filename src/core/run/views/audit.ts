/**
 * The audit log: who asked for what, who allowed it, what ran and what it touched. A fold of the journal, each entry with the lines it
 * rests on and their sums, so that whoever holds the journal can check it.
 */
import type { Actor, EventData, JournalLine } from '../../../protocol/events.ts';
import { PermissionAnswer } from '../../../protocol/answers.ts';
import { plainText } from '../../policy/terminal-text.ts';
import type { Hasher, RunStore } from '../../ports.ts';
import { readJournal, storedJournal } from '../journal/reader.ts';
import { messagesIn, messageText, type AuditMessage } from './audit-messages.ts';
import { proofOf, timeText, type Proof } from './audit-proof.ts';

export interface AuditEntry {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: Actor;
  readonly tool: string;
  /** Command line, paths, or the arguments as the model wrote them. */
  readonly what: string;
  readonly decision: 'allow' | 'ask' | 'deny';
  /** Who or what decided: `default`, `autonomy`, `rule`, `workspace`, `remembered`, `limit`, `person`. */
  readonly by: string;
  readonly why: string;
  readonly rule?: string;
  /** The person's answer, and from where it came. */
  readonly answer?: {
    readonly allowed: boolean;
    readonly always: boolean;
    readonly from: string;
    readonly reason?: string;
  };
  /** How it went: absent where it never ran. */
  readonly outcome?: 'ok' | 'error' | 'denied' | 'failed' | 'interrupted';
  readonly touched: readonly string[];
  readonly putBack: readonly string[];
  readonly proof: readonly Proof[];
}

export interface Audit {
  readonly run: string;
  readonly goal: string;
  readonly startedAt: number;
  /** Autonomy and rules in force, as recorded when the run began. */
  readonly policy: unknown;
  readonly entries: readonly AuditEntry[];
  readonly alerts: readonly { readonly at: number; readonly message: string; readonly proof: Proof }[];
  /** What agents, the host and the person told each other, the latest, oldest first; and how many earlier ones there are. */
  readonly messages: readonly AuditMessage[];
  readonly earlierMessages: number;
  /** The end of the chain that was checked while it was read. */
  readonly lines: number;
  readonly sum: string;
}

/** Reads and checks a run's journal. Errors: `run.missing`, `journal.damaged`. */
export async function auditRun(store: RunStore, hasher: Hasher, runId: string): Promise<Audit> {
  const { lines, end } = await readJournal(storedJournal(store, runId), hasher);
  const outputs = new Map<string, unknown>();
  for (const line of lines)
    if (line.type === 'step.finished' && line.data.blob !== undefined && isToolEnd(line))
      outputs.set(line.data.blob, JSON.parse(await store.readBlob(runId, line.data.blob)));
  return { ...auditOf(lines, (sha256) => outputs.get(sha256)), lines: end.seq, sum: end.sum };
}

/** Blobs are read for tool calls only. */
const isToolEnd = (line: JournalLine): boolean => /\/tool\/\d+$/u.test(line.key ?? '');

type Draft = { -readonly [K in keyof AuditEntry]: AuditEntry[K] };

/** The fold. `blob` gives outputs that were too long for their line. */
export function auditOf(
  lines: readonly JournalLine[],
  blob: (sha256: string) => unknown,
): Omit<Audit, 'lines' | 'sum'> {
  const entries = new Map<string, Draft>();
  const alerts: Audit['alerts'][number][] = [];
  const [first] = lines;
  for (const line of lines) {
    if (line.type === 'alert.raised')
      alerts.push({ at: line.at, message: plainText(line.data.message), proof: proofOf(line) });
    const key = callOf(line);
    if (key === undefined) continue;
    const entry = entries.get(key) ?? begin(line);
    if (!entry) continue;
    entries.set(key, entry);
    entry.proof = [...entry.proof, proofOf(line)];
    advance(entry, line, blob);
  }
  const { messages, earlier } = messagesIn(lines);
  const started = first?.type === 'run.started' ? first.data : undefined;
  return {
    run: started?.run ?? '',
    goal: plainText(started?.goal ?? ''),
    startedAt: first?.at ?? 0,
    policy: started?.settings.policy ?? null,
    entries: [...entries.values()],
    alerts,
    messages,
    earlierMessages: earlier,
  };
}

/** The key of the tool call that a line is about. */
function callOf(line: JournalLine): string | undefined {
  const key = line.key?.replace(/^permission\//u, '').replace(/\/(policy|remember|limit)$/u, '');
  return key !== undefined && /\/tool\/\d+$/u.test(key) ? key : undefined;
}

/** Only what changes something, asks or is refused is an entry; looking at a file is not. */
function begin(line: JournalLine): Draft | undefined {
  const common = { at: line.at, by: 'default', why: '', touched: [], putBack: [], proof: [] };
  if (line.type === 'policy.decided') {
    const { who = { role: 'host' }, tool, decision, command, paths = [], urls = [] } = line.data;
    return { ...common, who, tool, decision, what: command ?? [...paths, ...urls].join(', ') };
  }
  if (line.type !== 'step.started' || line.data.kind !== 'tool') return undefined;
  const tool = toolIn(line.data.input);
  if (tool === undefined || LOOKING.test(tool)) return undefined;
  return {
    ...common,
    who: line.data.who ?? { role: 'host' },
    tool,
    decision: 'allow',
    what: plainText(line.data.title),
  };
}

const LOOKING = /^(read_file|read_more|list_files|search_text|find_\w+|get_diagnostics|git_\w+)$/u;

function toolIn(input: unknown): string | undefined {
  const tool = typeof input === 'object' && input !== null && 'tool' in input ? input.tool : undefined;
  return typeof tool === 'string' ? tool : undefined;
}

function advance(entry: Draft, line: JournalLine, blob: (sha256: string) => unknown): void {
  switch (line.type) {
    case 'policy.decided':
      decided(entry, line.data);
      break;
    case 'policy.enforced':
      entry.putBack = line.data.paths;
      break;
    case 'signal.received':
      answered(entry, line.data);
      break;
    case 'step.started':
      if (line.data.kind === 'tool') entry.outcome = 'interrupted';
      break;
    case 'step.failed':
      entry.outcome = 'failed';
      break;
    case 'step.finished':
      if (isToolEnd(line))
        ended(entry, line.data.blob === undefined ? line.data.output : blob(line.data.blob));
      break;
    default:
  }
}

function decided(entry: Draft, { decision, by, why, rule }: EventData<'policy.decided'>): void {
  entry.decision = decision;
  entry.by = by;
  entry.why = why;
  if (rule !== undefined) entry.rule = rule;
}

function answered(entry: Draft, { value, from }: EventData<'signal.received'>): void {
  const answer = PermissionAnswer.safeParse(value);
  if (!answer.success) return;
  const { allow, always = false, reason } = answer.data;
  entry.answer = { allowed: allow, always, from, ...(reason !== undefined && { reason }) };
}

function ended(entry: Draft, output: unknown): void {
  if (typeof output !== 'object' || output === null) return;
  const state = 'state' in output ? output.state : undefined;
  if (state === 'ok' || state === 'error' || state === 'denied') entry.outcome = state;
  if ('touched' in output && Array.isArray(output.touched)) entry.touched = output.touched.map(String);
}

/** The log in lines for people. */
export function auditText(audit: Audit): string {
  const head = [
    `Audit log of ${audit.run}`,
    `Goal: ${audit.goal.split('\n')[0] ?? ''}`,
    `Began: ${timeText(audit.startedAt)} UTC`,
    `Checked: ${String(audit.lines)} lines, the last with the sum ${audit.sum}`,
    `Policy: ${audit.policy === null ? 'the default' : JSON.stringify(audit.policy)}`,
    '',
  ];
  const alerts = audit.alerts.map(
    ({ at, message, proof }) => `! ${timeText(at)}  ${message}  [line ${String(proof.seq)}]`,
  );
  const none = audit.entries.length === 0 ? ['Nothing was asked for, changed or refused.'] : [];
  return [
    ...head,
    ...none,
    ...audit.entries.map(entryText),
    ...messagesText(audit),
    ...(alerts.length > 0 ? ['', 'Alerts', ...alerts] : []),
    '',
  ].join('\n');
}

function messagesText({ messages, earlierMessages: earlier }: Audit): readonly string[] {
  if (messages.length === 0) return [];
  const left =
    earlier === 0 ? [] : [`(${String(earlier)} earlier ones are not listed; the journal has them)`];
  return ['Messages', ...left, '', ...messages.map(messageText)];
}

function entryText(entry: AuditEntry): string {
  const { who, answer } = entry;
  const where = who.task === undefined ? who.role : `${who.role} · ${who.task}`;
  const decision = `${DECISIONS[entry.decision]} by ${BY[entry.by] ?? entry.by}${entry.rule === undefined ? '' : ` (${entry.rule})`}: ${entry.why}`;
  return [
    `${timeText(entry.at)}  ${where}  ${entry.tool}`,
    ...entry.what.split('\n').map((row) => `    ${row}`),
    `  ${decision}`,
    ...(answer
      ? [
          `  ${answer.allowed ? (answer.always ? 'allowed for good' : 'allowed') : 'refused'} by you, from the ${answer.from}${answer.reason === undefined ? '' : `: ${answer.reason}`}`,
        ]
      : []),
    ...(entry.outcome === undefined ? ['  never ran'] : [`  outcome: ${entry.outcome}`]),
    ...(entry.touched.length > 0 ? [`  touched: ${entry.touched.join(', ')}`] : []),
    ...(entry.putBack.length > 0 ? [`  put back: ${entry.putBack.join(', ')}`] : []),
    `  lines ${entry.proof.map(({ seq, sum }) => `${String(seq)} ${sum.slice(0, 12)}`).join(', ')}`,
    '',
  ].join('\n');
}

const DECISIONS = { allow: 'allowed', ask: 'asked', deny: 'refused' } as const;
const BY: Readonly<Record<string, string>> = {
  default: 'policy',
  autonomy: 'the autonomy you set',
  rule: 'your rule',
  workspace: 'a rule of the workspace',
  remembered: 'what you allowed for good',
  limit: 'a limit on questions',
  person: 'you',
};
