/** What a person tells a team at work, by commands: a pause, a message, one again that nobody read, the plan, the next question. */
import assert from 'node:assert/strict';
import { soon } from '../support/soon.ts';
import { api, asks, execute, goesOn, reach, RUN_MS } from './driving.ts';

suite('a team at work', () => {
  let run = '';
  suiteSetup(async function () {
    this.timeout(RUN_MS);
    run = await execute<string>('runDemo');
    await reach(run, 'a plan is offered', asks('plan'));
  });
  suiteTeardown(async () => {
    await execute('stop', run);
    await execute('newGoal');
  });

  test('what needs the person next is one command away, and round again', async () => {
    const { needs } = await (await api()).view(run);
    assert.equal(needs.length, 1);
    // What the window shows is a moment behind the record.
    await soon.equal(() => execute('nextNeed'), needs[0]?.signal);
    assert.equal(await execute('nextNeed'), needs[0]?.signal);
  });

  test('the plan that waits opens to be changed; no task is taken over before it holds', async () => {
    assert.equal(await execute('changePlan', run), run);
    assert.equal(await execute('searchTalk', run), run);
    assert.equal(await execute('takeTask', run), undefined);
    assert.equal(await execute('openByHand', run), undefined);
  });

  test('a message to somebody who is not there lies unread, and is sent again to somebody else', async () => {
    assert.equal(await execute('resendMessage', run), undefined, 'nothing lies unread yet');
    assert.equal(await execute('steer', run, '@documenter Mention the greeting.'), run);
    const unread = await reach(run, 'the message lies unread', ({ team }) =>
      (team?.messages ?? []).some(({ state, to }) => state === 'waiting' && to === 'documenter'),
    );
    const id = unread.team?.messages.find(({ to }) => to === 'documenter')?.id;
    assert.equal(await execute('resendMessage', run, id, 'coder'), id);
    const sent = await reach(run, 'it was sent again', ({ team }) =>
      (team?.messages ?? []).some(({ state }) => state === 'resent'),
    );
    assert.deepEqual(
      sent.team?.messages.map(({ from, to }) => [from, to]),
      [
        ['person', 'documenter'],
        ['person', 'coder'],
      ],
    );
  });

  test('a pause lets what is under way end; the run goes on where it was', async function () {
    this.timeout(RUN_MS);
    assert.equal(await execute('approvePlan'), true);
    await reach(run, 'somebody works', ({ active }) => active.length > 0);
    assert.equal(await execute('pause', run), run);
    const { view } = await api();
    const ends = Date.now() + RUN_MS;
    while ((await view(run)).paused === undefined && Date.now() < ends)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const paused = await view(run);
    assert.equal(paused.paused?.reason, 'stopped');
    assert.ok(paused.feed.some((item) => item.kind === 'note' && item.text.includes('nothing new begins')));
    assert.ok(!paused.feed.some((item) => item.kind === 'tool' && item.state === 'interrupted'));
    await execute('resume', run);
    await goesOn(run);
    const worked = await reach(run, 'the coder has read the message', ({ team }) =>
      (team?.messages ?? []).some(({ state, to }) => state === 'read' && to === 'coder'),
    );
    assert.equal(worked.draining, undefined);
  });
});
