/** What is said while the panel is out of sight: that something needs the person, and nothing else. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RunEnd } from '../../src/core/run/contract.ts';
import type { Ended } from '../../src/editor/desk-events.ts';
import { notifyOutOfSight, type NotifyNeeds, type Say } from '../../src/editor/notify.ts';
import type { NeedView, RunView } from '../../src/protocol/view.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';

const need = (signal: string, kind: NeedView['ask']['kind'] = 'plan', at = 0): NeedView => ({
  signal,
  at,
  ask: { kind, title: `Ask ${signal}` },
});
const asking = (id: string, ...needs: readonly NeedView[]) => ({ id, needs }) as unknown as RunView;

/** A window whose only live run is `mine`. `choose` presses the button of that name. */
function open(choose?: string) {
  const grown = new vscode.EventEmitter<RunView>();
  const over = new vscode.EventEmitter<Ended>();
  const said: string[] = [];
  const shown: unknown[] = [];
  const sight = { isPanelVisible: false };
  const say: Say = async (how, text, ways) => {
    said.push(`${how}: ${text} [${ways.join(', ')}]`);
    return ways.find((way) => way === choose);
  };
  const desk: NotifyNeeds['desk'] = {
    onGrown: grown.event,
    onEnded: over.event,
    isLive: (run) => run === 'mine',
    open: async (run) => void shown.push(run),
    show: async (place) => void shown.push(place),
  };
  const ends = notifyOutOfSight({
    ...{ desk, say, log: new InMemoryLog() },
    isPanelVisible: () => sight.isPanelVisible,
    isTold: (run) => run === 'told elsewhere',
  });
  return {
    ...{ said, shown, sight },
    grow: (view: RunView) => grown.fire(view),
    end: (end: RunEnd, run = 'mine') => over.fire({ run, end }),
    [Symbol.dispose]: () => {
      vscode.Disposable.from(ends, grown, over).dispose();
    },
  };
}

const finished = (outcome: 'done' | 'failed' | 'rejected' | 'answered'): RunEnd => ({
  kind: 'finished',
  outcome,
  message: `It is ${outcome}.`,
  partial: false,
});
const paused = (reason: 'stopped' | 'closed' | 'budget' | 'endpoint' | 'environment'): RunEnd => ({
  kind: 'paused',
  reason,
  message: `Paused: ${reason}.`,
});

suite('notifications', () => {
  test('a question is told once where the panel is out of sight, and again where it is asked anew', () => {
    using window = open();
    window.grow(asking('mine', need('a')));
    window.grow(asking('mine', need('a'), need('b', 'review')));
    assert.deepEqual(window.said, ['info: Quartet: Ask a [Show]', 'info: Quartet: Ask b [Review Changes]']);
    window.grow(asking('mine', need('a', 'plan', 7)));
    assert.equal(window.said.length, 3);
  });

  test('what the panel showed when it was asked is not told later', () => {
    using window = open();
    window.sight.isPanelVisible = true;
    window.grow(asking('mine', need('a')));
    window.end(finished('failed'));
    window.end(paused('budget'));
    window.sight.isPanelVisible = false;
    window.grow(asking('mine', need('a')));
    assert.deepEqual(window.said, []);
  });

  test('a run at work says nothing; nor does one of another window, which tells it there', () => {
    using window = open();
    window.grow(asking('mine'));
    window.grow(asking('theirs', need('a')));
    assert.deepEqual(window.said, []);
  });

  test('an end is told that the person has to see to, or whose result they wait for', () => {
    using window = open();
    for (const outcome of ['done', 'failed', 'answered'] as const) window.end(finished(outcome));
    for (const reason of ['endpoint', 'budget', 'environment'] as const) window.end(paused(reason));
    assert.deepEqual(window.said, [
      'info: Quartet: It is done. [Show]',
      'info: Quartet: It is failed. [Show]',
      'info: Quartet: It is answered. [Show]',
      'warning: Quartet: Paused: endpoint. [Configure Models, Show]',
      'warning: Quartet: Paused: budget. [Raise the Limit…, Show]',
      'warning: Quartet: Paused: environment. [Show]',
    ]);
  });

  test('an end of the person’s own making is not told, nor what is told where it was asked for', () => {
    using window = open();
    window.end(paused('stopped'));
    window.end(paused('closed'));
    window.end(finished('rejected'));
    window.end(finished('answered'), 'told elsewhere');
    assert.deepEqual(window.said, []);
  });

  test('Show leads to the card of the question, in its run', async () => {
    using window = open('Show');
    window.grow(asking('mine', need('a')));
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual(window.shown, [{ run: 'mine', place: { need: 'a' } }]);
  });
});
