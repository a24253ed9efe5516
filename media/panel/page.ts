/** Small lives that belong to the page: work once a frame, answers on their way, a clock. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';

/** Hands over what was collected once a frame, so that a fast model costs one render a frame. */
export function collectPerFrame<T>(page: Window, take: (collected: readonly T[]) => void): (item: T) => void {
  let collected: T[] = [];
  return (item) => {
    collected.push(item);
    if (collected.length > 1) return;
    page.requestAnimationFrame(() => {
      const all = collected;
      collected = [];
      take(all);
    });
  };
}

/** Longest time that something asked for counts as on its way when nothing comes back, in milliseconds. */
export const ANSWER_WAIT_MS = 10_000;

/** Names of signals whose answers were posted and have not shown in the run yet. */
export interface OnTheWay {
  readonly names: ReadonlySignal<ReadonlySet<string>>;
  add(name: string): void;
  /** Forgets all but those in `open`. */
  keepOnly(open: ReadonlySet<string>): void;
}

export function answersOnTheWay(page: Window): OnTheWay {
  const names = signal<ReadonlySet<string>>(new Set());
  const filter = (stays: (name: string) => boolean): void => {
    const kept = [...names.value].filter(stays);
    if (kept.length < names.value.size) names.value = new Set(kept);
  };
  return {
    names,
    add(name) {
      names.value = new Set([...names.value, name]);
      page.setTimeout(() => filter((each) => each !== name), ANSWER_WAIT_MS);
    },
    keepOnly: (open) => filter((name) => open.has(name)),
  };
}

/** Tells whether the page has the focus, each time that it gets or loses it; one that begins with it has got it. */
export function watchFocus(page: Window, tell: (isWithin: boolean) => void): void {
  page.addEventListener('focus', () => tell(true));
  page.addEventListener('blur', () => tell(false));
  if (page.document.hasFocus()) tell(true);
}

/** Milliseconds since 1970, renewed each second while `ticking` and the page is visible. */
export function pageClock(page: Window, ticking: ReadonlySignal<boolean>): ReadonlySignal<number> {
  const now = signal(Date.now());
  const visible = signal(!page.document.hidden);
  page.document.addEventListener('visibilitychange', () => (visible.value = !page.document.hidden));
  effect(() => {
    if (!ticking.value || !visible.value) return undefined;
    now.value = Date.now();
    const timer = page.setInterval(() => (now.value = Date.now()), 1000);
    return () => page.clearInterval(timer);
  });
  return now;
}
