import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button, IconButton } from '../../parts/button.tsx';
import { usePanel } from '../../parts/use-panel.ts';
import { percent } from '../../state/format.ts';
import { t } from '../../texts.ts';

/** Least size at which the words in boxes can still be told apart: what fits itself gets no smaller. */
const FIT_MIN = 0.55;

/** Sizes that one steps through. */
const STEPS = [0.25, 0.4, 0.55, 0.7, 0.85, 1, 1.25, 1.5, 2] as const;

export interface Zoom {
  readonly zoom: number;
  /** One step; absent at the end of them. */
  readonly closer: (() => void) | undefined;
  readonly farther: (() => void) | undefined;
  readonly toFit: () => void;
  readonly toActual: () => void;
}

interface Frame {
  readonly current: HTMLElement | null;
}

/** A graph that is wider than its place is drawn smaller, until somebody wants it in another size. */
export function useZoom(frame: Frame, width: number): Zoom {
  const [room, setRoom] = useState(width);
  const [wanted, setWanted] = useState<number>();
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || width === 0) return undefined;
    const measure = (): void => setRoom(element.clientWidth);
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, [width]);
  const fit = width === 0 ? 1 : Math.max(FIT_MIN, Math.min(1, room / width));
  const zoom = wanted ?? fit;
  const { announce } = usePanel();
  const take = (size: number | undefined): void => {
    setWanted(size);
    announce(percent(size ?? fit));
  };
  const to = (size: number | undefined) => (size === undefined ? undefined : () => take(size));
  const own: Zoom = {
    zoom,
    closer: to(STEPS.find((step) => step > zoom)),
    farther: to(STEPS.findLast((step) => step < zoom)),
    toFit: () => take(undefined),
    toActual: () => take(1),
  };
  useMiddleKept(frame, zoom);
  useKeys(frame, own);
  return own;
}

/** What is in the middle stays there. */
function useMiddleKept(frame: Frame, zoom: number): void {
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const element = frame.current;
    const grown = zoom / before.current;
    before.current = zoom;
    if (!element || grown === 1) return;
    const half = element.clientWidth / 2;
    element.scrollLeft = (element.scrollLeft + half) * grown - half;
  }, [zoom]);
}

/** Plus, minus and 0 where the graph has the focus, and the wheel with Ctrl. */
function useKeys(frame: Frame, { closer, farther, toFit }: Zoom): void {
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const keys = new Map([
      ['+', closer],
      ['=', closer],
      ['-', farther],
      ['0', toFit],
    ]);
    const pressed = (event: KeyboardEvent): void => {
      // With these the keys are the editor's own, which zooms its window.
      if (event.ctrlKey || event.metaKey || event.altKey || !keys.has(event.key)) return;
      event.preventDefault();
      keys.get(event.key)?.();
    };
    const turned = (event: WheelEvent): void => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      (event.deltaY < 0 ? closer : farther)?.();
    };
    element.addEventListener('keydown', pressed);
    element.addEventListener('wheel', turned, { passive: false });
    return () => {
      element.removeEventListener('keydown', pressed);
      element.removeEventListener('wheel', turned);
    };
  });
}

/** The sizes to choose from, and which it is. */
export function ZoomBar({ zoom, closer, farther, toFit, toActual }: Zoom): VNode {
  return (
    <div class="graph-zoom" role="group" aria-label={t('Zoom')}>
      <IconButton
        icon="minus"
        label={t('Zoom out')}
        testid="graph-farther"
        disabled={farther === undefined}
        onClick={() => farther?.()}
      />
      <span class="dim small graph-percent" data-testid="graph-percent">
        {percent(zoom)}
      </span>
      <IconButton
        icon="add"
        label={t('Zoom in')}
        testid="graph-closer"
        disabled={closer === undefined}
        onClick={() => closer?.()}
      />
      <Button kind="link" testid="graph-size" onClick={zoom === 1 ? toFit : toActual}>
        {zoom === 1 ? t('Fit to width') : t('Actual size')}
      </Button>
    </div>
  );
}
