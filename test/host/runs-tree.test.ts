import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { changeItem } from '../../src/editor/changes-tree.ts';
import { listed, runItem, waiting } from '../../src/editor/runs-tree.ts';
import { statusOf } from '../../src/editor/status.ts';
import type { ChangesView, RunEntry, RunStatus, RunView } from '../../src/protocol/view.ts';

const entry = (status: RunStatus, more: Partial<RunEntry> = {}): RunEntry => ({
  id: 'run-1',
  goal: 'Fix the total\nand more',
  mode: 'team',
  demo: false,
  status,
  startedAt: 0,
  updatedAt: 0,
  origin: 'editor',
  ...more,
});

const iconOf = (item: vscode.TreeItem) =>
  item.iconPath instanceof vscode.ThemeIcon ? item.iconPath.id : undefined;

suite('runs tree', () => {
  test('talks alone, or all', () => {
    const all = [entry('finished'), entry('finished', { id: 'talk', mode: 'ask' })];
    assert.deepEqual(
      listed(all, true).map(({ id }) => id),
      ['talk'],
    );
    assert.deepEqual(listed(all, false), all);
  });
  const cases: readonly (readonly [RunStatus, isLive: boolean, context: string, icon: string])[] = [
    ['working', true, 'run.live', 'loading~spin'],
    ['working', false, 'run.foreign', 'eye'],
    ['planning', true, 'run.live', 'loading~spin'],
    ['waiting', true, 'run.live', 'bell-dot'],
    ['waiting', false, 'run.foreign', 'bell-dot'],
    ['paused', false, 'run.paused', 'debug-pause'],
    ['finished', false, 'run.over', 'pass'],
    ['failed', false, 'run.over', 'error'],
    ['unreadable', false, 'run.unreadable', 'warning'],
  ];
  for (const [status, isLive, context, icon] of cases) {
    test(`${status}, ${isLive ? 'live' : 'not live'}`, () => {
      const item = runItem(entry(status), isLive, false);
      assert.equal(item.contextValue, context);
      assert.equal(iconOf(item), icon);
    });
  }

  test('a run that is worked on elsewhere says so', () => {
    const item = runItem(entry('working'), false, false);
    assert.match(String(item.description), /^working, in another window or the terminal/);
  });

  test('a damaged run says where, and a run of a later version that it is one', () => {
    const unreadable = { why: 'damaged', line: 7, message: 'It is not JSON.' } as const;
    const damaged = runItem(entry('unreadable', { unreadable }), false, false);
    assert.match(String(damaged.description), /^damaged/);
    assert.ok(typeof damaged.tooltip === 'string');
    assert.match(damaged.tooltip, /damaged at line 7: it cannot go on/);
    const newer = runItem(entry('unreadable', { unreadable: { ...unreadable, why: 'newer' } }), false, false);
    assert.match(String(newer.description), /^needs a newer Quartet/);
    const later = runItem(entry('paused', { later: true }), false, false);
    assert.match(String(later.description), /^paused, written by a later version/);
  });

  test('a line shows the first line of the goal, that it is a demo, and opens the run', () => {
    const item = runItem(entry('finished', { demo: true }), false, false);
    assert.equal(item.label, 'Fix the total');
    assert.match(String(item.description), /demo/);
    assert.equal(item.command?.command, 'quartet.openRun');
  });
});

suite('changes tree', () => {
  const file = { path: 'src/a.js', kind: 'modified', binary: false, additions: 3, deletions: 1 } as const;
  const changes: ChangesView = { revision: 1, base: 'b', tree: 't', verdict: 'green', files: [file] };

  test('an open file offers what was not decided', () => {
    const item = changeItem(changes, file, { decision: 'undecided' }, true);
    assert.equal(item.contextValue, 'file.open.undecided');
    assert.match(String(item.description), /^src .*\+3 −1/);
  });

  test('an edit by hand shows', () => {
    assert.match(
      String(changeItem(changes, file, { decision: 'accepted', edited: 'x' }, true).description),
      /edited/,
    );
  });

  test('what was answered counts, not the progress', () => {
    const decided = { ...changes, decided: { accepted: [], rejected: [{ path: file.path }] } };
    assert.equal(
      changeItem(decided, file, { decision: 'accepted' }, false).contextValue,
      'file.over.rejected',
    );
  });
});

suite('status bar', () => {
  const view = (more: Partial<RunView>) => ({ needs: [], active: [], ...more }) as unknown as RunView;
  const need = { signal: 's', at: 0, ask: { kind: 'plan' as const, title: 'Approve the plan' } };

  const shown = (live: readonly RunView[], waiting: readonly RunView[] = []) => statusOf({ live, waiting });

  test('idle, working, needs you with count', () => {
    assert.equal(shown([]).text, '$(organization) Quartet');
    assert.match(shown([view({})]).text, /loading~spin.*working/);
    const waits = [view({ status: 'waiting', needs: [need] }), view({ status: 'reviewing', needs: [need] })];
    const asked = shown(waits, waits);
    assert.match(asked.text, /bell-dot.*2/);
    assert.match(asked.tooltip, /Approve the plan/);
    assert.equal(asked.waits, 'atWork');
  });

  test('what another window’s run asks can be answered here, so it is told here', () => {
    const asked = shown([], [view({ status: 'waiting', needs: [need] })]);
    assert.match(asked.text, /bell-dot.*1/);
    assert.equal(asked.waits, 'atWork');
  });

  test('an open run that is stopped and wants something is not idle', () => {
    const stopped = view({
      status: 'paused',
      needs: [need],
      paused: { reason: 'stopped', message: 'You stopped the run.' },
    });
    const told = shown([], [stopped]);
    assert.match(told.text, /debug-pause.*stopped, 1 for you/);
    assert.match(told.tooltip, /You stopped the run\.\nApprove the plan/);
    assert.equal(told.waits, 'stopped', 'a press leads to what waits');
    const both = shown([view({ status: 'working' })], [stopped]);
    assert.match(both.text, /working/, 'what is at work goes first');
    assert.equal(both.waits, undefined);
  });

  test('the badge counts what runs want, but for the review that the Changes view counts', () => {
    const review = { signal: 'r', at: 0, ask: { kind: 'review' as const, title: 'Review' } };
    const live = [view({ id: 'a', needs: [need, review] }), view({ id: 'b', needs: [review] })];
    assert.equal(waiting(live, 'a'), 2);
    assert.equal(waiting(live, undefined), 3);
    assert.equal(waiting([], 'a'), 0);
  });
});
