import type { VNode } from 'preact';
import { Markdown } from '../markdown/markdown.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { Turn } from './group.tsx';

/** Replies as they come. */
export function Live(): VNode {
  const { live } = usePanel();
  return (
    <div class="live">
      {live.value.map(({ key, role, task, text }) => (
        <div key={key} class="group" data-testid="live" aria-busy="true">
          <Turn name={role} task={task}>
            <Markdown text={text} />
          </Turn>
        </div>
      ))}
    </div>
  );
}
