/** What a person presses and what the panel then asks of the editor. Every message is checked against the protocol. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ANSWERS } from '../../../src/protocol/answers.ts';
import type { PanelRequest } from '../../../src/protocol/panel.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { noModel, ready, untrusted } from '../../support/panel-states/contexts.ts';
import { applyRed, answered, finished, paused, review } from '../../support/panel-states/ended.ts';
import { PLAN } from '../../support/panel-states/parts.ts';
import { asked, planOpen, working } from '../../support/panel-states/runs.ts';
import { PNG } from '../../support/pictures.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { awaited, id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

/** The one answer among what was posted, checked by the schema of its kind. */
function answerIn(posted: readonly PanelRequest[], view: RunView, kind: keyof typeof ANSWERS): unknown {
  assert.equal(posted.length, 1, JSON.stringify(posted));
  const [message] = posted;
  assert.ok(message?.type === 'answer');
  assert.equal(message.run, view.id);
  assert.ok(view.needs.some(({ signal, ask }) => signal === message.signal && ask.kind === kind));
  return ANSWERS[kind].parse(message.value);
}

test('the page says that it is there', async () => {
  const panel = await open();
  await soon.deepEqual(() => panel.posted(), [{ type: 'ready' }, { type: 'focus', isWithin: true }]);
  await panel.close();
});

test('a goal runs by button and by key, in the mode that is chosen', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(null));
  const { page } = panel;
  await soon.equal(() => page.locator(id('run-status')).getAttribute('data-status'), 'idle');
  await soon.equal(() => page.locator(id('run-button')).isDisabled(), true);
  await page.locator(id('goal-input')).fill('  Fix the total\nfor real ');
  assert.deepEqual(await press(panel, 'run-button'), [
    { type: 'run.start', goal: 'Fix the total\nfor real', mode: 'team', demo: false },
  ]);
  await panel.send({ type: 'error', text: 'No.' });

  for (const [part, mode] of [
    ['mode-quick', 'quick'],
    ['mode-ask', 'ask'],
    ['mode-team', 'team'],
  ] as const) {
    await press(panel, part);
    await page.locator(id('goal-input')).press('Control+Enter');
    await soon.partialDeepStrictEqual(async () => (await panel.posted())[0], { type: 'run.start', mode });
    await panel.send({ type: 'error', text: 'No.' });
  }
  await panel.close();
});

/** Puts files on the goal box as a paste or a drop does. */
async function give(panel: PanelPage, how: 'paste' | 'drop', files: readonly (readonly [string, string])[]) {
  await panel.page.locator(id('goal-input')).evaluate(
    (box, { how: kind, files: given }) => {
      const data = new DataTransfer();
      for (const [name, base64] of given) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        data.items.add(new File([bytes], name, { type: 'image/png' }));
      }
      const more = { bubbles: true, cancelable: true };
      box.dispatchEvent(
        kind === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data, ...more })
          : new DragEvent('drop', { dataTransfer: data, ...more }),
      );
    },
    { how, files },
  );
}

test('images are pasted and dropped into the goal box, shown, taken away, and sent with the goal', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(null));
  const { page } = panel;
  await page.locator(id('goal-input')).fill('As in the picture');
  await give(panel, 'paste', [['screen.png', PNG]]);
  await give(panel, 'drop', [['other.png', PNG]]);
  await page.locator(id('goal-image')).nth(1).waitFor();
  await soon.match(
    async () =>
      (await page
        .locator(`${id('goal-image')} img`)
        .first()
        .getAttribute('src')) ?? '',
    /^data:image\/png;base64,/,
  );
  await soon.equal(
    () =>
      page
        .locator(`${id('goal-image')} img`)
        .first()
        .evaluate((image: HTMLImageElement) => image.naturalWidth),
    1,
  );
  await page.getByRole('button', { name: 'Remove screen.png' }).click();
  await soon.equal(() => page.locator(id('goal-image')).count(), 1);

  await give(panel, 'drop', [['notes.png', btoa('no image')]]);
  await soon.match(() => page.locator(id('goal-image-problem')).innerText(), /notes\.png is no PNG/);
  await give(
    panel,
    'paste',
    Array.from({ length: 5 }, (_, at) => [`${at}.png`, PNG] as const),
  );
  await soon.match(
    () => page.locator(id('goal-image-problem')).getByText('At most 4').innerText(),
    /At most 4 images/,
  );
  await soon.equal(() => page.locator(id('goal-image')).count(), 4);

  const [request] = await press(panel, 'run-button');
  assert.ok(request?.type === 'run.start');
  assert.deepEqual(
    request.images?.map(({ name }) => name),
    ['other.png', '0.png', '1.png', '2.png'],
  );
  assert.deepEqual(request.images[0], { name: 'other.png', mime: 'image/png', base64: PNG });
  await panel.send(shown(working));
  await panel.send(shown(null));
  await soon.equal(() => page.locator(id('goal-image')).count(), 0, 'the next goal begins without');
  await panel.close();
});

