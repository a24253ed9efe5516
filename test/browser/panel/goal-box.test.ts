/** The goal box: mentions by keyboard, and goals of before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noModel, ready } from '../../support/panel-states/contexts.ts';
import { finished } from '../../support/panel-states/ended.ts';
import { planning } from '../../support/panel-states/runs.ts';
import { soon } from '../../support/soon.ts';
import type { PanelPage } from './harness.ts';
import { awaited, id, press, shown, usePanelPages } from './run-page.ts';

const { open, openRun } = usePanelPages();

const start = () => open({}, { type: 'context', context: ready }, shown(null));

test('a mention is completed by keyboard, with files that the editor finds', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  await box.focus();
  await page.keyboard.type('Fix #dis');
  // Whoever types slowly is answered in between: only what fits the last sign is offered.
  const asked = await awaited(panel, 'mention.find', ({ query }) => query === 'dis');
  await panel.send({
    type: 'mention.found',
    token: asked.token,
    found: [
      { kind: 'file', path: 'src/discounts.js' },
      { kind: 'folder', path: 'src/dis' },
    ],
  });
  const options = page.locator('[role="option"]');
  await soon.deepEqual(
    () => options.locator('.offer-label').allInnerTexts(),
    ['src/discounts.js', 'src/dis'],
  );
  await soon.equal(() => box.getAttribute('aria-activedescendant'), 'goal-mentions-0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.keyboard.type('and #pro');
  await soon.match(() => options.first().innerText(), /problems/);
  await page.keyboard.press('Tab');
  await soon.equal(() => box.inputValue(), 'Fix #file:src/discounts.js and #problems ');
  await soon.equal(() => options.count(), 0);
  await panel.close();
});

test('a path with blanks is completed within its quotes, and roles of the person’s own are offered', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  const labels = () => page.locator('[role="option"] .offer-label').allInnerTexts();
  await box.focus();
  await page.keyboard.type('(#file:"grö no');
  const asked = await awaited(panel, 'mention.find', ({ query }) => query === 'grö no');
  const found = [{ kind: 'file', path: 'docs/Größe notes.md' }] as const;
  await panel.send({ type: 'mention.found', token: asked.token, found });
  await soon.deepEqual(labels, ['docs/Größe notes.md']);
  await page.keyboard.press('Enter');
  await page.keyboard.type(') @w');
  const wanted = await awaited(panel, 'mention.find', ({ sign, query }) => sign === '@' && query === 'w');
  const own = [{ kind: 'role', name: 'wordsmith', about: 'Knows our words' }] as const;
  await panel.send({ type: 'mention.found', token: wanted.token, found: own });
  await soon.deepEqual(labels, ['Wordsmith']);
  await soon.match(() => page.locator('[role="option"]').innerText(), /Knows our words/);
  await page.keyboard.press('Enter');
  await soon.equal(() => box.inputValue(), '(#file:"docs/Größe notes.md" ) @wordsmith ');
  await panel.close();
});

test('an answer that comes too late is not offered; Escape closes the list', async () => {
  const panel = await start();
  const { page } = panel;
  await page.locator(id('goal-input')).focus();
  await page.keyboard.type('#');
  await soon.equal(() => page.locator('[role="option"]').count(), 3);
  await panel.send({ type: 'mention.found', token: -1, found: [{ kind: 'file', path: 'late.js' }] });
  await soon.equal(() => page.locator('[role="option"]').count(), 3);
  await page.keyboard.press('Escape');
  await soon.equal(() => page.locator('[role="option"]').count(), 0);
  await panel.close();
});

test('goals that were run are called back with the arrow keys; a draft is not lost', async () => {
  const panel = await start();
  const { page } = panel;
  const box = page.locator(id('goal-input'));
  for (const goal of ['First goal', 'Second goal']) {
    await box.fill(goal);
    await page.locator(id('run-button')).click();
    await panel.send(shown({ ...planning, id: `run-${goal}` }));
    await panel.send(shown(null));
  }
  await box.fill('A draft');
  await box.focus();
  for (const [key, goal] of [
    ['ArrowUp', 'Second goal'],
    ['ArrowUp', 'First goal'],
    ['ArrowUp', 'First goal'],
    ['ArrowDown', 'Second goal'],
    ['ArrowDown', 'A draft'],
  ] as const) {
    await page.keyboard.press(key);
    await soon.equal(() => box.inputValue(), goal);
  }
  await panel.close();
});

const NAMED: readonly (readonly [name: string, world: object, says: RegExp, title: RegExp])[] = [
  ['the one that is configured', {}, /gpt-4\.1/, /as settings and roles say/],
  ['those of the roles', { isByRole: true }, /By role/, /gpt-4\.1 · api\.openai\.com answers for the others/],
  ['the picked one', { picked: { label: 'qwen (Ollama)', isThere: true } }, /qwen/, /for every role/],
  ['one that is gone', { picked: { label: 'qwen (Ollama)' } }, /qwen/, /not there now/],
];
for (const [name, world, says, title] of NAMED) {
  test(`the box names who answers: ${name}`, async () => {
    const context = { ...ready, autonomy: 'guided' as const, ...world };
    const panel = await open({}, { type: 'context', context }, shown(null));
    const picker = panel.page.locator(id('choose-model'));
    await soon.match(() => picker.innerText(), says);
    await soon.match(() => picker.getAttribute('title').then(String), title);
    await panel.page.locator(id('mode-team')).click();
    // By keyboard: after the modes and the button that runs it.
    await panel.page.locator(id('goal-input')).fill('Go');
    await panel.page.locator(id('run-button')).focus();
    await panel.page.keyboard.press('Tab');
    await soon.equal(() => picker.evaluate((each) => each === document.activeElement), true);
    await panel.page.keyboard.press('Enter');
    await awaited(panel, 'model.choose');
    await panel.close();
  });
}

test('without a model there is none to choose; the line says so', async () => {
  const panel = await open({}, { type: 'context', context: noModel }, shown(null));
  await soon.match(() => panel.page.locator('main').innerText(), /No model yet/);
  await soon.equal(() => panel.page.locator(id('choose-model')).count(), 0);
  await panel.close();
});

test('a run says which model was picked for it; whoever goes on from it can choose another', async () => {
  const panel = await openRun({ ...finished, picked: 'qwen (Ollama)' });
  await soon.equal(() => panel.page.locator(id('picked-model')).innerText(), 'qwen (Ollama)');
  await panel.page.locator(id('follow-input')).fill('And then?');
  assert.deepEqual(await press(panel, 'choose-model'), [{ type: 'model.choose' }]);
  await panel.close();
  const other = await openRun(finished);
  await soon.equal(() => other.page.locator(id('picked-model')).count(), 0);
  await other.close();
});

test('long names of models stay in a box of 250 px', async () => {
  const label = 'a-model-with-a-very-long-name:70b-instruct (a server of this machine)';
  const context = { ...ready, autonomy: 'guided' as const, picked: { label, isThere: true as const } };
  const panel = await open({ width: 250 }, { type: 'context', context }, shown(null));
  await panel.page.locator(id('choose-model')).waitFor();
  await soon.equal(
    () => panel.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    true,
  );
  const [box, around] = await Promise.all(
    ['choose-model', 'goal-input'].map((name) => panel.page.locator(id(name)).boundingBox()),
  );
  assert.ok(box && around && box.x + box.width <= around.x + around.width, 'it ends where the box does');
  await panel.close();
});

/** Gives the box files, or addresses of files, as a drop does. */
const drop = (
  panel: PanelPage,
  what: {
    readonly files?: readonly (readonly [name: string, bytes: readonly number[]])[];
    readonly uris?: string;
  },
): Promise<void> =>
  panel.page.locator(id('goal-input')).evaluate((box, { files = [], uris }) => {
    const data = new DataTransfer();
    for (const [name, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name));
    if (uris !== undefined) data.setData('application/vnd.code.uri-list', uris);
    const more = { bubbles: true, cancelable: true, dataTransfer: data };
    box.dispatchEvent(new DragEvent('dragover', more));
    box.dispatchEvent(new DragEvent('drop', more));
  }, what);

