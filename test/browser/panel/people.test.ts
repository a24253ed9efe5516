/** People in the loop: the plan changed while it is carried out, a task taken by hand and given back, a talk that goes on. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HandAnswer } from '../../../src/protocol/people.ts';
import { answered, finished } from '../../support/panel-states/ended.ts';
import { ready } from '../../support/panel-states/contexts.ts';
import { byHand, carriedOn, leftToTeam } from '../../support/panel-states/people.ts';
import { working, planOpen } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { awaited, id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

const pictures = join(import.meta.dirname, '..', '..', '..', '.vscode-test', 'panel');

async function picture(panel: PanelPage, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await panel.page.screenshot({ path: join(pictures, `people-${name}.png`) });
}

const task = (panel: PanelPage, name: string) =>
  panel.page.locator(`${id('plan-edit-task')}[data-task="${name}"]`);

test('the plan is changed while the run works: own roles and models are offered, problems hold it back', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  await press(panel, 'plan-edit-live');
  const check = await awaited(panel, 'plan.check');
  const choices = { roles: ['coder', 'qa', 'painter'], models: ['local', 'cloud'] };
  await panel.send({ type: 'plan.checked', token: check.token, problems: [], ...choices });
  await task(panel, 'docs').locator(id('task-role')).selectOption('painter');
  await task(panel, 'docs').locator(id('task-model')).selectOption('cloud');
  const again = await awaited(panel, 'plan.check', ({ plan, token }) => {
    return token > check.token && JSON.stringify(plan).includes('"cloud"');
  });
  await panel.send({ type: 'plan.checked', token: again.token, problems: ['Task "docs" waits for itself.'] });
  await soon.equal(() => page.locator(id('plan-change')).isDisabled(), true);
  await soon.equal(() => task(panel, 'docs').locator(id('task-role')).inputValue(), 'painter');
  await panel.send({ type: 'plan.checked', token: again.token, problems: [], ...choices });
  await picture(panel, 'plan-edit-live');
  const [changed] = await press(panel, 'plan-change');
  assert.ok(changed?.type === 'run.change' && changed.change.do === 'plan');
  const docs = changed.change.plan.tasks.find((each) => each.id === 'docs');
  assert.deepEqual([docs?.role, docs?.model], ['painter', 'cloud']);
  await soon.equal(() => page.locator(id('plan-editor')).count(), 0, 'the form is gone');
  await panel.close();
});

test('an edit of a plan that is no more the plan does not come back with the page', async () => {
  const panel = await openRun(working);
  await press(panel, 'plan-edit-live');
  await panel.page.locator(id('task-title')).first().fill('Mine');
  const kept = await panel.kept();
  const spec = working.plan!.spec;
  const [first, ...others] = spec.tasks;
  const changed = {
    ...working,
    plan: { ...working.plan!, spec: { ...spec, tasks: [{ ...first!, title: 'Mine' }, ...others] } },
  };
  const same = await open({ saved: kept }, { type: 'context', context: ready }, shown(working));
  await soon.equal(() => same.page.locator(id('task-title')).first().inputValue(), 'Mine');
  const later = await open({ saved: kept }, { type: 'context', context: ready }, shown(changed));
  await soon.ok(async () => (await later.page.locator(id('plan-task')).count()) > 0);
  assert.equal(await later.page.locator(id('task-title')).count(), 0);
  for (const each of [panel, same, later]) await each.close();
});

test('a task is taken by hand, opened, and given back with words for the reviewer', async () => {
  const panel = await openRun(working);
  const { page } = panel;
  const row = page.locator(`${id('plan-task')}[data-task="truncate"]`);
  await row.locator('summary').first().click();
  assert.deepEqual(await press(panel, 'task-take'), [
    { type: 'run.change', run: working.id, change: { do: 'take', task: 'truncate' } },
  ]);
  await panel.send(shown(byHand));
  await picture(panel, 'by-hand');
  const { signal } = byHand.needs[0] ?? assert.fail('it waits for the person');
  assert.deepEqual(await press(panel, 'hand-open'), [{ type: 'hand.open', run: byHand.id, signal }]);
  await page.locator(id('hand-summary')).fill('  Cut at the last space. ');
  const [given] = await press(panel, 'hand-give');
  assert.ok(given?.type === 'answer' && given.signal === signal);
  assert.deepEqual(HandAnswer.parse(given.value), { decision: 'give', summary: 'Cut at the last space.' });
  await soon.equal(() => page.locator(id('hand-give')).isDisabled(), true, 'it is on its way');
  await panel.close();
});

test('a task taken by hand is left to the team, and its row offers nothing twice', async () => {
  const panel = await openRun(byHand);
  await panel.page
    .locator(`${id('plan-task')}[data-task="truncate"] summary`)
    .first()
    .click();
  await soon.equal(() => panel.page.locator(id('task-take')).count(), 0);
  const [dropped] = await press(panel, 'hand-drop');
  assert.ok(dropped?.type === 'answer');
  assert.deepEqual(HandAnswer.parse(dropped.value), { decision: 'drop' });
  await panel.close();
});

test('what was done by hand on a task that was left to the team is named, and got back', async () => {
  const panel = await openRun(leftToTeam);
  await soon.equal(() => panel.page.locator(id('kept-work')).count(), 1);
  await soon.match(
    () => panel.page.locator(id('kept-work')).innerText(),
    /kept as long as the run is\. The person left the task to the team\./u,
  );
  await picture(panel, 'by-hand-kept');
  assert.deepEqual(await press(panel, 'kept-back'), [{ type: 'kept.back', run: leftToTeam.id, kept: 77 }]);
  await panel.close();
});

test('a finished run goes on as another goal, a talk as another question', async () => {
  for (const [view, mode] of [
    [finished, 'team'],
    [answered, 'ask'],
  ] as const) {
    const panel = await openRun(view);
    const input = panel.page.locator(id('follow-input'));
    await input.fill('Now also the docs');
    await picture(panel, `follow-${mode}`);
    await panel.forget();
    await input.press('Enter');
    await soon.deepEqual(
      () => panel.posted(),
      [{ type: 'run.start', goal: 'Now also the docs', mode, demo: view.demo, follows: view.id }],
    );
    await soon.equal(() => input.inputValue(), '');
    for (const [button, chosen] of [
      ['follow-run', 'team'],
      ['follow-ask', 'ask'],
    ] as const) {
      await input.fill('Now also the tests');
      const [said] = await press(panel, button);
      assert.deepEqual(said, {
        ...{ type: 'run.start', goal: 'Now also the tests', mode: chosen },
        ...{ demo: view.demo, follows: view.id },
      });
    }
    await panel.close();
  }
});

test('the talk so far is shown, opens as the runs that it was, and its citations open', async () => {
  const panel = await openRun(carriedOn);
  const { page } = panel;
  await picture(panel, 'carried-on');
  await soon.equal(() => page.locator(id('before-run')).count(), 2);
  await soon.match(
    () => page.locator(id('before')).innerText(),
    /Applied: src\/slugify\.js, test\/slugify\.test\.js/,
  );
  assert.deepEqual(await press(panel, 'before-run'), [{ type: 'run.open', run: 'run-first' }]);
  await panel.forget();
  await page.locator(id('before')).getByText('src/slugify.js:2').click();
  await soon.deepEqual(() => panel.posted(), [{ type: 'file.open', path: 'src/slugify.js', line: 2 }]);
  await panel.close();
});

test('autonomy stands in the head of a run that works, and leads to what can be changed', async () => {
  const panel = await openRun({ ...working, autonomy: 'auto' });
  await soon.equal(() => panel.page.locator(id('run-set')).innerText(), 'Auto');
  assert.deepEqual(await press(panel, 'run-set'), [{ type: 'run.set', run: working.id }]);
  await panel.send(shown({ ...finished, autonomy: 'auto', lastSeq: 900 }));
  await soon.equal(() => panel.page.locator(id('run-set')).count(), 0);
  await panel.close();
});

test('roles that a plan asks for are shown with it: what each is for, and what it may use', async () => {
  assert.ok(planOpen.plan);
  const poet = {
    name: 'poet',
    description: 'Writes what visitors read.',
    prompt: 'You write.',
    tools: ['read_file', 'edit_file'],
  };
  const plan = { ...planOpen.plan, spec: { ...planOpen.plan.spec, new_roles: [poet] } };
  for (const decided of ['open', 'approved'] as const) {
    const panel = await openRun({ ...planOpen, plan: { ...plan, decided } }, { width: 250 });
    const roles = panel.page.locator(id('new-roles'));
    await soon.ok(async () => (await panel.page.locator(id('plan-task')).count()) > 0);
    await soon.equal(() => roles.count(), decided === 'open' ? 1 : 0, decided);
    if (decided === 'open') {
      await soon.match(() => roles.innerText(), /Poet[\s\S]*what visitors read[\s\S]*read_file, edit_file/iu);
      await picture(panel, 'new-roles');
    }
    await panel.close();
  }
});
