/** Tools that run something to its end or in the background: `run_command`, `run_tests`. */
import * as z from 'zod';
import type { StepContext } from '../ports.ts';
import { startInBackground } from './background.ts';
import { describe, labelOf, RunCommand } from './commanding.ts';
import { defineTool, type Observation, type ToolWorld } from './contract.ts';
import { WHOLE_CHARS_MAX } from './more.ts';

export const runCommand = defineTool({
  name: 'run_command',
  description:
    'Run a shell command in the working copy, without input, until its time limit. For a server set background: you get a handle for read_output and stop_command, and later commands reach it on localhost. For tests use run_tests.',
  args: RunCommand,
  effect: 'command',
  title: ({ command, background }) =>
    `${background ? 'Start' : 'Run'} ${command.length > 80 ? `${command.slice(0, 77)}…` : command}`,
  subject: ({ command, cwd, network }) => ({
    command,
    ...(cwd !== undefined && { paths: [cwd] }),
    ...(network !== undefined && { network }),
  }),
  // What it did out there is not known where it was cut off.
  once: ({ network }) => network === true,
  run: (args, world, context) =>
    args.background ? startInBackground(args, world, context) : runToItsEnd(args, world, context),
});

async function runToItsEnd(
  { command, cwd, timeout_seconds, network }: RunCommand,
  world: ToolWorld,
  { signal }: StepContext,
): Promise<Observation> {
  const { shell, place, limits } = world;
  const seconds = Math.min(timeout_seconds ?? limits.commandSeconds, limits.commandSeconds);
  const confined = world.confine([place.root]);
  const result = await shell.run(
    {
      command,
      cwd: cwd === undefined ? place.root : `${place.root}/${cwd}`,
      timeoutMs: seconds * 1000,
      outputChars: WHOLE_CHARS_MAX / 2,
      label: labelOf(world),
      ...(world.env && { env: world.env() }),
      confined: network ? { ...confined, network: 'all' } : confined,
      beside: place.root,
    },
    signal,
  );
  return describe(result, seconds);
}

export const runTests = defineTool({
  name: 'run_tests',
  description:
    'Run the project’s tests in the working copy; `filter` narrows to a file where the runner can.',
  args: z.object({ filter: z.string().max(500).optional() }),
  effect: 'command',
  title: ({ filter }) => (filter === undefined ? 'Run the tests' : `Run the tests: ${filter}`),
  subject: () => ({}),
  run: ({ filter }, { test }, { signal }) => test(filter, signal),
});
