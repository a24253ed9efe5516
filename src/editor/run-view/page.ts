/** What a run view shows, and what crosses to its page: what the page lacks, and nothing while it is hidden. */
import type { RunRecord } from '../../core/run/views/record.ts';
import { difference } from '../../protocol/difference.ts';
import type { Moment, RunViewUpdate, Shown } from '../../protocol/run-view.ts';
import type { Timeline } from '../../protocol/timeline.ts';
import { momentOf } from './moment.ts';

export interface RunPageNeeds {
  /** Reads on where it has read before. */
  readonly record: () => Promise<RunRecord>;
  readonly post: (update: RunViewUpdate) => void;
}

export interface RunPage {
  /** A page has loaded, or has lost what it held: it is sent the whole. */
  ready(): Promise<void>;
  /** The run may have grown. */
  grown(): Promise<void>;
  /** Shows the run as it was when that line had been written. */
  goTo(seq: number): Promise<void>;
  /** The page is gone until one is ready again. */
  hidden(): void;
  fail(text: string): void;
}

export function createRunPage({ record, post }: RunPageNeeds): RunPage {
  let isUp = false;
  let timeline: Timeline | undefined;
  let moment: Moment | undefined;
  let held: Shown | undefined;
  let at = 0;
  const show = (): void => {
    if (!isUp || !timeline) return;
    const former = held;
    held = { timeline, ...(moment && { moment }) };
    const by = difference(former, held);
    if (!former) post({ type: 'whole', at: ++at, shown: held });
    else if (by) post({ type: 'delta', from: at, at: ++at, by });
  };
  const grown = async (): Promise<void> => {
    if (!isUp) return;
    timeline = await (await record()).timeline();
    show();
  };
  return {
    async ready() {
      isUp = true;
      held = undefined;
      await grown();
    },
    grown,
    async goTo(seq) {
      moment = momentOf(seq, await (await record()).at(seq));
      show();
    },
    hidden: () => {
      isUp = false;
    },
    fail: (text) => {
      if (isUp) post({ type: 'error', text });
    },
  };
}
