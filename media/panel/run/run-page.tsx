import { computed, type ReadonlySignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { RunView } from '../../../src/protocol/view.ts';
import { Icon } from '../icons.tsx';
import { Button } from '../parts/button.tsx';
import { Now } from '../now/now.tsx';
import { Guard } from '../parts/guard.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { PlanSection } from '../plan/plan-section.tsx';
import { isActive } from '../state/names.ts';
import { Before } from '../talk/before.tsx';
import { Conversation } from '../talk/conversation.tsx';
import { t } from '../texts.ts';
import { AboutTests } from './about-tests.tsx';
import { Candidates } from './candidates.tsx';
import { Changes } from './changes.tsx';
import { Costs } from './costs.tsx';
import { Dock } from './dock.tsx';
import { Evidence } from './evidence.tsx';
import { RunHead } from './head.tsx';
import { Kept } from './kept.tsx';
import { Known } from './known.tsx';
import { RecordNotes } from './record-notes.tsx';
import { Registry } from './registry.tsx';
import { Story } from './story.tsx';
import { Unread } from './unread.tsx';
import { useFollow } from './use-follow.ts';
import { usePlace } from './use-place.ts';
import { RunContext, useRun } from './use-run.ts';
import { useWide } from './use-wide.ts';

/** The open run. It stays what it was while the page closes. */
export function RunPage(): VNode {
  const { view } = usePanel();
  const run = useMemo(() => lasting(view), [view]);
  return (
    <RunContext.Provider value={run}>
      <div class="run">
        <RunHead />
        <Foreign />
        <RecordNotes />
        <Board />
      </div>
    </RunContext.Provider>
  );
}

function lasting(view: ReadonlySignal<RunView | null | undefined>): ReadonlySignal<RunView> {
  let last = view.peek() as RunView;
  return computed(() => (last = view.value ?? last));
}

/** One column, or from a certain width on the plan and the proof beside the talk. */
function Board(): VNode {
  const wide = useWide();
  const { drafts, seen } = usePanel();
  const id = useRun((run) => run.id);
  const isEdited = drafts.value.plan?.run === id;
  const planOpen = useRun(({ needs }) => needs.some(({ ask }) => ask.kind === 'plan')) || isEdited;
  const scroller = useRef<HTMLDivElement>(null);
  const said = useRun(lastSaid);
  const follow = useFollow(scroller, planOpen && !wide ? '.plan' : '.story', said, seen);
  return (
    <div class="board">
      {wide && <Beside />}
      <main class="main">
        <div class="scroller" data-following={follow.following} ref={scroller} tabIndex={-1}>
          <div class="flow">
            {!wide && (
              <Guard>
                <PlanSection />
              </Guard>
            )}
            <Before />
            <Conversation onFound={follow.leave} />
            <Guard>
              <Story />
              <AboutTests />
            </Guard>
            {!wide && <Outcomes onlyAfter />}
          </div>
        </div>
        {!follow.following && <ToLatest jump={follow.jump} scroller={scroller} />}
        <Guard>
          <Now />
        </Guard>
        <Dock />
      </main>
    </div>
  );
}

/** What came of the work so far: its proof, its changes, what it cost. */
function Outcomes({ onlyAfter = false }: { onlyAfter?: boolean }): VNode {
  return (
    <Guard>
      <Evidence onlyAfter={onlyAfter} />
      <Candidates />
      <Changes />
      <Kept />
      <Unread />
      <Known />
      <Costs />
      <Registry />
    </Guard>
  );
}

interface ToLatestProps {
  readonly jump: () => void;
  readonly scroller: RefObject<HTMLElement | null>;
}

function ToLatest({ jump, scroller }: ToLatestProps): VNode {
  // The button goes: whoever pressed it reads on.
  const press = (): void => {
    jump();
    scroller.current?.focus({ preventScroll: true });
  };
  return (
    <div class="jump">
      <Button icon="arrowDown" onClick={press}>
        {t('Latest')}
      </Button>
    </div>
  );
}

/** The column beside the talk, which scrolls by itself. */
function Beside(): VNode {
  const { seenBeside } = usePanel();
  return (
    <div class="side" ref={usePlace(seenBeside)}>
      <div>
        <Guard>
          <PlanSection />
        </Guard>
        <Outcomes />
      </div>
    </div>
  );
}

/** Entries among which the person's last word is looked for. */
const TAIL = 40;

/** The person's last word in the conversation, by the number of its entry. */
const lastSaid = ({ feed }: RunView): number =>
  feed.slice(-TAIL).findLast((item) => item.kind === 'message' && item.from === 'person')?.id ?? 0;

/** Another window or the terminal works on this run. */
function Foreign(): VNode | null {
  const { owned, post } = usePanel();
  const id = useRun((run) => run.id);
  const active = useRun(isActive);
  if (owned.value || !active) return null;
  return (
    <div class="note-box" data-tone="calm" data-testid="foreign">
      <Icon name="info" />
      <div class="note-box-body">
        <p>{t('Another window or the terminal works on this run. You follow it live.')}</p>
        <Button kind="link" testid="take-over" onClick={() => post({ type: 'run.resume', run: id })}>
          {t('Take over…')}
        </Button>
      </div>
    </div>
  );
}