const text = (words: string): readonly number[] => [...new TextEncoder().encode(words)];

test('a text file is dropped, shown with its size, sent with the goal, and can be taken away', async () => {
  const panel = await start();
  const { page } = panel;
  await page.locator(id('goal-input')).fill('Why does it fail?');
  await drop(panel, {
    files: [
      ['error.log', text('TypeError: x\n')],
      ['spec.md', text('# Spec')],
    ],
  });
  await soon.deepEqual(
    () => page.locator(id('goal-file')).allInnerTexts(),
    ['error.log\n13 B', 'spec.md\n6 B'],
  );
  await page.getByRole('button', { name: 'Remove spec.md' }).click();
  const kept = await awaited(panel, 'given.keep', ({ files }) => files.length === 1);
  assert.deepEqual(kept.files, [{ name: 'error.log', text: 'TypeError: x\n' }]);
  const [request] = await press(panel, 'run-button');
  assert.ok(request?.type === 'run.start');
  assert.deepEqual(request.files, [{ name: 'error.log', text: 'TypeError: x\n' }]);
  await panel.close();
});

const NOT_TAKEN: readonly (readonly [what: string, name: string, bytes: readonly number[], says: RegExp])[] =
  [
    ['a program', 'tool.exe', [77, 90, 0, 3, 255, 254], /tool\.exe is neither a text nor a PNG/],
    ['a long log', 'big.log', Array.from({ length: 40_001 }, () => 120), /big\.log is larger than 40 KB/],
  ];
