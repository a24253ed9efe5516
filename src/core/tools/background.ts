/** Commands that keep running: started by `run_command`, looked at by `read_output`, ended by `stop_command` or with their task. */
import * as z from 'zod';
import { PortError, type BackgroundState, type StepContext } from '../ports.ts';
import { labelOf, type RunCommand } from './commanding.ts';
import { defineTool, error, ok, type Observation, type ToolWorld } from './contract.ts';
import { WHOLE_CHARS_MAX } from './more.ts';

/** How long a command is waited for until it is ready, in seconds, where the model names no time. */
const READY_SECONDS = 10;
const READY_SECONDS_MAX = 120;
/** Characters of the key's hash that a handle has. */
const HANDLE_CHARS = 8;

const Handle = z.string().regex(/^bg-[0-9a-f]{8}$/u, 'a handle that run_command gave, such as bg-1a2b3c4d');

/** Runs inside the step of `run_command`. */
export async function startInBackground(
  { command, cwd, network, ready_when, timeout_seconds }: RunCommand,
  world: ToolWorld,
  { key, signal }: StepContext,
): Promise<Observation> {
  const { place, limits, shell } = world;
  const handle = `bg-${world.hash(key).slice(0, HANDLE_CHARS)}`;
  const confined = world.confine([place.root]);
  try {
    const state = await shell.background.start(
      {
        handle,
        owner: place.root,
        ownedMax: limits.background,
        command,
        cwd: cwd === undefined ? place.root : `${place.root}/${cwd}`,
        outputChars: WHOLE_CHARS_MAX / 2,
        label: `${labelOf(world)} · ${handle}`,
        confined: network ? { ...confined, network: 'all' } : confined,
        beside: place.root,
        ...(world.env && { env: world.env() }),
        readyMs: Math.min(timeout_seconds ?? READY_SECONDS, READY_SECONDS_MAX) * 1000,
        ...(ready_when !== undefined && { readyWhen: ready_when }),
      },
      signal,
    );
    return started(handle, state);
  } catch (failure) {
    if (!(failure instanceof PortError) || failure.code !== 'background.limit') throw failure;
    return { ...error(failure.message), limit: { limit: 'background', value: limits.background } };
  }
}

function started(handle: string, state: BackgroundState): Observation {
  const { enforced } = state;
  if (!state.running) return { ...error(`It ended at once.\n${textOf(state)}`), enforced };
  const how = state.ready
    ? 'It is ready.'
    : 'It runs; whether it is ready is not known yet, so look with read_output.';
  return { ...ok(`Handle: ${handle}\n${how} It ends with your task.\n${textOf(state)}`), enforced };
}

function textOf(state: BackgroundState): string {
  const end = state.running
    ? '[running]'
    : `[ended, exit code ${state.exitCode ?? 'none: ended by a signal'}]`;
  return `${state.output}\n${end}`;
}

/** What was started in an earlier process died with it, and the record says so. */
function gone(handle: string): Observation {
  return error(
    `${handle} does not run: it was stopped, or it ended with the process that started it, as when a run is paused. Start it again if you need it.`,
  );
}

export const readOutput = defineTool({
  name: 'read_output',
  description:
    'What a background command printed since last read, and whether it runs. `wait_seconds` waits first.',
  args: z.object({ handle: Handle, wait_seconds: z.number().int().min(0).max(60).optional() }),
  effect: 'read',
  title: ({ handle }) => `Read the output of ${handle}`,
  subject: () => ({}),
  run: async ({ handle, wait_seconds }, { shell, sleep }, { signal }) => {
    if (wait_seconds !== undefined && wait_seconds > 0) await sleep(wait_seconds * 1000, signal);
    const state = await shell.background.read(handle);
    if (!state) return gone(handle);
    return { ...ok(textOf(state)), enforced: state.enforced };
  },
});

export const stopCommand = defineTool({
  name: 'stop_command',
  description: 'End a background command and read the rest of its output.',
  args: z.object({ handle: Handle }),
  effect: 'command',
  title: ({ handle }) => `Stop ${handle}`,
  subject: () => ({}),
  run: async ({ handle }, { shell }) => {
    const state = await shell.background.stop(handle);
    if (!state) return gone(handle);
    return { ...ok(textOf(state)), enforced: state.enforced };
  },
});
