import type { ComponentChildren, VNode } from 'preact';
import { Icon } from '../icons.tsx';
import { verdictName, type Verdict } from '../state/evidence.ts';
import type { Tone } from '../state/names.ts';
import { t } from '../texts.ts';

/** A word in a small frame. */
export function Badge({ tone = 'calm', title, children }: BadgeProps): VNode {
  return (
    <span class="badge" data-tone={tone} title={title}>
      {children}
    </span>
  );
}

interface BadgeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: ComponentChildren;
}

const VERDICT_LOOKS = {
  green: { tone: 'good', icon: 'check' },
  red: { tone: 'bad', icon: 'close' },
  notProved: { tone: 'warn', icon: 'question' },
} as const;

/** What a gate concluded. */
export function VerdictBadge({ verdict }: { verdict: Verdict }): VNode {
  const { tone, icon } = VERDICT_LOOKS[verdict];
  return (
    <Badge tone={tone}>
      <Icon name={icon} />
      {verdictName(verdict)}
    </Badge>
  );
}

/** Says that a script speaks for the models. */
export const DemoBadge = (): VNode => (
  <Badge tone="warn" title={t('A script speaks for the models. Files, tests and diffs are real.')}>
    {t('Demo')}
  </Badge>
);
