import type { VNode } from 'preact';
import { summaryOf } from '../../../src/protocol/summary.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { PlaceLink } from '../parts/place.tsx';
import { Section } from '../parts/section.tsx';
import { PARTS } from '../state/find.ts';
import { parsePlace } from '../state/places.ts';
import { t, told } from '../texts.ts';
import { useRun } from './use-run.ts';

/** What the run itself says of tasks, at the end of its summary. */
const NOT_DONE = /^\*\*Not done\*\*: .+$/mu;

/** How the run ended in words: the summary of a change or the answer to a question. */
export function Story(): VNode | null {
  const recorded = useRun((run) => run.summary);
  const tasks = useRun((run) => run.tasks);
  const summary = summaryOf({ ...(recorded && { summary: recorded }), tasks });
  const answer = useRun((run) => run.answer);
  // What tests came to where no model was asked for more.
  const isCounted = useRun(({ mode }) => mode === 'qa');
  if (!summary && !answer) return null;
  return (
    <div class="story">
      {answer && (
        <Section title={t('Answer')} testid="answer" entry={PARTS.answer}>
          <Markdown text={isCounted ? told(answer.text) : answer.text} />
          <Sources sources={answer.sources} />
        </Section>
      )}
      {summary && (
        <Section title={t('Summary')} testid="summary" entry={PARTS.summary}>
          <h3 class="summary-title">{summary.title}</h3>
          <Markdown text={summary.body.replace(NOT_DONE, told)} />
        </Section>
      )}
    </div>
  );
}

function Sources({ sources }: { sources: readonly string[] }): VNode | null {
  if (sources.length === 0) return null;
  return (
    <div class="sources">
      <h3 class="label">{t('Sources')}</h3>
      <ul class="chips">
        {sources.map((source) => {
          const place = parsePlace(source);
          return <li key={source}>{place ? <PlaceLink {...place} /> : source}</li>;
        })}
      </ul>
    </div>
  );
}
