import type { ComponentChildren, VNode } from 'preact';
import { Icon } from '../icons.tsx';
import { useFold } from './use-fold.ts';

export interface SectionProps {
  readonly title: string;
  /** Shown at the right of the title, also while closed. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly open?: boolean;
  readonly testid: string;
  /** Its name among all that folds; absent: `testid`. */
  readonly fold?: string;
  /** Its name where the conversation is searched. */
  readonly entry?: string;
}

/** A part of the page under a heading that folds. */
export function Section(props: SectionProps): VNode {
  const { title, aside, children, open = true, testid, entry } = props;
  const fold = useFold(props.fold ?? testid, open);
  return (
    <details class="section" {...fold} data-testid={testid} data-entry={entry}>
      <summary class="section-head">
        <Icon name="chevron" class="chevron" />
        <h2 class="section-title">{title}</h2>
        <span class="section-aside">{aside}</span>
      </summary>
      <div class="section-body">{children}</div>
    </details>
  );
}