test('a started run takes the goal out of the box; a refused one leaves it', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(null));
  await panel.page.locator(id('goal-input')).fill('Fix it');
  await press(panel, 'run-button');
  await panel.send({ type: 'error', text: 'The model is not there.' });
  await soon.equal(() => panel.page.locator(id('goal-input')).inputValue(), 'Fix it');
  await soon.match(() => panel.page.locator(id('error')).innerText(), /The model is not there/);
  await press(panel, 'run-button');
  await soon.equal(() => panel.page.locator(id('error')).count(), 0);
  await panel.send(shown(working));
  await press(panel, 'back');
  await soon.equal(() => panel.page.locator(id('goal-input')).inputValue(), '');
  await panel.close();
});

test('without a model: configure one, or run the demo under its name', async () => {
  const panel = await open({}, { type: 'context', context: noModel }, shown(null));
  await panel.page.locator(id('goal-input')).fill('Anything');
  await soon.equal(() => panel.page.locator(id('run-button')).isDisabled(), true);
  assert.deepEqual(await press(panel, 'configure-models'), [{ type: 'models.configure' }]);
  await soon.match(() => panel.page.locator(id('demo-offer')).innerText(), /demo/i);
  assert.deepEqual(await press(panel, 'demo-offer'), [
    { type: 'run.start', goal: 'Anything', mode: 'team', demo: true },
  ]);
  await panel.close();
});

test('an obstacle says what to do and does it', async () => {
  const panel = await open({}, { type: 'context', context: untrusted }, shown(null));
  await soon.match(() => panel.page.locator(id('obstacle')).innerText(), /not trusted/);
  await panel.forget();
  await panel.page.locator(`${id('obstacle')} button`).click();
  await soon.deepEqual(() => panel.posted(), [{ type: 'obstacle.act' }]);
  await panel.close();
});

test('a recent run opens; going back closes it', async () => {
  const panel = await open({}, { type: 'context', context: ready }, shown(null));
  assert.deepEqual(await press(panel, 'recent-run'), [{ type: 'run.open', run: 'run-7f3a' }]);
  await panel.send(shown(working));
  assert.deepEqual(await press(panel, 'back'), [{ type: 'run.close' }]);
  await soon.equal(() => panel.page.locator(id('goal-input')).count(), 1);
  await panel.close();
});

test('a plan is approved, or sent back with a reason, or ended', async () => {
  const panel = await openRun(planOpen);
  await soon.equal(() => panel.page.locator(id('plan-task')).count(), 3);
  assert.deepEqual(answerIn(await press(panel, 'plan-approve'), planOpen, 'plan'), { decision: 'approve' });
  await soon.equal(() => panel.page.locator(id('plan-approve')).isDisabled(), true);
  await panel.send({ type: 'error', text: 'Try again.' });

  await press(panel, 'plan-reject');
  await soon.equal(() => panel.page.locator(id('plan-reject-send')).isDisabled(), true);
  await panel.page.locator(id('plan-reject-reason')).fill('Tests first.');
  assert.deepEqual(answerIn(await press(panel, 'plan-reject-send'), planOpen, 'plan'), {
    decision: 'revise',
    reason: 'Tests first.',
  });
  await panel.send({ type: 'error', text: 'Try again.' });
  assert.deepEqual(answerIn(await press(panel, 'plan-end'), planOpen, 'plan'), { decision: 'end' });
  await panel.close();
});

