import type { VNode } from 'preact';
import type { TaskSpec } from '../../../src/protocol/plan.ts';
import type { Requirement } from '../../../src/protocol/registry.ts';
import { Icon } from '../icons.tsx';
import { visible } from '../state/visible.ts';
import { t, toldWhy } from '../texts.ts';

interface RequirementsProps {
  readonly task: TaskSpec;
  /** As the editor found with its last check. */
  readonly found: readonly Requirement[];
}

/** What serves a thing that a task requires, or that nothing does. */
export const requirementText = ({ requires, by }: Requirement): string =>
  by.length > 0
    ? t('{0}: {1}', requires, by.map(toldWhy).join(', '))
    : t('{0}: nothing provides it', requires);

/** What each thing that a task requires is served by, or who lacks what. What is typed and not checked yet has no line. */
export function Requirements({ task: { id, requires = [] }, found }: RequirementsProps): VNode | null {
  const own = found.filter((each) => each.task === id && requires.includes(each.requires));
  if (own.length === 0) return null;
  return (
    <ul class="plain-list small requirements" data-testid="task-requirements">
      {own.map((each) => (
        <li key={each.requires} data-testid="requirement" data-served={each.by.length > 0}>
          <Icon name={each.by.length > 0 ? 'check' : 'warning'} />
          <span>{requirementText(each)}</span>
          {each.by.length === 0 && each.lacks.length > 0 && (
            <span class="dim">{visible(each.lacks.map(toldWhy).join('; '))}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
