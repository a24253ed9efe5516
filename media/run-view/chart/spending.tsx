import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Timeline } from '../../../src/protocol/timeline.ts';
import { cost, tokens } from '../../panel/state/format.ts';
import { t } from '../../panel/texts.ts';
import type { Axis } from '../state/axis.ts';
import { spendingOf } from '../state/lanes.ts';
import { useLife } from '../use-life.ts';
import { Future } from './future.tsx';

const HEIGHT_PX = 44;
const TOP_PX = 6;

/** What had been spent until when: the last row of the chart. Its name has the amount at the moment that is looked at. */
export function Spending({ timeline, axis }: { timeline: Timeline; axis: Axis }): VNode {
  const { unit, points } = useMemo(() => spendingOf(timeline.spans), [timeline.spans]);
  const most = points.at(-1)?.sum ?? 0;
  const y = (sum: number): number => HEIGHT_PX - (sum / Math.max(most, 1e-9)) * (HEIGHT_PX - TOP_PX);
  const steps = points.map(({ at, sum }) => `H${axis.place(at).toFixed(1)}V${y(sum).toFixed(1)}`).join('');
  const end = axis.place(timeline.updatedAt);
  const { seq, follows } = useLife();
  const moment = timeline.startedAt + (timeline.offsets[seq.value - 1] ?? 0);
  const spent = follows.value ? most : (points.findLast(({ at }) => at <= moment)?.sum ?? 0);
  const shown = unit === 'cost' ? cost(spent) : t('{0} tokens', tokens(spent));
  return (
    <>
      <div class="chart-label chart-spent" style={{ height: `${HEIGHT_PX}px` }}>
        <span class="chart-name">
          {t('Spent')} <span class="dim">{shown}</span>
        </span>
      </div>
      <svg
        class="chart-spending"
        width={axis.width}
        height={HEIGHT_PX}
        role="img"
        aria-label={t('Spent: {0}', shown)}
      >
        {points.length > 0 && <path class="chart-area" d={`M0 ${HEIGHT_PX}${steps}H${end}V${HEIGHT_PX}z`} />}
        {!follows.value && <Future from={axis.place(moment)} width={axis.width} height={HEIGHT_PX} />}
      </svg>
    </>
  );
}
