import type { VNode } from 'preact';
import type { Timeline } from '../../src/protocol/timeline.ts';
import { Button, IconButton } from '../panel/parts/button.tsx';
import { duration } from '../panel/state/format.ts';
import { t } from '../panel/texts.ts';
import { useLife } from './use-life.ts';

/** Goes through the run line by line: everything beside it shows the run as it was then. */
export function Scrubber({ timeline }: { timeline: Timeline }): VNode {
  const { seq, follows, goTo, post } = useLife();
  const { lastSeq, offsets } = timeline;
  const at = seq.value;
  const passed = duration(offsets[at - 1] ?? 0);
  return (
    <div class="rv-scrubber" role="group" aria-label={t('Moment')}>
      <IconButton
        icon="arrowLeft"
        label={t('One line back')}
        testid="line-back"
        disabled={at <= 1}
        onClick={() => goTo(at - 1)}
      />
      <input
        class="rv-range"
        type="range"
        data-testid="scrubber"
        min={1}
        max={lastSeq}
        value={at}
        aria-label={t('Line of the run’s record')}
        aria-valuetext={t('Line {0} of {1}, after {2}', at, lastSeq, passed)}
        onInput={({ currentTarget }) => goTo(Number(currentTarget.value))}
      />
      <span class="rv-forward">
        <IconButton
          icon="arrowLeft"
          label={t('One line forward')}
          testid="line-forward"
          disabled={at >= lastSeq}
          onClick={() => goTo(at + 1)}
        />
      </span>
      <span class="rv-when">{t('Line {0} of {1} · {2}', at, lastSeq, passed)}</span>
      <Zoom />
      <Button disabled={follows.value} testid="to-end" onClick={() => goTo(lastSeq)}>
        {timeline.still ? t('To the end') : t('Follow')}
      </Button>
      <Button icon="merge" testid="fork-here" onClick={() => post({ type: 'fork', at })}>
        {t('Another way from here…')}
      </Button>
    </div>
  );
}

const ZOOM_MAX = 64;

/** How much of the run fits into the window. */
function Zoom(): VNode {
  const { zoom } = useLife();
  return (
    <div class="rv-zoom" role="group" aria-label={t('Zoom')}>
      <IconButton
        icon="add"
        label={t('Zoom in')}
        testid="zoom-in"
        disabled={zoom.value >= ZOOM_MAX}
        onClick={() => (zoom.value = Math.min(ZOOM_MAX, zoom.value * 2))}
      />
      <IconButton
        icon="minus"
        label={t('Zoom out')}
        testid="zoom-out"
        disabled={zoom.value <= 1}
        onClick={() => (zoom.value = Math.max(1, zoom.value / 2))}
      />
    </div>
  );
}