for (const [what, name, bytes, says] of NOT_TAKEN) {
  test(`${what} is not taken, and the box says why`, async () => {
    const panel = await start();
    await drop(panel, { files: [[name, bytes]] });
    await soon.match(() => panel.page.locator(id('goal-image-problem')).innerText(), says);
    await soon.equal(() => panel.page.locator(id('goal-file')).count(), 0);
    await panel.close();
  });
}

test('files of the project that are dropped are named in the text; what the editor keeps comes back to a new page', async () => {
  const panel = await start();
  const { page } = panel;
  await page.locator(id('goal-input')).fill('Tidy');
  await drop(panel, { uris: 'file:///w/src/a.ts\r\nvscode-remote://host/w/docs\r\nhttps://far.example/x' });
  const asked = await awaited(panel, 'places.drop');
  assert.deepEqual(asked.uris, ['file:///w/src/a.ts', 'vscode-remote://host/w/docs']);
  await panel.send({
    type: 'given',
    images: [],
    files: [{ name: 'error.log', text: 'x' }],
    mentions: [
      { kind: 'file', path: 'src/my file.ts' },
      { kind: 'folder', path: 'docs' },
    ],
    problem: 'far.txt is not there.',
  });
  await soon.equal(
    () => page.locator(id('goal-input')).inputValue(),
    'Tidy #file:"src/my file.ts" #folder:docs ',
  );
  await soon.equal(() => page.locator(id('goal-file')).count(), 1);
  await soon.match(() => page.locator(id('goal-image-problem')).innerText(), /far\.txt is not there/);
  assert.deepEqual(await press(panel, 'choose-files'), [{ type: 'files.choose' }]);
  await panel.close();
});

test('text that is pasted or dropped goes its usual way', async () => {
  const panel = await start();
  const isTaken = await panel.page.locator(id('goal-input')).evaluate((box) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'words');
    return !box.dispatchEvent(
      new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: data }),
    );
  });
  assert.equal(isTaken, false);
  await panel.close();
});

test('a run names what was given with its goal, and what was left out of it', async () => {
  const given = [
    { name: 'screen.png', bytes: 70 },
    { name: 'deploy.sh', bytes: 3200, withheld: 2 },
  ];
  const panel = await openRun({ ...finished, given });
  await soon.match(
    async () => (await panel.page.locator(id('goal-given')).textContent()) ?? '',
    /screen\.png \(70 B\), deploy\.sh \(3\.2 KB, left out of it: 2 that look like secrets\)/,
  );
  await panel.close();
});
