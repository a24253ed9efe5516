import type { VNode } from 'preact';
import type { Timeline } from '../../src/protocol/timeline.ts';
import { Icon } from '../panel/icons.tsx';
import { DemoBadge } from '../panel/parts/badge.tsx';
import { Button, IconButton } from '../panel/parts/button.tsx';
import { Guard } from '../panel/parts/guard.tsx';
import { statusOf, toneOf, unreadableText } from '../panel/state/names.ts';
import { t } from '../panel/texts.ts';
import { Chart } from './chart/chart.tsx';
import { Detail } from './detail.tsx';
import { MomentPane } from './moment.tsx';
import { Scrubber } from './scrubber.tsx';
import { selectedText } from './selected.ts';
import { useLife } from './use-life.ts';

/** The run along its time, and as it was at the moment that is looked at. */
export function App(): VNode {
  const { timeline, selected } = useLife();
  const run = timeline.value;
  return (
    <>
      {run ? <Run timeline={run} /> : <p class="waiting">{t('Reading the run…')}</p>}
      <ErrorBar />
      <div class="unseen" role="status">
        {run && selected.value ? selectedText(selected.value, run) : ''}
      </div>
    </>
  );
}

function Run({ timeline }: { timeline: Timeline }): VNode {
  return (
    <div class="rv">
      <Head timeline={timeline} />
      {timeline.unreadable && <CutShort {...timeline.unreadable} />}
      <Scrubber timeline={timeline} />
      <div class="rv-board">
        <main class="rv-main">
          <Guard>
            <Chart timeline={timeline} />
          </Guard>
        </main>
        <aside class="rv-side" aria-label={t('At this moment')}>
          <Guard>
            <Detail timeline={timeline} />
            <MomentPane timeline={timeline} />
          </Guard>
        </aside>
      </div>
    </div>
  );
}

function Head({ timeline }: { timeline: Timeline }): VNode {
  const { moment, post } = useLife();
  const view = moment.value?.view;
  return (
    <header class="rv-head">
      <h1 class="rv-goal" title={timeline.goal}>
        {timeline.goal}
      </h1>
      <div class="rv-facts">
        {/* It comes after the rest, which does not move for it. */}
        <span class="rv-status">
          {view && (
            <span
              class="run-status"
              data-tone={toneOf(view)}
              data-testid="moment-status"
              data-status={view.status}
            >
              <span class="dot" data-tone={toneOf(view)} />
              {statusOf(view)}
            </span>
          )}
          {timeline.demo && <DemoBadge />}
        </span>
        <Button kind="link" testid="show-in-panel" onClick={() => post({ type: 'panel' })}>
          {t('Show in the Team panel')}
        </Button>
      </div>
    </header>
  );
}

/** The record goes on, but cannot be read. */
function CutShort(unreadable: NonNullable<Timeline['unreadable']>): VNode {
  return (
    <div class="note-box" data-tone="bad" role="note" data-testid="unreadable">
      <Icon name="warning" />
      <p class="note-box-body">{unreadableText(unreadable)}</p>
    </div>
  );
}

function ErrorBar(): VNode | null {
  const { error } = useLife();
  if (error.value === undefined) return null;
  return (
    <div class="error-bar" role="alert" data-testid="error">
      <Icon name="error" />
      <p class="error-text">{error.value}</p>
      <IconButton icon="close" label={t('Dismiss')} onClick={() => (error.value = undefined)} />
    </div>
  );
}
