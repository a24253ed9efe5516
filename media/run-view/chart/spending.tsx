import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Timeline } from '../../../src/protocol/timeline.ts';
import { cost, tokens } from '../../panel/state/format.ts';
import { t } from '../../panel/texts.ts';
import type { Axis } from '../state/axis.ts';
import { spendingOf } from '../state/lanes.ts';

const HEIGHT_PX = 44;
const TOP_PX = 6;

/** What had been spent until when: the last row of the chart. */
export function Spending({ timeline, axis }: { timeline: Timeline; axis: Axis }): VNode {
  const { unit, points } = useMemo(() => spendingOf(timeline.spans), [timeline.spans]);
  const most = points.at(-1)?.sum ?? 0;
  const y = (sum: number): number => HEIGHT_PX - (sum / Math.max(most, 1e-9)) * (HEIGHT_PX - TOP_PX);
  const steps = points.map(({ at, sum }) => `H${axis.place(at).toFixed(1)}V${y(sum).toFixed(1)}`).join('');
  const end = axis.place(timeline.updatedAt);
  const shown = unit === 'cost' ? cost(most) : t('{0} tokens', tokens(most));
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
      </svg>
    </>
  );
}
