import type { VNode } from 'preact';
import type { Timeline } from '../../../src/protocol/timeline.ts';
import { duration } from '../../panel/state/format.ts';
import { t } from '../../panel/texts.ts';
import { ticksOf, type Axis } from '../state/axis.ts';

const HEIGHT_PX = 22;

/** Time since the run began; where nothing ran for long, how long. */
export function AxisLine({ axis, timeline }: { axis: Axis; timeline: Timeline }): VNode {
  const { startedAt } = timeline;
  return (
    <svg class="chart-axis" width={axis.width} height={HEIGHT_PX} aria-hidden="true">
      {ticksOf(axis, timeline).map((at) => (
        <g key={at}>
          <line class="chart-tick" x1={axis.place(at)} x2={axis.place(at)} y1={16} y2={HEIGHT_PX} />
          <text class="chart-time" x={axis.place(at) + 3} y={15}>
            {at === startedAt ? t('{0}s', 0) : duration(at - startedAt)}
          </text>
        </g>
      ))}
      {axis.gaps.map(({ from, to, x }) => (
        <g key={from}>
          <title>{t('Nothing ran for {0}', duration(to - from))}</title>
          <path class="chart-break" d={`M${x + 8} ${HEIGHT_PX}l4 -8M${x + 14} ${HEIGHT_PX}l4 -8`} />
        </g>
      ))}
    </svg>
  );
}
