import assert from 'node:assert/strict';
import { contextKeys } from '../../src/editor/context-keys.ts';
import { watchOwners } from '../../src/editor/foreign.ts';
import { deskOf, house, Memento, viewOf, waitUntil } from './house.ts';

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
});
