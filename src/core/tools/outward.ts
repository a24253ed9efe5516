/**
 * Calls that reach out, and what an agent may still do once it has read what strangers wrote. Whoever has read text from the web or a
 * server of tools is tainted for the rest of its life: from then on everything that goes out, and every write to what is protected, is a
 * question again, whatever was allowed before. Whoever reads what a tainted agent says is tainted as well. The taint is a fold of the
 * agent's finished calls, of the messages that its turns recorded and of what it was handed, so a replay has it as the run had.
 */
import { confine } from '../policy/paths.ts';
import { protectedPath } from '../policy/protected.ts';
import { judgeLocalUrl } from '../policy/local-urls.ts';
import { judgeUrl } from '../policy/urls.ts';
import type { Subject, Tool } from './contract.ts';

/** What an agent has read, and what it was allowed since. */
export interface Taint {
  /** What it read first, in words; undefined where it is clean. */
  by: string | undefined;
  /** Origins that the person let it read on from. */
  readonly origins: Set<string>;
}

export const createTaint = (): Taint => ({ by: undefined, origins: new Set() });

export type Reach =
  { readonly decision: 'allow' } | { readonly decision: 'ask' | 'deny'; readonly why: string };

/** What can be reached at all. */
export interface Within {
  /** Hosts of the web that may be reached. */
  readonly domains: readonly string[];
  /** Commands, and with them the browser, reach nothing but what they started. */
  readonly held: boolean;
}

/** Whether a call may go where it wants, and whether its agent is tainted; the rest is policy's. */
export function judgeReach(tool: Tool, subject: Subject, taint: Taint, { domains, held }: Within): Reach {
  for (const url of subject.urls ?? []) {
    const judged = tool.effect === 'browse' ? judgeLocalUrl(url) : judgeUrl(url, domains);
    if (!judged.ok) return { decision: 'deny', why: judged.why };
  }
  const bound = taint.by === undefined || (held && tool.effect === 'browse');
  const tainted = bound ? undefined : afterReading(tool, subject, taint);
  return tainted === undefined ? { decision: 'allow' } : { decision: 'ask', why: tainted };
}

function afterReading(tool: Tool, subject: Subject, { by = '', origins }: Taint): string | undefined {
  const read = `the agent has read what strangers wrote (${by}) and may follow it`;
  if (tool.effect === 'outward' || tool.effect === 'browse')
    return isKnown(subject, origins) ? undefined : read;
  if (tool.effect !== 'edit') return undefined;
  const guarded = (subject.paths ?? []).find((path) => {
    const confined = confine(path);
    return !confined.ok || protectedPath(confined.path) !== undefined;
  });
  return guarded === undefined ? undefined : `${guarded} is protected, and ${read}`;
}

const originOf = (url: string): string => URL.parse(url)?.origin ?? url;

/** Reading on from where the person let it read is no new question; sending is. */
function isKnown({ urls = [], changes, sends }: Subject, origins: ReadonlySet<string>): boolean {
  return (
    urls.length > 0 &&
    changes !== true &&
    sends === undefined &&
    urls.every((url) => origins.has(originOf(url)))
  );
}

/** The person let this call through. */
export function letThrough(subject: Subject, taint: Taint): void {
  for (const url of subject.urls ?? []) taint.origins.add(originOf(url));
}

/** The call gave the agent something to read. */
export function haveRead(tool: Tool, title: string, taint: Taint): void {
  if (tool.taints === true) taint.by ??= title;
}

const PASSED_ON = ', as told by ';

/** A teammate who has read `by` told the agent something; `undefined`: one who has read nothing of strangers. */
export function haveHeard(role: string, by: string | undefined, taint: Taint): void {
  if (by === undefined) return;
  taint.by ??= by.includes(PASSED_ON) ? by : `${by}${PASSED_ON}${role}`;
}

/** The field of a message that says what its author has read. */
export const taintOf = ({ by }: Pick<Taint, 'by'>): { readonly tainted?: string } =>
  by === undefined ? {} : { tainted: by };

/** What a call touches, in words for the person who is asked. */
export function touched({ command, code, paths = [], urls = [], sends }: Subject): string {
  return [command ?? code?.text ?? paths.join(', '), ...urls, sends ?? '']
    .filter((part) => part !== '')
    .join('\n');
}
