/** What a fork copies of tasks that are in a person's hands: they go on in a folder of the fork's own, never in that of the run before. */
import * as z from 'zod';
import type { JournalLine, RunEvent } from '../../../protocol/events.ts';
import type { Opened } from '../hand-folder.ts';

type Question = JournalLine & { readonly type: 'signal.opened' };

/** Puts the fork's folders in the place of those of the run before. `rootOf`: where one lies, by its name. */
export function handsMoved(
  lines: readonly JournalLine[],
  rootOf: (copy: string) => string,
): (line: RunEvent) => RunEvent {
  const over = new Set(
    lines.flatMap(({ type, key }) =>
      type === 'signal.received' || type === 'signal.withdrawn' ? [key] : [],
    ),
  );
  const roots = new Map(
    lines
      .filter((line): line is Question => line.type === 'signal.opened' && line.data.kind === 'hand')
      .filter(({ key }) => !over.has(key))
      .map(({ data: { folder, copy, who } }) => {
        const { id = `${who?.task ?? ''}-${String(who?.attempt ?? 0)}` } = copy ?? {};
        return [folder, rootOf(id)] as const;
      }),
  );
  return (line) => {
    if (line.type === 'signal.opened') {
      const folder = line.data.kind === 'hand' ? roots.get(line.data.folder) : undefined;
      return folder === undefined ? line : { ...line, data: { ...line.data, folder } };
    }
    if (line.type !== 'step.finished' || line.key?.endsWith('/open') !== true) return line;
    const opened = openedIn(line.data.output);
    const root = roots.get(opened?.root);
    if (opened === undefined || root === undefined) return line;
    const output = { ...opened, root, copied: (opened.copied ?? 0) + 1 };
    return { ...line, data: { ...line.data, output } };
  };
}

/** What the step came to that opened the folder. */
function openedIn(output: unknown): Opened | undefined {
  const opened = OpenedOutput.safeParse(output);
  if (!opened.success) return undefined;
  if (typeof opened.data === 'string') return { root: opened.data, marked: [] };
  const { copied, ...rest } = opened.data;
  return { ...rest, ...(copied !== undefined && { copied }) };
}

const OpenedOutput = z.union([
  z.string(),
  z.object({ root: z.string(), marked: z.array(z.string()), copied: z.number().optional() }),
]);
