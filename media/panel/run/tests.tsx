import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { GateReport, TestNote } from '../../../src/protocol/events.ts';
import { Icon } from '../icons.tsx';
import { Button } from '../parts/button.tsx';
import { PlaceLink } from '../parts/place.tsx';
import { reasonsBeyondLists, testLists, testMessage, testName, type TestList } from '../state/evidence.ts';
import { visible } from '../state/visible.ts';
import { t, told, toldFailure } from '../texts.ts';

const MARKS = {
  newlyFailing: { icon: 'close', tone: 'bad' },
  removed: { icon: 'warning', tone: 'bad' },
  newlySkipped: { icon: 'warning', tone: 'bad' },
  stillFailing: { icon: 'close', tone: 'warn' },
  newlyPassing: { icon: 'check', tone: 'good' },
  added: { icon: 'add', tone: 'good' },
} as const;

/** Tests of one list shown before "Show all". */
const SHOWN = 5;

/** The tests of a report that changed or fail, in named lists. */
export function TestLists({ report, isBase }: { report: GateReport; isBase?: boolean }): VNode {
  return (
    <>
      {testLists(report, isBase).map((list) => (
        <OneList key={list.kind} list={list} />
      ))}
    </>
  );
}

function OneList({ list }: { list: TestList }): VNode {
  const [all, setAll] = useState(false);
  const shown = all ? list.tests : list.tests.slice(0, SHOWN);
  const { icon, tone } = MARKS[list.kind];
  return (
    <div class="tests" data-kind={list.kind}>
      <h4 class="label">
        {list.title} <span class="count">{list.tests.length}</span>
      </h4>
      <ul class="test-rows">
        {shown.map((test) => (
          <li key={test.id} class="test" data-tone={tone}>
            <Icon name={icon} />
            <Test test={test} />
          </li>
        ))}
      </ul>
      {shown.length < list.tests.length && (
        <Button kind="link" onClick={() => setAll(true)}>
          {t('Show all {0}', list.tests.length)}
        </Button>
      )}
    </div>
  );
}

function Test({ test }: { test: TestNote }): VNode {
  const compared = test.expected !== undefined || test.actual !== undefined;
  const message = visible(toldFailure(testMessage(test)));
  return (
    <div class="test-body">
      <span class="test-name">{testName(test)}</span>
      {test.file !== undefined && <PlaceLink path={test.file} line={test.line} />}
      {message !== '' && <Message text={message} />}
      {compared && (
        <dl class="expected">
          <dt>{t('expected')}</dt>
          <dd>{visible(test.expected ?? '')}</dd>
          <dt>{t('actual')}</dt>
          <dd>{visible(test.actual ?? '')}</dd>
        </dl>
      )}
    </div>
  );
}

/** Lines of a message shown before "Show all". */
const LINES = 6;

function Message({ text }: { text: string }): VNode {
  const [all, setAll] = useState(false);
  const lines = text.split('\n');
  // A button in place of one line would save nothing.
  const cut = !all && lines.length > LINES + 1;
  return (
    <>
      <p class="test-message">{cut ? lines.slice(0, LINES).join('\n') : text}</p>
      {cut && (
        <Button kind="link" testid="test-message-all" onClick={() => setAll(true)}>
          {t('Show all {0} lines', lines.length)}
        </Button>
      )}
    </>
  );
}

/** Why a gate concluded what it did, where the lists of tests do not say it. */
export function Reasons({ report }: { report: GateReport }): VNode | null {
  const reasons = reasonsBeyondLists(report);
  if (reasons.length === 0) return null;
  return (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={reason}>{told(reason)}</li>
      ))}
    </ul>
  );
}
