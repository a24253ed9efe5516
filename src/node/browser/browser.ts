/** The browser of this machine, for one look at a time: started in the sandbox of the agent's commands where that can be, and gone after. */
import { dirname } from 'node:path';
import {
  PortError,
  type Browser,
  type BrowserStart,
  type PageRequest,
  type PageSeen,
} from '../../core/ports.ts';
import type { NodeShell } from '../shell.ts';
import { createDevtools } from './devtools.ts';
import { browserFlags } from './flags.ts';
import { findBrowser } from './places.ts';
import { visit } from './visit.ts';

/** What the browser printed last, where it does not start. */
const SAID_CHARS = 400;
const OUTPUT_CHARS = 20_000;

export function createBrowser(shell: Pick<NodeShell, 'talkTo' | 'enforced'>): Browser {
  return {
    async look(request, start, signal) {
      signal.throwIfAborted();
      const program = findBrowser(start.program);
      const confined = await confinementFor(shell, start, program);
      const { by } = await shell.enforced(confined);
      const ownSandbox = by === 'none' && process.getuid?.() !== 0;
      const running = await shell.talkTo(
        { program, args: browserFlags({ profile: start.profile, ownSandbox }) },
        {
          cwd: start.profile,
          outputChars: OUTPUT_CHARS,
          label: start.label,
          confined,
          beside: start.beside,
        },
      );
      const limit = AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]);
      try {
        running.begin();
        const seen = await within(limit, looked(running, request, limit));
        return { ...seen, enforced: running.enforced };
      } catch (error) {
        signal.throwIfAborted();
        throw explained(error, { limit, request, said: running.stderr.text() });
      } finally {
        await running.end();
      }
    },
  };
}

/**
 * As the agent's commands are held. macOS' sandbox starts no browser; there the loopback is the machine's own in any case, so the
 * browser's own sandbox holds its pages, unless commands are to have no network at all.
 */
async function confinementFor(
  shell: Pick<NodeShell, 'enforced'>,
  { confined, profile }: BrowserStart,
  program: string,
): Promise<BrowserStart['confined']> {
  const { by, network } = await shell.enforced(confined);
  if (by === 'seatbelt') {
    if (network === 'none')
      throw new PortError(
        'browser.failed',
        'The browser is not started: commands have no network here (quartet.sandbox.network, --network), so no server can be reached.',
      );
    return { ...confined, mode: 'off' };
  }
  return { ...confined, writable: [profile], readable: [...confined.readable, dirname(program)] };
}

async function looked(
  running: Awaited<ReturnType<NodeShell['talkTo']>>,
  request: PageRequest,
  signal: AbortSignal,
): Promise<Omit<PageSeen, 'enforced'>> {
  if (!running.talk) throw new PortError('browser.failed', 'The browser cannot be talked to.');
  // What cannot start says why.
  const dead = running.exited.then((code) => {
    throw new PortError('browser.failed', `The browser ended (exit code ${code ?? 'none'}).`);
  });
  dead.catch(() => undefined);
  return Promise.race([visit(createDevtools(running.talk), request, signal), dead]);
}

function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  const over = new Promise<never>((_resolve, reject) => {
    const end = (): void => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
  return Promise.race([work, over]);
}

interface Circumstances {
  readonly limit: AbortSignal;
  readonly request: PageRequest;
  readonly said: string;
}

function explained(error: unknown, { limit, request, said }: Circumstances): unknown {
  if (limit.aborted)
    return new PortError(
      'browser.failed',
      `The browser took longer than ${request.timeoutMs / 1000} seconds and was ended.`,
    );
  if (!(error instanceof PortError) || error.code !== 'browser.failed' || said.trim() === '') return error;
  return new PortError('browser.failed', `${error.message} It said: ${said.trim().slice(-SAID_CHARS)}`);
}
