/** What tools that run commands share: their arguments, who they run for, what they say at their end. */
import * as z from 'zod';
import { badgeMeans, badgeOf } from '../../protocol/enforced.ts';
import type { ShellResult } from '../ports.ts';
import type { Observation, ToolWorld } from './contract.ts';

/** What `run_command` takes. */
export const RunCommand = z.object({
  command: z.string().min(1).max(10000),
  cwd: z.string().max(1000).optional(),
  timeout_seconds: z.number().int().min(1).max(3600).optional(),
  network: z.boolean().optional().describe('only where it needs the internet; asks'),
  background: z.boolean().optional(),
  ready_when: z.string().min(1).max(300).optional().describe('text it prints once ready'),
});
export type RunCommand = z.infer<typeof RunCommand>;

/** Who a command is shown as running for. */
export function labelOf({ who }: Pick<ToolWorld, 'who'>): string {
  return who.task === undefined ? who.role : `${who.role} · ${who.task}`;
}

/** What a command that is over says. */
export function describe(result: ShellResult, seconds: number): Observation {
  const output = [result.stdout, result.stderr].filter((text) => text !== '').join('\n');
  const { enforced } = result;
  const end = endOf(result, seconds);
  // What a sandbox refuses looks like a fault of the program: whoever reads it must know.
  const held =
    result.exitCode === 0 || enforced.by === 'none'
      ? ''
      : `\n[${badgeOf(enforced)}. ${badgeMeans(enforced)}]`;
  return {
    state: result.exitCode === 0 ? 'ok' : 'error',
    text: `${output}\n${end}${held}`,
    enforced,
  };
}

function endOf({ exitCode, waitedForInput, timedOut }: ShellResult, seconds: number): string {
  if (waitedForInput)
    return '[Ended: it waited for input, which cannot be given. Use options that do not ask.]';
  if (timedOut) return `[Ended: it was still running after ${seconds} seconds.]`;
  return `[exit code ${exitCode ?? 'none: ended by a signal'}]`;
}
