import type { VNode } from 'preact';
import { Icon } from '../icons.tsx';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t, told } from '../texts.ts';
import { useRun } from './use-run.ts';

/** What a person can do about the tests: say once that they are run rightly, and have failures explained or mended. */
export function AboutTests(): VNode {
  return (
    <div class="about-tests">
      <AfterTests />
      <HowTheyRun />
    </div>
  );
}

/** Asked until somebody said how the tests of this workspace are run. */
function HowTheyRun(): VNode | null {
  const { context, post } = usePanel();
  const tests = useRun((run) => run.tests);
  if (context.value?.testsKept !== false || tests === undefined) return null;
  if (tests.found && tests.said !== 'found') return null;
  return (
    <div class="note-box" data-tone="calm" data-testid="how-tests-run">
      <Icon name="info" />
      <div class="note-box-body">
        {tests.found ? (
          <p>
            {t('Is this the command that runs your tests?')} <code>{tests.command}</code>
          </p>
        ) : (
          <p>{told(tests.why)}</p>
        )}
        <div class="buttons">
          {tests.found && (
            <Button testid="tests-confirm" onClick={() => post({ type: 'tests.act', act: 'confirm' })}>
              {t('Yes')}
            </Button>
          )}
          <Button
            kind="link"
            testid="tests-configure"
            onClick={() => post({ type: 'tests.act', act: 'configure' })}
          >
            {tests.found ? t('Change…') : t('Set the command…')}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** A run of the tests alone that is over and red. */
function AfterTests(): VNode | null {
  const { post } = usePanel();
  const red = useRun(
    ({ mode, finished, evidence }) =>
      mode === 'qa' && finished !== undefined && evidence.integrated?.verdict === 'red',
  );
  const explained = useRun(({ agents }) => agents.length > 0);
  const id = useRun((run) => run.id);
  if (!red) return null;
  return (
    <div class="buttons" data-testid="after-tests">
      <Button
        kind="primary"
        testid="tests-fix"
        onClick={() => post({ type: 'tests.act', act: 'fix', run: id })}
      >
        {t('Fix')}
      </Button>
      {!explained && (
        <Button testid="tests-diagnose" onClick={() => post({ type: 'tests.act', act: 'diagnose' })}>
          {t('Find out why')}
        </Button>
      )}
    </div>
  );
}
