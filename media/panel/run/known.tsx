import type { VNode } from 'preact';
import type { FactView } from '../../../src/protocol/team-view.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { Section } from '../parts/section.tsx';
import { roleName } from '../state/names.ts';
import { visible } from '../state/visible.ts';
import { OpenRecord } from '../talk/open-record.tsx';
import { t, told } from '../texts.ts';
import { useRun, useTaskTitle } from './use-run.ts';

const NONE: readonly FactView[] = [];

const factsIn = ({ team }: Pick<RunView, 'team'>): readonly FactView[] => team?.facts ?? NONE;

/** What the team has established, with who says so. Closed until somebody wants to know. */
export function Known(): VNode | null {
  const facts = useRun(factsIn);
  if (facts.length === 0) return null;
  return (
    <Section title={t('What the team knows')} testid="facts" open={false} aside={facts.length}>
      <dl class="facts-known">
        {facts.map((fact) => (
          <Fact key={fact.key} fact={fact} />
        ))}
      </dl>
    </Section>
  );
}

function Fact({ fact }: { fact: FactView }): VNode {
  const task = useTaskTitle(fact.task);
  return (
    <div class="known" data-testid="fact" data-key={fact.key}>
      <dt>
        <span class="known-key">{visible(fact.key)}</span>
        <OpenRecord seq={fact.id} part="output" label={t('Open it in an editor')} icon="file" />
      </dt>
      <dd>
        <p class="verbatim">{visible(fact.text)}</p>
        <FactSource fact={fact} task={task} />
      </dd>
    </div>
  );
}

/** Who established a fact, its version, what it took the place of, and whether its author has read strangers. */
export function FactSource({ fact, task }: { fact: FactView; task: string | undefined }): VNode {
  const { version, by, former, tainted } = fact;
  return (
    <>
      <p class="facts dim small">
        <span>{roleName(by)}</span>
        {task !== undefined && <span>{visible(task)}</span>}
        <span>{t('version {0}', version)}</span>
      </p>
      {former && (
        <p class="dim small verbatim" data-testid="fact-former">
          {t('Before ({0}): {1}', roleName(former.by), visible(former.text))}
        </p>
      )}
      {tainted !== undefined && (
        <p class="small" data-tone="warn" data-testid="fact-tainted">
          {t('Its author has read {0}.', visible(told(tainted)))}
        </p>
      )}
    </>
  );
}
