import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { PortError } from '../../src/core/ports.ts';
import type { Engine, LiveRun, RunEnd } from '../../src/core/run/contract.ts';
import { hasSecondarySideBar } from '../../src/editor/aside.ts';
import type { Backend } from '../../src/editor/backend.ts';
import { contextKeys } from '../../src/editor/context-keys.ts';
import { Desk } from '../../src/editor/desk.ts';
import { watchOwners } from '../../src/editor/foreign.ts';
import { RunSettings } from '../../src/protocol/settings.ts';
import type { RunEntry, RunView } from '../../src/protocol/view.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';

const settings = RunSettings.parse({
  endpoints: [{ id: 'e', kind: 'scripted', model: 'm' }],
  routes: { default: ['e'] },
});

const viewOf = (id: string, more: Partial<RunView> = {}): RunView => ({
  id,
  goal: `goal of ${id}`,
  mode: 'team',
  demo: false,
  status: 'paused',
  startedAt: 0,
  updatedAt: 0,
  lastSeq: 1,
  tasks: [],
  agents: [],
  needs: [],
  active: [],
  feed: [],
  spent: { inputTokens: 0, outputTokens: 0, cachedTokens: 0, calls: 0, costUsd: null },
  budget: {},
  ledger: [],
  evidence: {},
  ...more,
});

/** A house that only remembers what it was asked. */
function house(views: readonly RunView[], owned: readonly string[] = [], damaged = new Set<string>()) {
  const calls: string[] = [];
  const ends = new Map<string, (end: RunEnd) => void>();
  const followers = new Map<string, (view: RunView) => void>();
  const live = (id: string): LiveRun => ({
    id,
    ended: new Promise((resolve) => ends.set(id, resolve)),
    stop: async (_reason, { drain = false } = {}) => {
      calls.push(`stop ${id}${drain ? ' when it has drained' : ''}`);
      ends.get(id)?.({ kind: 'paused', reason: 'stopped', message: 'Stopped.' });
    },
  });
  const unused = async () => assert.fail('the desk has no business here');
  const engine: Engine = {
    change: async () => undefined,
    fork: unused,
    resend: async (id, message, to = 'whoever it was for') =>
      void calls.push(`resend ${id} ${String(message)} to ${to}`),
    replay: unused,
    apply: unused,
    undo: unused,
    previewUndo: unused,
    commit: unused,
    previewCommit: unused,
    start: async ({ goal }) => (calls.push(`start ${goal}`), live('new')),
    resume: async (id, changes = {}) => (calls.push(`resume ${id} ${JSON.stringify(changes)}`), live(id)),
    live: () => undefined,
    onText: () => ({ dispose: () => undefined }),
    answer: async (id, signal, value, from) =>
      void calls.push(`answer ${id} ${signal} ${JSON.stringify(value)} ${from}`),
    steer: async (id, text) => void calls.push(`steer ${id} ${text}`),
    close: async () => void calls.push('close'),
  };
  const all = [...views, viewOf('new', { status: 'working' })];
  const find = (id: string) => {
    const found = all.find((view) => view.id === id);
    if (found === undefined) throw new PortError('run.missing', `There is no run ${id}.`);
    return found;
  };
  const backend: Backend = {
    views: {
      list: async () => views.map((view): RunEntry => ({ ...view, origin: 'editor' })),
      view: async (id) => find(id),
      follow: (id, changed, failed) => {
        followers.set(id, changed);
        if (damaged.has(id)) failed?.(new PortError('journal.damaged', `The journal of ${id} is damaged.`));
        else changed(find(id));
        return { dispose: () => followers.delete(id) };
      },
      picture: async () => undefined,
      watchList: () => ({ dispose: () => undefined }),
    },
    store: {
      isOwned: async (id) => owned.includes(id),
      owner: async (id) => (owned.includes(id) ? 'process 7 on elsewhere' : undefined),
      putSignal: async (id, { name, value }) =>
        void calls.push(`signal ${id} ${name} ${JSON.stringify(value)}`),
      watch: () => ({ dispose: () => undefined }),
    },
    copies: { read: async () => undefined, names: async () => undefined, diff: async () => [] },
    record: () => assert.fail('the desk looks into no record'),
    engine: async () => engine,
    checkPlan: async () => ({ problems: [] }),
    roles: { list: async () => [], add: async () => '', approve: async () => undefined },
    tests: {
      kept: unused,
      keep: unused,
      known: unused,
      files: async () => [],
      told: async () => [],
      lacksPackages: async () => false,
      install: unused,
    },
    permissions: { list: async () => [], add: async () => undefined, remove: async () => false },
    audit: async () => '',
    verify: async () => ({ lines: 0, blobs: 0, problems: [] }),
    exportRun: async () => '',
    importRun: async () => '',
    takeOver: async (id) => void calls.push(`take over ${id}`),
    survey: async () => ({ runs: [], bytes: { runs: 0, copies: 0, trees: 0, caches: 0 } }),
    collect: async (rules, how) => (calls.push(`collect ${JSON.stringify({ rules, how })}`), []),
  };
  return { backend, calls, ends, followers };
}

