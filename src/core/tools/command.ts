/** Tools that run something: `run_command`, `run_tests`. */
import * as z from 'zod';
import type { ShellResult } from '../ports.ts';
import { defineTool, error, ok, type Observation } from './contract.ts';
import { WHOLE_CHARS_MAX } from './more.ts';

export const runCommand = defineTool({
  name: 'run_command',
  description:
    'Run a shell command in the working copy. No input can be given; it ends at its time limit. Use run_tests for the tests.',
  args: z.object({
    command: z.string().min(1).max(10000),
    cwd: z.string().max(1000).optional().describe('folder relative to the workspace'),
    timeout_seconds: z.number().int().min(1).max(3600).optional(),
  }),
  effect: 'command',
  title: ({ command }) => `Run ${command.length > 80 ? `${command.slice(0, 77)}…` : command}`,
  subject: ({ command, cwd }) => ({ command, ...(cwd !== undefined && { paths: [cwd] }) }),
  run: async ({ command, cwd, timeout_seconds }, { shell, place, limits, who }, { signal }) => {
    const seconds = Math.min(timeout_seconds ?? limits.commandSeconds, limits.commandSeconds);
    const label = who.task === undefined ? who.role : `${who.role} · ${who.task}`;
    const folder = cwd === undefined ? place.root : `${place.root}/${cwd}`;
    const result = await shell.run(
      { command, cwd: folder, timeoutMs: seconds * 1000, outputChars: WHOLE_CHARS_MAX / 2, label },
      signal,
    );
    return describe(result, seconds);
  },
});

function describe(result: ShellResult, seconds: number): Observation {
  const output = [result.stdout, result.stderr].filter((text) => text !== '').join('\n');
  if (result.waitedForInput)
    return error(
      `${output}\n[Ended: it waited for input, which cannot be given. Use options that do not ask.]`,
    );
  if (result.timedOut)
    return error(`${output}\n[Ended: it was still running after ${String(seconds)} seconds.]`);
  const end = `[exit code ${result.exitCode === null ? 'none: ended by a signal' : String(result.exitCode)}]`;
  return result.exitCode === 0 ? ok(`${output}\n${end}`) : error(`${output}\n${end}`);
}

export const runTests = defineTool({
  name: 'run_tests',
  description:
    'Run the project’s own tests in the working copy and get a parsed result. `filter` narrows to a file where the runner can.',
  args: z.object({ filter: z.string().max(500).optional() }),
  effect: 'command',
  title: ({ filter }) => (filter === undefined ? 'Run the tests' : `Run the tests: ${filter}`),
  subject: () => ({}),
  run: ({ filter }, { test }, { signal }) => test(filter, signal),
});
