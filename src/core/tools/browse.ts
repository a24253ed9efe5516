/** `browse_page`: opens a page of a server on this machine in the person's browser, looks, and closes it. Off until enabled. */
import * as z from 'zod';
import type { PageSeen } from '../ports.ts';
import { defineTool, error, type Observation } from './contract.ts';

const TEXT_CHARS_MAX = 20_000;
const TIME_MS_MAX = 45_000;

const OFF = error('There is no browser here: it is not enabled, or this door cannot start one.');

export const browsePage = defineTool({
  name: 'browse_page',
  description:
    'See a page of a server on this machine in a real browser: text, console, errors, failed requests, screenshot. Start the server in the background first.',
  args: z.object({
    url: z.string().min(1).max(2000).describe('http://localhost:3000/path'),
    wait_for: z.string().min(1).max(300).optional().describe('text to wait for'),
  }),
  effect: 'browse',
  needs: 'browse',
  title: ({ url }) => `Open ${url.slice(0, 120)}`,
  subject: ({ url }) => ({ urls: [url] }),
  run: async ({ url, wait_for }, { browse }, context) => {
    if (!browse) return OFF;
    const seen = await browse(
      {
        url,
        textCharsMax: TEXT_CHARS_MAX,
        timeoutMs: TIME_MS_MAX,
        ...(wait_for !== undefined && { waitFor: wait_for }),
      },
      context,
    );
    return told(url, seen);
  },
});

/** What the agent hears of a page. */
function told(asked: string, seen: PageSeen): Observation {
  const { enforced, problem, screenshot } = seen;
  const failed = problem !== undefined;
  const text = [
    `${seen.url || asked}${seen.status === undefined ? '' : ` [status ${String(seen.status)}]`}`,
    ...(failed ? [problemText(problem, seen)] : []),
    ...(seen.title === '' ? [] : [`Title: ${seen.title}`]),
    ...(failed && seen.text === ''
      ? []
      : [`\n${seen.text === '' ? '(The page shows no text.)' : seen.text}`]),
    ...list('Uncaught errors', seen.errors),
    ...list('Console', seen.console),
    ...list('Failed requests', seen.failed),
    ...list('Blocked, because they lead away from this machine', seen.blocked),
    ...(screenshot === undefined ? ['\n[There is no screenshot.]'] : []),
  ].join('\n');
  const picture = screenshot !== undefined && {
    picture: { name: `screenshot of ${asked}`, base64: screenshot },
  };
  return { state: failed ? 'error' : 'ok', text, enforced, ...picture };
}

const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`\n${title}:`, ...lines.map((line) => `- ${line}`)];

/** A server that cannot be reached is often one that runs elsewhere than the browser may look. */
function problemText(problem: string, { enforced }: PageSeen): string {
  if (!/ERR_CONNECTION_REFUSED|ERR_ADDRESS_UNREACHABLE/u.test(problem)) return problem;
  const where =
    enforced.network === 'none'
      ? 'The browser runs in the sandbox of your commands, so it reaches servers that you started there with run_command and background (without network), while they run. A server that the person runs outside of it is not reached, unless they let commands use the whole network (quartet.sandbox.network or --network: all).'
      : 'Start it with run_command and background, and wait until it is ready.';
  return `${problem}: nothing listens there. ${where}`;
}
