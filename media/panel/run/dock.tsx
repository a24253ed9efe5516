import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { NeedsYou } from '../needs/needs-you.tsx';
import { isActive, toneOf } from '../state/names.ts';
import { t, told } from '../texts.ts';
import { FollowBox } from './follow-box.tsx';
import { SteerBox } from './steer-box.tsx';
import { useRun } from './use-run.ts';

/** What is always within reach: what needs the person, and the next thing to say or do. */
export function Dock(): VNode {
  const active = useRun(isActive);
  const dock = useRef<HTMLDivElement>(null);
  useFocusWithin(dock, active);
  return (
    <div class="dock" ref={dock}>
      <NeedsYou />
      {active ? <SteerBox /> : <Ended />}
    </div>
  );
}

/** Another state of the run brings other boxes and buttons: whoever was at the former ones goes on at the first of the new. */
function useFocusWithin(dock: { readonly current: HTMLElement | null }, active: boolean): void {
  const within = useRef(false);
  useEffect(() => {
    const moved = ({ target }: FocusEvent): void => {
      within.current = target instanceof Node && dock.current?.contains(target) === true;
    };
    document.addEventListener('focusin', moved);
    return () => document.removeEventListener('focusin', moved);
  }, []);
  useLayoutEffect(() => {
    if (!within.current || document.activeElement !== document.body) return;
    dock.current?.querySelector<HTMLElement>('textarea, button:not(:disabled)')?.focus();
  }, [active]);
}

/** The run has stopped: why, and how to go on. */
function Ended(): VNode {
  const { post, close } = usePanel();
  const id = useRun((run) => run.id);
  const message = useRun(({ paused, finished, unreadable }) =>
    unreadable ? '' : ((finished ?? paused)?.message ?? ''),
  );
  const paused = useRun(({ status, imported }) => status === 'paused' && !imported);
  const spent = useRun((run) => run.paused?.reason === 'budget' && run.finished === undefined);
  const speechless = useRun(({ paused: pause }) => pause?.reason === 'endpoint');
  const tone = useRun(toneOf);
  const over = useRun(({ finished, mode, unreadable }) => finished && !unreadable && mode !== 'qa');
  // The head says that it is answered, and the answer stands above.
  const answered = useRun(({ finished }) => finished?.outcome === 'answered');
  return (
    <div class="ended" data-tone={tone}>
      {message !== '' && !answered && <p class="ended-message">{told(message)}</p>}
      <div class="buttons">
        {spent && (
          <Button
            kind="primary"
            icon="add"
            testid="raise-button"
            onClick={() => post({ type: 'run.raise', run: id })}
          >
            {t('Raise the limit…')}
          </Button>
        )}
        {paused && (
          <Button
            kind={spent ? 'secondary' : 'primary'}
            icon="play"
            testid="resume-button"
            onClick={() => post({ type: 'run.resume', run: id })}
          >
            {t('Resume')}
          </Button>
        )}
        {speechless && (
          <Button testid="configure-models" onClick={() => post({ type: 'models.configure' })}>
            {t('Configure Models')}
          </Button>
        )}
        <Button kind={paused ? 'secondary' : 'primary'} icon="add" testid="new-goal" onClick={close}>
          {t('New goal')}
        </Button>
        <Afterwards />
      </div>
      {over && <FollowBox />}
    </div>
  );
}

/** What can be done with what the run brought, and with how it went. */
function Afterwards(): VNode {
  const { post } = usePanel();
  const id = useRun((run) => run.id);
  const applied = useRun(
    ({ finished, changes, imported, unreadable }) =>
      !imported &&
      !unreadable &&
      finished !== undefined &&
      changes?.applied !== undefined &&
      changes.undone !== true,
  );
  const committed = useRun(({ changes }) => changes?.committed !== undefined);
  const forks = useRun(
    ({ unreadable }) => unreadable === undefined || (unreadable.why === 'damaged' && unreadable.line > 1),
  );
  return (
    <>
      {applied && !committed && (
        <Button icon="commit" testid="commit-button" onClick={() => post({ type: 'run.commit', run: id })}>
          {t('Commit…')}
        </Button>
      )}
      {applied && (
        <Button icon="undo" testid="undo-button" onClick={() => post({ type: 'run.undo', run: id })}>
          {t('Undo…')}
        </Button>
      )}
      {forks && (
        <Button icon="merge" testid="fork-button" onClick={() => post({ type: 'run.fork', run: id })}>
          {t('Another way…')}
        </Button>
      )}
    </>
  );
}
