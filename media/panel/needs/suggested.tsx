import type { VNode } from 'preact';
import type { SuggestionView } from '../../../src/protocol/view.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { useRun } from '../run/use-run.ts';
import { cost, tokens } from '../state/format.ts';
import { roleName } from '../state/names.ts';
import { differenceOf, type Different } from '../state/suggestions.ts';
import { t } from '../texts.ts';

const HOW: Readonly<Record<Different['how'], () => string>> = {
  added: () => t('new'),
  changed: () => t('changed'),
  removed: () => t('goes'),
};

/** What would be different in the plan, and what it will likely cost. */
export function Suggested({ suggestion }: { suggestion: SuggestionView }): VNode {
  const different = useRun((run) => JSON.stringify(differenceOf(run, suggestion)));
  const { estimates, costUsd, plan } = suggestion;
  const likely = estimates.reduce((sum, each) => sum + each.tokens, 0);
  return (
    <>
      <Markdown text={plan.summary} />
      <ul class="plain-list" data-testid="plan-difference">
        {(JSON.parse(different) as readonly Different[]).map(({ id, how, title, role }) => (
          <li key={id} data-task={id} data-how={how}>
            <code>{id}</code> {title}{' '}
            <span class="dim small">
              {roleName(role)} · {HOW[how]()}
            </span>
          </li>
        ))}
      </ul>
      <p class="need-facts facts">
        <span>{t('about {0} tokens', tokens(likely))}</span>
        <span>{costUsd === null ? t('cost unknown') : t('about {0}', cost(costUsd))}</span>
      </p>
    </>
  );
}
