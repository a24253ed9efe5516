import { useComputed, type ReadonlySignal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { RunView } from '../../../src/protocol/view.ts';

export const RunContext = createContext<ReadonlySignal<RunView> | undefined>(undefined);

/** The open run, for whoever looks at it now and then. */
export function useRunNow(): () => RunView {
  const run = useContext(RunContext);
  if (run === undefined) throw new Error('No run around this component.');
  return () => run.peek();
}

/** The part of the open run that `select` takes; the component renders again when that part changes. */
export function useRun<T>(select: (run: RunView) => T): T {
  const run = useContext(RunContext);
  if (run === undefined) throw new Error('No run around this component.');
  return useComputed(() => select(run.value)).value;
}

/** A task's title by its id; the id itself where the plan does not know it. */
export function useTaskTitle(id: string | undefined): string | undefined {
  return useRun(({ tasks, plan }) => {
    if (id === undefined) return undefined;
    const spec =
      tasks.find((task) => task.spec.id === id)?.spec ?? plan?.spec.tasks.find((task) => task.id === id);
    return spec?.title ?? id;
  });
}
