/** What can be done is known from the state of the runs: what commands and menus are enabled by. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { hasSecondarySideBar } from '../../src/editor/aside.ts';
import { contextKeys } from '../../src/editor/context-keys.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { deskOf, house, viewOf } from './house.ts';

suite('context keys', () => {
  test('context keys say what can be done', async () => {
    const need = { signal: 'plan/1', at: 0, ask: { kind: 'plan' as const, title: 't' } };
    const { desk } = deskOf(house([viewOf('a', { needs: [need] })]).backend);
    await desk.connect();
    const idle = {
      active: true,
      hasAside: hasSecondarySideBar(vscode.version),
      hasRuns: true,
      runOpen: false,
      live: false,
      paused: true,
      foreign: false,
      waits: false,
      planOpen: false,
      conflictOpen: false,
      reviewOpen: false,
      hasChanges: false,
      reviewed: false,
      unread: false,
      takeable: false,
      byHand: false,
      kept: false,
    };
    assert.deepEqual(contextKeys(desk), idle);
    await desk.open('a');
    await desk.resume('a');
    assert.deepEqual(contextKeys(desk), {
      ...idle,
      runOpen: true,
      live: true,
      paused: false,
      waits: true,
      planOpen: true,
    });
    desk.dispose();
  });

  test('what waits counts wherever it can be answered: here, elsewhere, in the open run that is stopped', async () => {
    const needs = [{ signal: 'plan/1', at: 0, ask: { kind: 'plan' as const, title: 't' } }];
    const theirs = viewOf('theirs', { status: 'waiting', needs });
    const stopped = viewOf('stopped', { needs });
    const { backend, followers } = house([theirs, stopped], ['theirs']);
    const { desk } = deskOf(backend);
    const waiting = () => desk.waitingViews.map(({ id }) => id);
    const waits = () => contextKeys(desk)['waits'];
    await desk.connect();
    assert.deepEqual([waiting(), waits()], [['theirs'], true]);
    followers.get('theirs')?.({ ...theirs, status: 'working', needs: [], lastSeq: 2 });
    assert.deepEqual([waiting(), waits()], [[], false], 'it was answered');
    await desk.open('stopped');
    assert.deepEqual([waiting(), waits()], [['stopped'], true]);
    followers.get('theirs')?.({ ...theirs, status: 'paused', lastSeq: 3 });
    await desk.open(undefined);
    assert.deepEqual([waiting(), waits()], [[], false], 'nobody looks at what is stopped');
    desk.dispose();
  });

  test('a change counts as reviewed once the person has decided, not while it waits', async () => {
    const file = { path: 'a.js', kind: 'modified', binary: false, additions: 1, deletions: 0 } as const;
    const changes = { revision: 1, base: 'b', tree: 't', verdict: 'green', files: [file] } as const;
    const { backend, followers } = house([viewOf('a', { changes })]);
    const { desk } = deskOf(backend);
    await desk.open('a');
    assert.equal(contextKeys(desk)['reviewed'], false);
    const decided = { accepted: ['a.js'], rejected: [] };
    followers.get('a')?.(viewOf('a', { changes: { ...changes, decided }, lastSeq: 2 }));
    assert.equal(contextKeys(desk)['reviewed'], true);
    desk.dispose();
  });

  test('what can be done with the team of the open run is known from its state', async () => {
    const task = { id: 't', title: 'T', description: '', role: 'coder', depends_on: [] } as unknown;
    const spec = task as RunView['tasks'][number]['spec'];
    const working = viewOf('a', {
      status: 'working',
      plan: {
        revision: 1,
        spec: { summary: '', tasks: [spec] },
        decided: 'approved',
        problems: [],
        costUsd: null,
      },
      tasks: [{ spec, state: 'working', attempt: 1, tokens: 0, costUsd: null }],
      team: {
        messages: [
          { id: 1, key: 'm', at: 0, from: 'coder', to: 'qa', text: 'Hi', state: 'dead', readBy: [] },
        ],
        facts: [],
        guards: [],
        consensus: [],
        waits: [],
      },
    });
    const hand = {
      signal: 'hand/t/1',
      at: 0,
      ask: { kind: 'hand' as const, title: 'Yours', who: { role: 'person', task: 't' } },
    };
    const cases: readonly [RunView, readonly boolean[]][] = [
      [working, [true, true, false]],
      [{ ...working, needs: [hand] }, [true, false, true]],
      [{ ...working, status: 'paused' }, [true, false, false]],
      [
        { ...working, status: 'finished', finished: { outcome: 'done', message: '', partial: false } },
        [false, false, false],
      ],
    ];
    for (const [view, wanted] of cases) {
      const { desk } = deskOf(house([view]).backend);
      await desk.open('a');
      const { unread, takeable, byHand } = contextKeys(desk);
      assert.deepEqual([unread, takeable, byHand], wanted, view.status);
      desk.dispose();
    }
  });
});
