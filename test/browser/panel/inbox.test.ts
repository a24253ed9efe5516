/** What needs the person: also in other runs, and where the focus is once it is answered. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Ask } from '../../../src/protocol/events.ts';
import { ready } from '../../support/panel-states/contexts.ts';
import { finished, review } from '../../support/panel-states/ended.ts';
import { asked, planOpen, working } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import { id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

const pictures = join(import.meta.dirname, '..', '..', '..', '.vscode-test', 'panel');

test('the inbox has a row for another run that waits, and it leads there', async () => {
  const waits = [
    { run: working.id, goal: working.goal, count: 1 },
    { run: 'other', goal: 'Mend the parser', count: 2 },
  ];
  const panel = await open({ width: 250 }, { type: 'context', context: { ...ready, waits } }, shown(working));
  const row = panel.page.locator(id('need-elsewhere'));
  await soon.equal(() => row.count(), 1);
  await soon.match(() => row.innerText(), /Mend the parser\s+2 for you/);
  await soon.match(() => panel.page.locator(id('to-needs')).innerText(), /2 for you/);
  assert.deepEqual(await press(panel, 'need-elsewhere'), [{ type: 'run.open', run: 'other' }]);
  assert.deepEqual(await press(panel, 'to-needs'), [{ type: 'run.open', run: 'other' }]);
  await panel.send({ type: 'context', context: ready });
  await soon.equal(() => panel.page.locator(id('needs-you')).count(), 0);
  await panel.close();
});

test('in a narrow and low side bar the answers to a permission are in sight, however long it is what they answer', async () => {
  const [permission] = asked.needs;
  assert.ok(permission);
  const detail = `${'npm run build -- --filter every-package\n'.repeat(12)}\nWhy this asks: it wants the network.`;
  const long = { ...asked, needs: [{ ...permission, ask: { ...permission.ask, detail } }] };
  const panel = await openRun(long, { width: 250, height: 560 });
  for (const name of ['allow-button', 'deny-button']) {
    const button = panel.page.locator(id(name));
    await soon.equal(() => button.count(), 1);
    const isReached = await button.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      return element.contains(there);
    });
    assert.ok(isReached, name);
  }
  await press(panel, 'reason-button');
  const box = panel.page.locator(id('reason-input'));
  const isInSight = (): Promise<boolean> =>
    box.evaluate((element) => {
      const { left, top, bottom, width } = element.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
      return element.contains(there);
    });
  await soon.ok(isInSight);
  await panel.close();
});

test('where a run starts, those that wait have a row each', async () => {
  const waits = [{ run: 'other', goal: 'Mend the parser', count: 2 }];
  const panel = await open({ width: 250 }, { type: 'context', context: { ...ready, waits } }, shown(null));
  await soon.match(() => panel.page.locator(id('needs-you')).innerText(), /Needs you\s+2[^]*Mend the parser/);
  mkdirSync(pictures, { recursive: true });
  await panel.page.screenshot({ path: join(pictures, 'start-waits.png') });
  assert.deepEqual(await press(panel, 'need-elsewhere'), [{ type: 'run.open', run: 'other' }]);
  await panel.send({ type: 'context', context: ready });
  await soon.equal(() => panel.page.locator(id('needs-you')).count(), 0);
  await panel.close();
});

test('the focus stays on the card while an answer is on its way, and goes on where the run does', async () => {
  const panel = await openRun(planOpen);
  const { page } = panel;
  const focused = (selector: string) => page.locator(`${selector}:focus`).count();
  await page.locator(id('plan-edit')).press('Enter');
  await page.locator(id('plan-save')).press('Enter');
  await soon.equal(() => focused(id('need')), 1);
  assert.equal(await page.locator(id('plan-save')).isDisabled(), true, 'the answer is still on its way');
  await panel.send(shown({ ...planOpen, lastSeq: 900, needs: [], status: 'working' }));
  await soon.equal(() => focused(id('steer-input')), 1);
  await panel.close();

  const reviewing = await openRun(review);
  await reviewing.page.locator(id('accept-all')).press('Enter');
  await reviewing.send(shown({ ...review, lastSeq: 900, needs: [], status: 'working' }));
  await reviewing.send(shown({ ...finished, id: review.id, lastSeq: 950 }));
  await soon.equal(() => reviewing.page.locator('.dock :focus').count(), 1);
  await reviewing.close();
});

test('what may be allowed is readable in a narrow panel, and the answers say what they mean', async () => {
  const panel = await openRun(asked, { width: 250 });
  const exact = panel.page.locator('.need-exact').first();
  await soon.ok(() => exact.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth + 1));
  await soon.match(() => panel.page.locator(id('permission-ways')).innerText(), /not done[^]*this one time/);
  await panel.close();
});

test('where it is dangerous the card says so, and to deny comes first; else to allow does', async () => {
  const [need] = asked.needs;
  assert.ok(need?.ask.danger === 'outward');
  const { danger: _danger, ...harmless } = need.ask;
  const always = ['npm install c8'];
  const cases = [
    {
      ask: { ...need.ask, always },
      order: ['deny', 'allow', 'always'],
      said: /beyond the team’s working copy/,
    },
    { ask: { ...need.ask, danger: 'guarded' as const }, order: ['deny', 'allow'], said: /protected file/ },
    { ask: { ...harmless, always }, order: ['allow', 'always', 'deny'], said: undefined },
  ];
  for (const { ask, order, said } of cases) {
    const panel = await openRun({ ...asked, needs: [{ ...need, ask }] });
    const { page } = panel;
    const buttons = page.locator(`${id('need')} .button:not(.button-link)`);
    const named = buttons.evaluateAll((all) => all.map((each) => each.dataset['testid']?.split('-')[0]));
    assert.deepEqual(await named, order);
    assert.deepEqual(
      await page
        .locator(`${id('need')} .button-primary`)
        .evaluateAll((all) => all.map((each) => each.dataset['testid'])),
      [`${order[0] ?? ''}-button`],
    );
    const ways = page.locator(`${id('permission-ways')} li`);
    assert.equal(await ways.count(), order.length);
    await soon.match(() => ways.first().innerText(), order[0] === 'deny' ? /^Deny/ : /^Allow/);
    const warned = page.locator(id('need-danger'));
    assert.equal(await warned.count(), said === undefined ? 0 : 1);
    if (said !== undefined) await soon.match(() => warned.innerText(), said);
    await panel.close();
  }
});

test('a role of the project that a teammate asks is shown with what it may do, and what a yes and a no come to', async () => {
  const signal = 'role/translator/0123456789abcdef';
  const ask: Ask = {
    kind: 'permission',
    title: 'Use the role "translator" of this project? Its file tells an agent what to do.',
    detail: 'tools: read_file, edit_file\n\nYou translate.\n\nWhy this asks: it is asked “How?”.',
    options: ['Allow', 'Deny'],
    who: { role: 'coder', task: working.tasks[0]?.spec.id },
    role: { name: 'translator', instead: 'coder' },
  };
  const panel = await openRun({ ...working, needs: [{ signal, ask, at: working.startedAt }] });
  const card = panel.page.locator(id('need'));
  await soon.match(
    () => card.innerText(),
    /Use the role "translator"[^]*Coder[^]*edit_file[^]*it is asked “How\?”/,
  );
  await soon.match(
    () => panel.page.locator(id('permission-ways')).innerText(),
    /as its file reads here, in later runs as well[^]*Deny: Coder is asked instead/,
  );
  const [answer] = await press(panel, 'deny-button');
  assert.deepEqual(answer?.type === 'answer' && [answer.signal, answer.value], [signal, { allow: false }]);
  await panel.close();
});
