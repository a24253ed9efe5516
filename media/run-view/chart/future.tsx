import type { VNode } from 'preact';

export interface FutureProps {
  readonly from: number;
  readonly width: number;
  readonly height: number;
}

/** What had not happened yet at the moment that is looked at. */
export const Future = ({ from, width, height }: FutureProps): VNode => (
  <rect
    class="chart-future"
    data-testid="future"
    x={from}
    y={0}
    width={Math.max(0, width - from)}
    height={height}
  />
);