test('a plan is edited with live validation and approved as edited', async () => {
  const panel = await openRun(planOpen);
  const { page } = panel;
  await press(panel, 'plan-edit');
  const form = (task: string) => page.locator(`${id('plan-edit-task')}[data-task="${task}"]`);
  await form('accents').locator(id('task-title')).fill('');
  await soon.equal(() => form('accents').locator(id('task-title')).getAttribute('aria-invalid'), 'true');
  await soon.match(() => page.locator('.problems').innerText(), /needs a title/);
  await soon.equal(() => page.locator(id('plan-save')).isDisabled(), true);
  await form('accents').locator(id('task-title')).fill('Fold accents');
  await soon.equal(() => form('accents').locator(id('task-title')).getAttribute('aria-invalid'), 'false');
  const several = form('accents').locator(`${id('task-candidates')} option[value="3"]`);
  await form('accents').locator(id('task-role')).selectOption('researcher');
  await soon.match(() => several.innerText(), /3, whose opinions are weighed/u);
  await form('accents').locator(id('task-role')).selectOption('qa');
  await soon.match(() => several.innerText(), /the best of 3/u);
  await form('accents').locator(id('task-candidates')).selectOption('3');
  await form('docs')
    .locator(`${id('task-depends')}[data-on="truncate"]`)
    .click({ force: true });
  await form('docs').locator(id('task-up')).click();
  await form('truncate').locator(id('task-remove')).click();
  await press(panel, 'plan-add-task');
  await form('task-3').locator(id('task-title')).fill('Look once more');
  await form('task-3').locator(id('task-description')).fill('Read it all.');

  // The form is checked a moment after the last change.
  const isWhole = (plan: unknown) => JSON.stringify(plan).includes('Read it all.');
  const check = await awaited(panel, 'plan.check', ({ plan }) => isWhole(plan));
  await panel.send({ type: 'plan.checked', token: check.token - 1, problems: ['An old word.'] });
  await soon.equal(() => page.locator('.problems').count(), 0);
  await panel.send({ type: 'plan.checked', token: check.token, problems: ['Role qa cannot do this.'] });
  await soon.match(() => page.locator('.problems').innerText(), /Role qa cannot/);
  await soon.equal(() => page.locator(id('plan-save')).isDisabled(), true);
  await panel.send({ type: 'plan.checked', token: check.token, problems: [] });

  const answer = answerIn(await press(panel, 'plan-save'), planOpen, 'plan') as { plan: typeof PLAN };
  assert.deepEqual(
    answer.plan.tasks.map((task) => [task.id, task.title, task.role, task.depends_on, task.candidates]),
    [
      ['accents', 'Fold accents', 'qa', [], 3],
      ['docs', 'Describe both functions in the README', 'documenter', ['accents'], undefined],
      ['task-3', 'Look once more', 'coder', [], undefined],
    ],
  );
  await panel.close();
});

test('an edit survives the page and can be discarded', async () => {
  const panel = await openRun(planOpen);
  await press(panel, 'plan-edit');
  await panel.page.locator(id('task-title')).first().fill('Mine');
  const again = await open(
    { saved: await panel.kept() },
    { type: 'context', context: ready },
    shown(planOpen),
  );
  await soon.equal(() => again.page.locator(id('task-title')).first().inputValue(), 'Mine');
  await soon.equal(() => again.page.locator('.run-goal:focus').count(), 1);
  await press(again, 'plan-discard');
  await soon.equal(() => again.page.locator(id('task-title')).count(), 0);
  await soon.equal(() => again.page.locator(id('plan-approve')).count(), 1);
  await panel.close();
  await again.close();
});

test('permissions are allowed or denied, questions answered', async () => {
  const panel = await openRun(asked);
  const { page } = panel;
  await soon.equal(() => page.locator(id('need')).count(), 2);
  assert.deepEqual(answerIn(await press(panel, 'allow-button'), asked, 'permission'), { allow: true });
  await panel.send({ type: 'error', text: 'Again.' });
  assert.deepEqual(answerIn(await press(panel, 'deny-button'), asked, 'permission'), { allow: false });
  await panel.send({ type: 'error', text: 'Again.' });

  assert.deepEqual(answerIn(await press(panel, 'question-option'), asked, 'question'), { text: 'ss' });
  await panel.send({ type: 'error', text: 'Again.' });
  await panel.forget();
  await page.locator(id('question-input')).fill('Neither: "sz"');
  assert.deepEqual(answerIn(await press(panel, 'question-send'), asked, 'question'), {
    text: 'Neither: "sz"',
  });
  await panel.send(shown({ ...asked, lastSeq: 500, needs: [] }));
  await soon.equal(() => page.locator(id('needs-you')).count(), 0);
  await panel.close();
});

test('a denial can say why', async () => {
  const panel = await openRun(asked);
  await panel.page.getByText('With a reason…').click();
  await panel.page.getByLabel('Reason').fill('Use what is there.');
  assert.deepEqual(answerIn(await press(panel, 'deny-button'), asked, 'permission'), {
    allow: false,
    reason: 'Use what is there.',
  });
  await panel.close();
});

