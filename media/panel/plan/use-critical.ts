import { criticalIn } from '../../../src/protocol/task-tree.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { useRun } from '../run/use-run.ts';

/** Ids of the tasks along the chain that takes longest, first to last. */
export function useCritical(): readonly string[] {
  const path = useRun((run) => criticalIn(run).join(' '));
  return path === '' ? [] : path.split(' ');
}

/** The endpoint of whoever worked on a task last. */
export const modelOf = (agents: RunView['agents'], task: string, role: string): string | undefined =>
  agents.findLast((agent) => agent.task === task && agent.role === role)?.endpoint;
