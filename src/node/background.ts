/** Commands that keep running while others work beside them. They belong to a working copy, and die with it and with this process. */
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import {
  PortError,
  type BackgroundCommands,
  type BackgroundStart,
  type BackgroundState,
  type ShellCommand,
} from '../core/ports.ts';
import { launchCommand, type LaunchOptions, type Running } from './launching.ts';

/** How often is looked whether a command is ready, in milliseconds. */
const LOOK_MS = 50;
/** What servers print once they listen. */
const READY =
  /\b(listening|ready|running at|started (server )?(on|at)|serving)\b|https?:\/\/(localhost|127\.)/iu;

/** A command in the background. */
interface Kept {
  readonly owner: string;
  readonly running: Running;
  ready: boolean;
  ended: boolean;
  exitCode: number | null;
  /** Characters of each stream that were told. */
  readonly told: { out: number; err: number };
}

export interface Background extends BackgroundCommands {
  /** Process id of the world whose network a command enters to reach what runs beside it. */
  worldFor(command: Pick<ShellCommand, 'beside' | 'confined'>): number | undefined;
}

export function createBackground(options: LaunchOptions): Background {
  const kept = new Map<string, Kept>();
  const living = (owner: string) => [...kept.values()].filter((one) => one.owner === owner && !one.ended);
  const worldFor: Background['worldFor'] = ({ beside, confined }) => {
    if (beside === undefined || confined?.network === 'all') return undefined;
    // Nobody gets a network by entering that of another.
    const closed = living(beside).filter(({ running }) => running.enforced.network === 'none');
    return closed.map(({ running }) => running.world()).find((pid) => pid !== undefined);
  };
  const end = async (handle: string) => {
    const one = kept.get(handle);
    if (!one) return undefined;
    await one.running.end();
    kept.delete(handle);
    return stateOf({ ...one, ended: true });
  };
  return {
    worldFor,
    async start(command, signal) {
      signal.throwIfAborted();
      const { handle, owner, ownedMax } = command;
      if (living(owner).length >= ownedMax) throw tooMany(ownedMax);
      const joins = worldFor({ ...command, beside: owner });
      const running = await launchCommand({ ...command, joinable: joins === undefined, joins }, options);
      const one: Kept = {
        ...{ owner, running, ready: false, ended: false, exitCode: null, told: { out: 0, err: 0 } },
      };
      kept.set(handle, one);
      const over = (exitCode: number | null) => {
        Object.assign(one, { ended: true, exitCode });
        return running.end();
      };
      running.exited.then(over, () => over(null)).catch(() => undefined);
      try {
        await untilReady(one, { ...command, before: await portsIn(joins) }, signal);
      } catch (error) {
        await end(handle);
        throw error;
      }
      return stateOf(one);
    },
    read: (handle) => {
      const one = kept.get(handle);
      return Promise.resolve(one && stateOf(one));
    },
    stop: end,
    async endAll(ownersFrom) {
      const theirs = [...kept].filter(([, { owner }]) => owner.startsWith(ownersFrom));
      await Promise.all(theirs.map(([handle]) => end(handle).catch(() => undefined)));
    },
  };
}

function tooMany(max: number): PortError {
  const message = `${max} background commands run already; end one with stop_command first.`;
  return new PortError('background.limit', message);
}

interface Readiness extends Pick<BackgroundStart, 'readyMs' | 'readyWhen'> {
  /** Ports of its network that were listened on before. */
  readonly before: ReadonlySet<string>;
}

/** Errors: what keeps it from starting, and the signal's reason. */
async function untilReady(one: Kept, how: Readiness, signal: AbortSignal): Promise<void> {
  const { running } = one;
  running.begin();
  const over = running.exited.catch(() => undefined);
  for (const end = Date.now() + how.readyMs; Date.now() < end && !one.ended;) {
    signal.throwIfAborted();
    one.ready = await isReady(running, how);
    if (one.ready) return;
    await Promise.race([wait(LOOK_MS), over]);
  }
  if (!one.ended) return;
  await running.exited;
  await running.end();
}

async function isReady(running: Running, { readyWhen, before }: Readiness): Promise<boolean> {
  const text = `${running.stdout.since(0)}\n${running.stderr.since(0)}`;
  if (readyWhen !== undefined) return text.includes(readyWhen);
  if (READY.test(text)) return true;
  if (running.enforced.network !== 'none') return false;
  return [...(await portsIn(running.world()))].some((port) => !before.has(port));
}

/** Ports that are listened on in the network of a world. */
async function portsIn(pid: number | undefined): Promise<ReadonlySet<string>> {
  if (pid === undefined) return new Set();
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8').catch(() => '')),
  );
  const rows = tables.join('\n').matchAll(/^\s*\d+: \S+:([0-9A-F]{4}) \S+ 0A /gmu);
  return new Set([...rows].map(([, port]) => port ?? ''));
}

function stateOf(one: Kept): BackgroundState {
  const { running, ready, ended, exitCode, told } = one;
  const output = [running.stdout.since(told.out), running.stderr.since(told.err)];
  told.out = running.stdout.length();
  told.err = running.stderr.length();
  return {
    running: !ended,
    ready,
    exitCode,
    output: output.filter((text) => text !== '').join('\n'),
    enforced: running.enforced,
  };
}
