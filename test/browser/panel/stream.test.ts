/** A run as it grows: deltas, gaps, streaming, scrolling, thousands of entries. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PanelUpdate } from '../../../src/protocol/panel.ts';
import type { TestProgress } from '../../../src/protocol/test-progress.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { finished, notProved } from '../../support/panel-states/ended.ts';
import { long, planning, planOpen, working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { delta, id, shown, usePanelPages } from './run-page.ts';

const { openRun, pages } = usePanelPages();

const CODER = working.active.at(-1)?.key ?? '';
const piece = (text: string, key = CODER): PanelUpdate => ({
  type: 'stream',
  run: working.id,
  key,
  role: 'coder',
  task: 'truncate',
  text,
});

const note = (seq: number, text = `note ${seq}`): FeedItem => ({
  kind: 'note',
  id: seq,
  at: seq,
  level: 'info',
  text,
});

function grown(view: RunView, items: readonly FeedItem[], parts: Partial<RunView> = {}): RunView {
  return { ...view, lastSeq: view.lastSeq + 10, feed: [...view.feed, ...items], ...parts };
}

const status = (panel: PanelPage): Promise<string | null> =>
  panel.page.locator(id('run-status')).getAttribute('data-status');

test('the whole life of a run, message by message', async () => {
  const panel = await openRun(planning);
  await soon.equal(() => status(panel), 'planning');
  await panel.send(delta(planning, { ...planOpen, lastSeq: 405 }));
  await soon.equal(() => status(panel), 'waiting');
  await panel.send(delta({ ...planOpen, lastSeq: 405 }, { ...working, lastSeq: 420 }));
  await soon.equal(() => status(panel), 'working');
  const task = panel.page.locator(`${id('plan-task')}[data-task="accents"]`);
  await soon.equal(() => task.getAttribute('data-state'), 'testing');
  await panel.send(delta({ ...working, lastSeq: 420 }, { ...finished, lastSeq: 500 }));
  await soon.equal(() => status(panel), 'finished');
  await soon.equal(() => task.getAttribute('data-state'), 'done');
  await soon.match(() => panel.page.locator(id('evidence')).innerText(), /Green/);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('a running call of the tests says how far they are, until it has ended', async () => {
  const key = 'task/truncate/attempt/1/gate/0';
  const testing: FeedItem = {
    ...{ kind: 'tool', id: 902, at: 902, who: { role: 'qa' }, tool: 'run_tests', args: '{}' },
    ...{ title: 'Run the tests', state: 'running' },
  };
  const active = [{ key, kind: 'tests' as const, title: 'Run the tests', since: 902 }];
  const running = grown(working, [testing], { active });
  const panel = await openRun(running);
  const told = panel.page.locator(id('test-progress'));
  const says = async (text: string) => assert.equal(await told.innerText(), text);
  assert.equal(await told.count(), 0);
  const tell = (progress: TestProgress, run = working.id) =>
    panel.send({ type: 'tests', run, key, progress });
  await tell({ unit: 'tests', done: 3, failed: 0 });
  await says('tests so far: 3');
  assert.equal(await told.locator('progress').count(), 0);
  await tell({ unit: 'tests', done: 12, failed: 1, total: 40 });
  await says('12 of 40 tests, 1 failed');
  assert.equal(await told.locator('progress').getAttribute('max'), '40');
  await tell({ unit: 'tests', done: 1, failed: 0 }, 'run-other');
  await panel.sendRaw({ type: 'tests', run: working.id, key, progress: { done: 'all' } });
  await says('12 of 40 tests, 1 failed');
  const ended = { ...testing, state: 'ok', durationMs: 900 } as const;
  await panel.send(delta(running, grown(working, [ended], { active: [], lastSeq: running.lastSeq + 1 })));
  assert.equal(await told.count(), 0);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('a screenshot is asked for when its call is opened, and only an image is shown', async () => {
  const pixel = 'data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=';
  const look: FeedItem = {
    ...{ kind: 'tool', id: 901, at: 901, who: { role: 'coder' }, tool: 'browse_page', args: '{}' },
    ...{ title: 'Open http://localhost:3000/', state: 'ok', result: 'Console:\n- [log] hi', pictured: true },
  };
  const panel = await openRun(grown(working, [look]));
  const call = panel.page.locator(`${id('tool-call')}[data-tool="browse_page"]`);
  const asked = async () => (await panel.posted()).filter(({ type }) => type === 'picture.show');
  await soon.deepEqual(() => asked(), []);
  await call.locator('summary').click();
  await soon.match(() => call.innerText(), /\[log\] hi/);
  await panel.page.waitForFunction(() => document.querySelector('.tool[open] .spinner') !== null);
  await soon.deepEqual(() => asked(), [{ type: 'picture.show', run: working.id, call: 901 }]);
  for (const data of ['https://example.com/x.png', 'data:text/html,x', 'data:image/svg+xml;base64,x'])
    await panel.sendRaw({ type: 'picture', run: working.id, call: 901, data });
  await panel.send({ type: 'picture', run: 'run-other', call: 901, data: pixel });
  await soon.equal(() => panel.page.locator(id('tool-picture')).count(), 0);
  await panel.send({ type: 'picture', run: working.id, call: 901, data: pixel });
  const picture = panel.page.locator(id('tool-picture'));
  await soon.equal(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), 1);
  await soon.match(async () => (await picture.getAttribute('alt')) ?? '', /localhost:3000/);
  await panel.send({ type: 'picture', run: working.id, call: 901, data: null });
  await soon.match(() => call.innerText(), /not in the record/);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('a delta that does not fit makes the page ask for a snapshot, once', async () => {
  const panel = await openRun(working);
  await panel.forget();
  const later = { ...grown(working, [note(900)]), lastSeq: 450 };
  await panel.send(delta({ ...working, lastSeq: 440 }, later), delta({ ...working, lastSeq: 450 }, later));
  await soon.deepEqual(() => panel.posted(), [{ type: 'ready' }]);
  await panel.send(shown(later));
  await soon.match(() => panel.page.locator(id('conversation')).innerText(), /note 900/);
  await panel.close();
});

test('streamed text grows in place, then gives way to the finished reply', async () => {
  const panel = await openRun(working);
  await panel.send(piece('I write **bo'), piece('ld** words.\n\n```js\nlet a'));
  const live = panel.page.locator(id('live'));
  await soon.equal(() => live.locator('strong').innerText(), 'bold');
  const first = await live
    .locator('.markdown-piece')
    .first()
    .evaluateHandle((node) => node);
  await panel.send(piece(' = 1;'));
  await soon.equal(() => live.locator('pre').innerText(), 'let a = 1;');
  await soon.equal(
    () => first.evaluate((node) => node.isConnected),
    true,
    'the first paragraph was drawn anew',
  );

  const reply: FeedItem = {
    kind: 'said',
    id: 700,
    at: 1,
    who: { role: 'coder', agent: 'coder-2', task: 'truncate' },
    text: 'I write **bold** words.',
  };
  const done = grown(working, [reply], { active: [] });
  await panel.send(delta(working, done));
  await soon.equal(() => live.count(), 0);
  await panel.send(piece(' too late'));
  await soon.equal(() => live.count(), 0);
  await soon.match(() => panel.page.locator(id('conversation')).innerText(), /I write bold words\./);
  await panel.close();
});

test('pieces of another run, and pieces after going back, are dropped', async () => {
  const panel = await openRun(working);
  await panel.send({ ...piece('x'), run: 'other' } as PanelUpdate);
  await soon.equal(() => panel.page.locator(id('live')).count(), 0);
  await panel.page.locator(id('back')).click();
  await panel.send(piece('x'), delta(working, grown(working, [note(900)])));
  await soon.equal(() => panel.page.locator(id('goal-input')).count(), 1);
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('the page follows the end, and stays where the person scrolled to', async () => {
  const panel = await openRun(long(300), { height: 600 });
  const { page } = panel;
  const place = () =>
    page.locator('.scroller').evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({
      scrollTop,
      left: scrollHeight - clientHeight - scrollTop,
    }));
  await soon.ok(async () => (await place()).left < 4, 'it does not begin at the end');

  let view = grown(long(300), [note(90_001)]);
  await panel.send(delta(long(300), view));
  await soon.ok(async () => (await place()).left < 4, 'it does not follow');

  // Layout moves pages, too: only a gesture of the person counts.
  await page.locator('.scroller').evaluate((element) => (element.scrollTop -= 300));
  const more = grown(view, [note(90_002, 'one more')]);
  await panel.send(delta(view, more));
  view = more;
  await soon.ok(async () => (await place()).left < 4, 'it lost the end without being told to');

  await page.locator('.scroller').hover();
  await page.mouse.wheel(0, -500);
  await soon.ok(async () => (await place()).left > 300);
  await page.getByText('Latest').waitFor();
  const before = await place();
  for (let seq = 90_003; seq < 90_010; seq += 1) {
    const next = grown(view, [note(seq, 'a new line\n\n'.repeat(3))]);
    await panel.send(delta(view, next));
    view = next;
  }
  await soon.ok(
    async () => Math.abs((await place()).scrollTop - before.scrollTop) < 2,
    'it ran away from the reader',
  );

  await page.getByText('Latest').click();
  await soon.ok(async () => (await place()).left < 4);
  await soon.equal(() => page.getByText('Latest').count(), 0);
  await panel.close();
});

test('who answers below the conversation still follows it; what one says is seen, wherever one had scrolled', async () => {
  const panel = await openRun(long(300), { height: 600 });
  const { page } = panel;
  const left = () =>
    page
      .locator('.scroller')
      .evaluate(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop);
  await soon.ok(async () => (await left()) < 4, 'it does not begin at the end');
  await page.locator(id('steer-input')).click();
  // As a card below comes and goes: the page is moved, not by the person.
  await page.locator('.scroller').evaluate((element) => (element.scrollTop -= 300));
  let view = grown(long(300), [note(90_001)]);
  await panel.send(delta(long(300), view));
  await soon.ok(async () => (await left()) < 4, 'a press below it made it lose its end');

  await page.locator('.scroller').hover();
  await page.mouse.wheel(0, -500);
  await page.getByText('Latest').waitFor();
  const said = {
    kind: 'message',
    id: 90_002,
    at: view.updatedAt,
    from: 'person',
    to: 'team',
    text: 'Stop that.',
  } as const;
  const more = { ...view, feed: [...view.feed, said], lastSeq: said.id };
  await panel.send(delta(view, more));
  view = more;
  await soon.ok(async () => (await left()) < 4, 'what was said is out of sight');
  await panel.close();
});

test('a run that ends shows the beginning of its summary, not its end', async () => {
  const panel = await openRun(finished, { height: 500 });
  const top = async (part: string) => (await panel.page.locator(part).boundingBox())?.y ?? NaN;
  await soon.ok(async () => Math.abs((await top('.story')) - (await top('.scroller')) - 8) <= 2);
  await panel.close();
});

test('unknown cost reads "unknown", the demo says that it is one', async () => {
  const panel = await openRun(notProved);
  await soon.match(() => panel.page.locator(id('cost')).innerText(), /unknown/);
  await soon.doesNotMatch(() => panel.page.locator('.run-head').innerText(), /\$0/);
  await soon.match(() => panel.page.locator('.run-head').innerText(), /Demo/);
  await panel.close();
});

test('a screen reader hears events, not streams', async () => {
  const panel = await openRun(working);
  const region = panel.page.locator('[role="status"]');
  await panel.send(piece('a long reply'));
  await soon.equal(() => region.innerText(), '');
  const asking = grown(working, [], { ...planOpen, id: working.id, lastSeq: 410, needs: planOpen.needs });
  await panel.send(delta(working, asking));
  await soon.match(() => region.innerText(), /Needs you: Approve the plan/);
  await soon.equal(() => panel.page.locator('[aria-live]').count(), 0);
  await panel.close();
});

test('messages of another shape change nothing and break nothing', async () => {
  const panel = await openRun(working);
  for (const message of [
    null,
    'x',
    { type: 'snapshot' },
    { type: 'delta', run: working.id },
    { command: 'x' },
  ])
    await panel.sendRaw(message);
  await soon.equal(() => status(panel), 'working');
  assert.deepEqual(panel.complaints, []);
  await panel.close();
});

test('what another version wrote is said to be so, and the rest of the run is shown', async () => {
  const future = { kind: 'hologram', id: 5000, at: 1 } as unknown as FeedItem;
  const half = { kind: 'gate', id: 5001, at: 1, scope: 'task', report: {} } as unknown as FeedItem;
  const ask = { kind: 'bribe', title: 'Pay?' } as unknown as RunView['needs'][number]['ask'];
  const panel = await openRun(
    grown(working, [future, half, note(5002, 'after it')], {
      needs: [{ signal: 'bribe/1', at: 1, ask }, ...planOpen.needs],
      evidence: { integrated: {} as never },
    }),
    { height: 3000 },
  );
  await soon.equal(() => panel.page.locator(id('cannot-show')).count(), 4);
  await soon.match(() => panel.page.locator(id('conversation')).innerText(), /after it/);
  await soon.equal(() => panel.page.locator(id('plan-approve')).count(), 1);
  await panel.send(shown({ ...finished, lastSeq: 900 }));
  await soon.equal(() => panel.page.locator(id('cannot-show')).count(), 0);
  await soon.equal(() => status(panel), 'finished');
  await panel.close();
});

test('the pages stay small', () => {
  const { files, scriptBytes } = pages();
  for (const [page, most] of [
    ['panel', 320_000],
    ['run-view', 150_000],
  ] as const) {
    assert.ok(scriptBytes(page) < most, `the scripts of ${page} are ${scriptBytes(page)} bytes`);
    const style = ['page.css', `${page}.css`].map((name) => files[name] ?? '').join('');
    assert.ok(style.length > 0 && style.length < 50_000, `the styles of ${page} are ${style.length} bytes`);
  }
});