class Memento implements vscode.Memento {
  readonly kept = new Map<string, unknown>();
  keys = () => [...this.kept.keys()];
  get = <T>(key: string) => this.kept.get(key) as T | undefined;
  update = async (key: string, value: unknown) => void this.kept.set(key, value);
}

function deskOf(backend: Backend, state = new Memento()) {
  const log = new InMemoryLog();
  const load = async () => backend;
  const desk = new Desk({
    load,
    settings: async () => settings,
    budget: async () => ({ tokensMax: 9 }),
    state,
    log,
  });
  return { desk, state };
}

async function waitUntil(holds: () => boolean): Promise<void> {
  for (const ends = Date.now() + 5_000; !holds() && Date.now() < ends;)
    await new Promise((resolve) => setTimeout(resolve, 1));
}

suite('desk', () => {
  test('starting opens the run and remembers it', async () => {
    const { backend, calls } = house([]);
    const { desk, state } = deskOf(backend);
    assert.equal(await desk.start({ goal: 'g', mode: 'team', demo: false }), 'new');
    assert.deepEqual(calls, ['start g']);
    assert.equal(desk.openView?.id, 'new');
    assert.ok(desk.isLive('new'));
    const again = deskOf(house([viewOf('new')]).backend, state).desk;
    await again.connect();
    assert.equal(again.openView?.id, 'new');
    desk.dispose();
    again.dispose();
  });

  test('a run that is gone is not open any more', async () => {
    const state = new Memento();
    await state.update('quartet.openRun', 'gone');
    const { desk } = deskOf(house([]).backend, state);
    await desk.connect();
    assert.equal(desk.openId, undefined);
    desk.dispose();
  });

  test('an answer wakes a run that nobody works on, and only such a one', async () => {
    const { backend, calls } = house([viewOf('sleeping'), viewOf('elsewhere')], ['elsewhere']);
    const { desk } = deskOf(backend);
    await desk.answer('sleeping', 'plan/1', { decision: 'approve' });
    await desk.answer('elsewhere', 'plan/1', { decision: 'approve' });
    assert.deepEqual(calls, [
      'answer sleeping plan/1 {"decision":"approve"} editor',
      'resume sleeping {}',
      'answer elsewhere plan/1 {"decision":"approve"} editor',
    ]);
    desk.dispose();
  });

  test('a run whose budget was used up goes on with the budget of now', async () => {
    const spent = viewOf('spent', { paused: { reason: 'budget', message: 'm' } });
    const { backend, calls } = house([spent]);
    const { desk } = deskOf(backend);
    await desk.resume('spent');
    await desk.resume('spent');
    assert.deepEqual(calls, ['resume spent {"budget":{"tokensMax":9}}'], 'a live one is left alone');
    desk.dispose();
  });

  test('a run goes on within the limits that were raised for it, whatever the settings say', async () => {
    const spent = viewOf('spent', { paused: { reason: 'budget', message: 'm' } });
    const { backend, calls } = house([spent]);
    const { desk } = deskOf(backend);
    await desk.resume('spent', { costUsdMax: 3 });
    assert.deepEqual(calls, ['resume spent {"budget":{"costUsdMax":3}}']);
    desk.dispose();
  });

  test('another window’s run is stopped by a signal, nobody’s by nothing', async () => {
    const { backend, calls } = house([viewOf('elsewhere'), viewOf('nobody')], ['elsewhere']);
    const { desk } = deskOf(backend);
    await desk.stop('elsewhere');
    await desk.stop('nobody');
    await desk.stop('elsewhere', { drain: true });
    assert.deepEqual(calls, ['signal elsewhere stop {}', 'signal elsewhere stop {"drain":true}']);
    desk.dispose();
  });

  test('a pause is asked of the run and not waited for', async () => {
    const { backend, calls } = house([viewOf('a')]);
    const { desk } = deskOf(backend);
    await desk.resume('a');
    await desk.stop('a', { drain: true });
    await desk.resend('a', 7);
    await desk.resend('a', 7, 'coder');
    assert.deepEqual(calls.slice(1), [
      'stop a when it has drained',
      'resend a 7 to whoever it was for',
      'resend a 7 to coder',
    ]);
    desk.dispose();
  });

  test('a run that was open and cannot be read any more is not forgotten: it says what is wrong', async () => {
    const state = new Memento();
    await state.update('quartet.openRun', 'torn');
    const { backend, followers } = house([viewOf('torn')], [], new Set(['torn']));
    const { desk } = deskOf(backend, state);
    const told: string[] = [];
    desk.onBroken(({ run, error }) => told.push(`${run}: ${error.message}`));
    await desk.connect();
    assert.equal(desk.openId, 'torn');
    assert.deepEqual(told, ['torn: The journal of torn is damaged.']);
    assert.equal(desk.errorOf('torn')?.message, 'The journal of torn is damaged.');
    followers.get('torn')?.(viewOf('torn'));
    assert.equal(desk.errorOf('torn'), undefined, 'it reads again');
    desk.dispose();
  });

  test('a place is shown in its run, which is opened first', async () => {
    const { desk } = deskOf(house([viewOf('a'), viewOf('b')]).backend);
    const places: unknown[] = [];
    desk.onShown((place) => places.push([desk.openId, place]));
    await desk.open('a');
    await desk.show({ run: 'b', place: { need: 'plan/1' } });
    assert.deepEqual(places, [['b', { run: 'b', place: { need: 'plan/1' } }]]);
    desk.dispose();
  });

  test('a run that cannot be read does not take the place of the open one', async () => {
    const { desk } = deskOf(house([viewOf('a')]).backend);
    await desk.open('a');
    await assert.rejects(desk.open('missing'), { code: 'run.missing' });
    assert.equal(desk.openId, 'a');
    desk.dispose();
  });

  test('what ends here is told once and is not live afterwards', async () => {
    const { backend } = house([viewOf('a')]);
    const { desk } = deskOf(backend);
    const ended: string[] = [];
    desk.onEnded(({ run, end }) => ended.push(`${run} ${end.kind}`));
    await desk.resume('a');
    await desk.stop('a');
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.deepEqual(ended, ['a paused']);
    assert.equal(desk.isLive('a'), false);
    desk.dispose();
  });

  test('a run that another process works on is followed, taken over by asking, and live here then', async () => {
    const { backend, calls, followers } = house([viewOf('theirs', { status: 'working' }), viewOf('mine')]);
    const { desk } = deskOf(backend);
    await desk.connect();
    assert.deepEqual([desk.isForeign('theirs'), desk.isForeign('mine')], [true, false]);
    assert.deepEqual([...followers.keys()], ['theirs']);
    assert.equal(contextKeys(desk)['foreign'], true);
    await assert.rejects(desk.takeOver('theirs', AbortSignal.abort()), { name: 'AbortError' });
    await desk.takeOver('theirs', new AbortController().signal);
    assert.deepEqual(calls, ['take over theirs', 'take over theirs', 'resume theirs {}']);
    assert.deepEqual([desk.isForeign('theirs'), desk.isLive('theirs')], [false, true]);
    await desk.takeOver('theirs', new AbortController().signal);
    assert.equal(calls.length, 3, 'a live one is left alone');
    desk.dispose();
  });

  test('an owner that is gone without a word is noticed, one that works is left alone', async () => {
    const owned = new Set(['works', 'dies']);
    const left: string[] = [];
    const watching = watchOwners(
      {
        runs: () => [...owned, 'dead'].filter((run) => !left.includes(run)),
        isOwned: async (run) => owned.has(run),
        left: async (run) => void left.push(run),
      },
      1,
    );
    await waitUntil(() => left.length === 1);
    owned.delete('dies');
    await new Promise((resolve) => setTimeout(resolve, 20));
    watching.dispose();
    assert.deepEqual(left, ['dead']);
  });

  test('closing a window that never started an engine loads none', async () => {
    const { backend, calls } = house([]);
    const { desk } = deskOf(backend);
    await desk.close();
    assert.deepEqual(calls, []);
    desk.dispose();
  });

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
