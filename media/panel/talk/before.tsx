import type { VNode } from 'preact';
import { Icon } from '../icons.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { Button } from '../parts/button.tsx';
import { useFold } from '../parts/use-fold.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { t } from '../texts.ts';

/** The talk that this run goes on from, oldest first. Each part opens as the run that it was. */
export function Before(): VNode | null {
  const { post } = usePanel();
  const carried = useRun((run) => run.carried);
  const fold = useFold('before', (carried?.before.length ?? 0) < 3);
  if (!carried || carried.before.length === 0) return null;
  return (
    <details class="before" data-testid="before" {...fold}>
      <summary>
        <Icon name="chevron" class="chevron" />
        {t('Goes on from {0}', carried.before.at(-1)?.asked.split('\n', 1)[0] ?? '')}
      </summary>
      {carried.before.map(({ run, asked, said, files, became }) => (
        <section key={run}>
          <Button kind="link" testid="before-run" onClick={() => post({ type: 'run.open', run })}>
            {asked}
          </Button>
          <Markdown text={said} />
          {files && (
            <p class="dim">
              {became === 'applied'
                ? t('Applied: {0}', files.join(', '))
                : t('Offered: {0}', files.join(', '))}
            </p>
          )}
        </section>
      ))}
    </details>
  );
}
