/** What a task has taken and is likely to, in words. */
import { t } from '../texts.ts';
import { cost, tokens } from './format.ts';
import type { Takes } from '../../../src/protocol/task-tree.ts';

export function takesTexts({ tokens: used, costUsd, likely }: Takes): readonly string[] {
  if (used === 0)
    return likely === undefined
      ? []
      : [
          t('about {0} tokens', tokens(likely.tokens)),
          likely.costUsd === null ? t('cost unknown') : t('about {0}', cost(likely.costUsd)),
        ];
  return [
    likely === undefined
      ? t('{0} tokens', tokens(used))
      : t('{0} of about {1} tokens', tokens(used), tokens(likely.tokens)),
    costText(costUsd, likely?.costUsd),
  ];
}

function costText(costUsd: number | null, likely: number | null | undefined): string {
  if (costUsd === null) return t('cost unknown');
  return likely === null || likely === undefined
    ? cost(costUsd)
    : t('{0} of about {1}', cost(costUsd), cost(likely));
}
