/** Lines of a record as texts that a person reads: prompts, replies, tool calls, messages. */
import * as z from 'zod';
import type { JournalLine } from '../../../protocol/events.ts';
import { plainText } from '../../policy/terminal-text.ts';
import type { Prompt } from './prompts-of.ts';

/** A step as its first and last line tell of it. */
export interface RecordedStep {
  readonly start: JournalLine;
  /** Absent while it runs, and for what is no step. */
  readonly end: JournalLine | undefined;
}

/** The line as it stands. */
export const lineText = (line: JournalLine): string => `${JSON.stringify(line, undefined, 2)}\n`;

/** `text` in a fence that nothing in it closes. */
export function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/u, '')}\n${fence}`;
}

type Started = JournalLine & { type: 'step.started' };

/** What a model was told, message by message. */
export function promptText(start: Started, { messages, tools }: Prompt): string {
  const said = messages.flatMap(({ role, content, toolCalls = [] }) => [
    `## ${role}`,
    ...(content === '' ? [] : [fenced(plainText(content))]),
    ...toolCalls.map((call) => callText(call.name, call.arguments)),
  ]);
  const offered = tools.length === 0 ? 'No tools were offered.' : `Tools offered: ${tools.join(', ')}.`;
  return joined([`# Prompt: ${start.data.title}`, whoText(start), offered, ...said]);
}

const callText = (name: string, args: string): string => `**${name}**\n\n${fenced(pretty(args), 'json')}`;

function pretty(json: string): string {
  try {
    return plainText(JSON.stringify(JSON.parse(json), undefined, 2));
  } catch {
    return plainText(json);
  }
}

const whoText = ({ seq, at, key = '', data }: Started): string => {
  const { role = 'host', task } = data.who ?? {};
  const where = task === undefined ? role : `${role}, task ${task}`;
  return `${where} · line ${seq} · ${new Date(at).toISOString()} · \`${key}\``;
};

const Reply = z.object({
  content: z.string(),
  reasoning: z.string().optional(),
  toolCalls: z.array(z.object({ name: z.string(), arguments: z.string() })).default([]),
  model: z.string().optional(),
  endpoint: z.string().optional(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number() }).optional(),
});
const Observation = z.object({ text: z.string() });
const Call = z.object({ tool: z.string(), args: z.string() });

/** What came of a step, or what a message says. */
export async function outputText(
  { start, end }: RecordedStep,
  readBlob: (sha256: string) => Promise<string>,
): Promise<string> {
  if (start.type === 'message.posted') {
    const { from, to, text } = start.data;
    return joined([`# ${from} to ${to}`, `line ${start.seq} · ${new Date(start.at).toISOString()}`, text]);
  }
  if (start.type === 'fact.noted') return joined(factParts(start));
  if (start.type !== 'step.started') return joined([`# ${start.type}`, fenced(lineText(start), 'json')]);
  const heads = [`# ${start.data.title}`, whoText(start), ...calledText(start)];
  if (end === undefined) return joined([...heads, 'It has not ended.']);
  if (end.type === 'step.failed') {
    const { code, message, advice } = end.data;
    return joined([
      ...heads,
      '## Failed',
      `${message} (\`${code}\`)`,
      ...(advice === undefined ? [] : [advice]),
    ]);
  }
  if (end.type !== 'step.finished') return joined(heads);
  const output: unknown =
    end.data.blob === undefined ? end.data.output : JSON.parse(await readBlob(end.data.blob));
  return joined([...heads, ...resultText(start, output)]);
}

function factParts({ seq, at, data }: JournalLine & { type: 'fact.noted' }): readonly string[] {
  const author = `${data.by}${data.task === undefined ? '' : ` of ${data.task}`}`;
  return [
    `# ${data.key}`,
    `version ${data.version} · ${author} · line ${seq} · ${new Date(at).toISOString()}`,
    ...(data.tainted === undefined ? [] : [`Its author has read ${data.tainted}.`]),
    data.text,
  ];
}

function calledText(start: Started): readonly string[] {
  const call = Call.safeParse(start.data.input);
  return call.success ? ['## Call', callText(call.data.tool, call.data.args)] : [];
}

function resultText(start: Started, output: unknown): readonly string[] {
  if (start.data.kind === 'model') {
    const reply = Reply.safeParse(output);
    if (reply.success) return replyText(reply.data);
  }
  const observation = Observation.safeParse(output);
  if (observation.success) return ['## Result', fenced(plainText(observation.data.text))];
  return ['## Result', fenced(plainText(JSON.stringify(output ?? null, undefined, 2)), 'json')];
}

function replyText({ content, reasoning, toolCalls, ...by }: z.infer<typeof Reply>): readonly string[] {
  const { model, endpoint, usage } = by;
  const who = [model, endpoint === undefined ? undefined : `at ${endpoint}`].filter(Boolean).join(' ');
  const cost = usage && `${usage.inputTokens} tokens in, ${usage.outputTokens} out`;
  const origin = [who, cost].filter(Boolean).join(' · ');
  return [
    ...(origin === '' ? [] : [origin]),
    ...(reasoning === undefined || reasoning === '' ? [] : ['## Thinking', plainText(reasoning)]),
    ...(content === '' ? [] : ['## Reply', plainText(content)]),
    ...(toolCalls.length === 0 ? [] : ['## Calls']),
    ...toolCalls.map((call) => callText(call.name, call.arguments)),
  ];
}

const joined = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;