test('a review is opened, all accepted, all rejected; a file shows its difference', async () => {
  const panel = await openRun(review);
  const run = review.id;
  assert.deepEqual(await press(panel, 'review-open'), [{ type: 'review.open', run }]);
  assert.deepEqual(await press(panel, 'accept-all'), [{ type: 'review.acceptAll', run }]);
  assert.deepEqual(await press(panel, 'reject-all'), [{ type: 'review.rejectAll', run }]);
  await panel.forget();
  await panel.page.locator(`${id('changed-file')}[data-path="src/truncate.js"]`).click();
  await soon.deepEqual(() => panel.posted(), [{ type: 'review.open', run, path: 'src/truncate.js' }]);
  await panel.close();
});

test('what is red is applied only on a clear yes', async () => {
  const panel = await openRun(applyRed);
  assert.deepEqual(answerIn(await press(panel, 'apply-anyway'), applyRed, 'apply'), { apply: true });
  await panel.send({ type: 'error', text: 'Again.' });
  assert.deepEqual(answerIn(await press(panel, 'apply-not'), applyRed, 'apply'), { apply: false });
  await panel.close();
});

test('a run is stopped, resumed, left for a new goal', async () => {
  const panel = await openRun(working);
  assert.deepEqual(await press(panel, 'stop-button'), [{ type: 'run.stop', run: working.id }]);
  await soon.equal(() => panel.page.locator(id('stop-button')).isDisabled(), true);
  await panel.send(shown({ ...paused, lastSeq: 500 }, false));
  await soon.equal(() => panel.page.locator(id('stop-button')).count(), 0);
  assert.deepEqual(await press(panel, 'resume-button'), [{ type: 'run.resume', run: working.id }]);
  await panel.send(shown(finished, false));
  assert.deepEqual(await press(panel, 'new-goal'), [{ type: 'run.close' }]);
  await soon.equal(() => panel.page.locator(id('goal-input')).count(), 1);
  await panel.close();
});

test('a message goes to the team, or to one role with @', async () => {
  const panel = await openRun(working);
  const box = panel.page.locator(id('steer-input'));
  await box.fill('Use tabs.');
  const run = working.id;
  assert.deepEqual(await press(panel, 'steer-send'), [{ type: 'run.steer', run, text: 'Use tabs.' }]);
  await soon.equal(() => box.inputValue(), '');
  await panel.forget();
  await box.pressSequentially('@co');
  await box.press('Enter');
  await box.pressSequentially('add a test');
  await box.press('Shift+Enter');
  await box.pressSequentially('for it');
  await box.press('Enter');
  await soon.deepEqual(
    () => panel.posted(),
    [{ type: 'run.steer', run, text: 'add a test\nfor it', to: 'coder' }],
  );
  await panel.close();
});

test('places open as files, links through the editor', async () => {
  const panel = await openRun(review);
  const { page } = panel;
  const summary = page.locator(id('summary'));
  await panel.forget();
  await summary.getByText('src/slugify.js:3').click();
  await summary.getByText('truncate.js', { exact: true }).last().click();
  await summary.getByText('NFKD').click();
  await summary.getByText('NFKD').click({ button: 'middle' });
  await page
    .locator(`${id('review-card')} .place`)
    .first()
    .click();
  await soon.deepEqual(
    () => panel.posted(),
    [
      { type: 'file.open', path: 'src/slugify.js', line: 3 },
      { type: 'file.open', path: 'src/truncate.js', line: 4 },
      { type: 'link.open', url: 'https://unicode.org/reports/tr15/' },
      { type: 'link.open', url: 'https://unicode.org/reports/tr15/' },
      { type: 'file.open', path: 'src/truncate.js', line: 6 },
    ],
  );
  assert.equal(page.url(), 'http://panel.test/');
  await panel.close();
});

test('an answer shows with sources that open', async () => {
  const panel = await openRun(answered);
  const answer = panel.page.locator(id('answer'));
  await soon.match(() => answer.innerText(), /accents are lost/);
  await panel.forget();
  await answer.locator('.place').last().click();
  await soon.deepEqual(() => panel.posted(), [{ type: 'file.open', path: 'test/slugify.test.js', line: 14 }]);
  await panel.close();
});

test('with several folders open the page says which one the team works on; with one it does not', async () => {
  const panel = await open({}, { type: 'context', context: { ...ready, isOneOfMany: true } }, shown(null));
  await soon.match(() => panel.page.locator(id('which-folder')).innerText(), /“quartet-sample”/);
  await panel.send({ type: 'context', context: ready });
  await soon.equal(() => panel.page.locator(id('which-folder')).count(), 0);
  await panel.close();
});
