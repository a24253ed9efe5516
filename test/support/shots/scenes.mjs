// The states that are pictured, each brought about as a person would.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command, openContainer, part, pick, until, workbenchReady } from '../drive.mjs';
import { git } from '../sample.mjs';
import { root } from '../setup.mjs';
import { journals } from '../story.mjs';
import { GOALS, SECOND, startScenes } from './scripts.ts';
import { gone, scrollTo, seen } from './studio.mjs';
import { toWebp } from './webp.mjs';

/** @typedef {import('./studio.mjs').Studio} Studio */

const byId = (name, more = '') => `[data-testid="${name}"]${more}`;
const status = (name) => byId('run-status', `[data-status="${name}"]`);
const need = (kind) => byId('need', `[data-kind="${kind}"]`);

const press = async (page, id) => (await part(page, id)).first().click();

/** Back at the goal box, whatever is open. */
async function toStart(page) {
  await openContainer(page, 'Quartet');
  // The name of what was pressed stands over the panel until the pointer leaves.
  await page.mouse.move(1000, 600);
  const goal = await part(page, 'goal-input', 3000).catch(() => undefined);
  if (goal === undefined) await press(page, 'back');
  await seen(page, byId('goal-input'));
}

/** Types a goal and runs it, on the sample as it was. */
async function begin({ page, editor }, goal, mode = 'team') {
  await git(editor.folder, 'checkout', '--quiet', '.');
  await toStart(page);
  await press(page, `mode-${mode}`);
  await (await part(page, 'goal-input')).fill(goal);
  await press(page, 'run-button');
  await gone(page, byId('goal-input'));
}

async function stop(page) {
  await press(page, 'stop-button');
  await seen(page, status('paused'));
}

/** Opens a view of the side bar that is folded, or folds it. */
const fold = (page, title) =>
  page
    .locator('.part.sidebar .pane-header', { hasText: title })
    .last()
    .click({ position: { x: 60, y: 10 } });

const pictured = (name, act, how) => async (studio) => {
  await act(studio);
  await studio.shoot(name, how?.(studio));
};

/** Two coders in the middle of a sentence. */
async function atWork(studio) {
  await begin(studio, GOALS.working);
  await press(studio.page, 'plan-approve');
  await until(
    'both coders speak',
    async () => (await (await part(studio.page, 'live', 2000)).count()) > 1,
    90_000,
  );
}

const team = {
  async start(studio) {
    await openContainer(studio.page, 'Quartet');
    await seen(studio.page, byId('goal-input'));
    await studio.shoot('start');
  },
  async goal(studio) {
    await (await part(studio.page, 'goal-input')).fill(GOALS.whole);
    await studio.shoot('goal');
    const box = await part(studio.page, 'goal-input');
    await box.fill('');
    await box.pressSequentially('Fix what is reported in #dis');
    await seen(studio.page, '[role="option"]');
    await studio.shoot('goal-mentions');
    await box.fill('');
  },
  plan: pictured('plan', async (studio) => {
    await begin(studio, GOALS.whole);
    await seen(studio.page, byId('plan-approve'));
  }),
  planTask: pictured('plan-task', async ({ page }) => {
    await (await part(page, 'plan-task')).first().locator('summary').click();
  }),
  planGraph: pictured('plan-graph', async ({ page }) => {
    await press(page, 'plan-as-graph');
    await seen(page, byId('graph-task'));
  }),
  planEdit: pictured('plan-edit', async ({ page }) => {
    await press(page, 'plan-edit');
    await seen(page, byId('plan-editor'));
  }),
  review: async (studio) => {
    const { page } = studio;
    await press(page, 'plan-discard');
    await press(page, 'plan-approve');
    await seen(page, need('review'), 180_000);
    await studio.shoot('needs-review');
    await press(page, 'review-open');
    await page.locator('.monaco-diff-editor .view-line').first().waitFor({ timeout: 30_000 });
    await page.waitForTimeout(2000);
    await studio.shoot('review', { whole: true });
  },
  finished: pictured('finished', async ({ page }) => {
    await press(page, 'accept-all');
    await seen(page, status('finished'));
    await seen(page, byId('summary'));
  }),
  evidence: async (studio) => {
    await studio.shoot('evidence', { settle: () => scrollTo(studio.page, 'evidence') });
  },
  runView: async (studio) => {
    const { page } = studio;
    await press(page, 'run-view-button');
    const bar = (await part(page, 'chart')).locator('.bar[data-kind="model"]').nth(9);
    await bar.waitFor();
    await bar.click();
    await seen(page, byId('detail'));
    await studio.shoot('run-view', { whole: true });
    await command(page, 'View: Close All Editors');
  },
  working: pictured('working', atWork),
  roles: async (studio) => {
    const box = await part(studio.page, 'steer-input');
    await box.fill('');
    await box.pressSequentially('@');
    await seen(studio.page, '[role="option"]');
    await studio.shoot('steer-roles');
    await box.fill('');
  },
  paused: pictured('paused', ({ page }) => stop(page)),
  permission: async (studio) => {
    await begin(studio, GOALS.permission, 'quick');
    await seen(studio.page, need('permission'));
    await studio.shoot('needs-permission');
    await stop(studio.page);
  },
  question: async (studio) => {
    await begin(studio, GOALS.question, 'quick');
    await seen(studio.page, need('question'));
    await studio.shoot('needs-question');
    await stop(studio.page);
  },
  apply: async (studio) => {
    const { page, editor } = studio;
    await begin(studio, GOALS.conflict, 'quick');
    await seen(page, need('review'), 90_000);
    await writeFile(join(editor.folder, 'src', 'money.js'), '/** Amounts are whole pennies. */\n');
    await press(page, 'accept-all');
    await seen(page, need('apply'), 90_000);
    await studio.shoot('needs-apply');
    await press(page, 'apply-not');
    await gone(page, need('apply'));
  },
  failed: pictured('failed', async (studio) => {
    await begin(studio, GOALS.failed, 'quick');
    await seen(studio.page, status('failed'), 90_000);
  }),
  unavailable: pictured('unavailable', async (studio) => {
    await begin(studio, GOALS.unavailable, 'quick');
    await seen(studio.page, status('paused'), 90_000);
  }),
  budget: async (studio) => {
    await studio.set({ 'quartet.budget.tokensMax': 12_000 });
    await studio.page.waitForTimeout(1500);
    await begin(studio, GOALS.budget, 'quick');
    await seen(studio.page, byId('raise-button'), 90_000);
    await studio.shoot('budget');
    await studio.set({ 'quartet.budget.tokensMax': null });
  },
  answered: pictured('answered', async (studio) => {
    await begin(studio, GOALS.answered, 'ask');
    await seen(studio.page, byId('answer'), 90_000);
  }),
  startRuns: pictured('start-runs', async ({ page }) => {
    await toStart(page);
    await seen(page, byId('recent-run'));
  }),
  runsTree: async (studio) => {
    const { page } = studio;
    await fold(page, 'Runs');
    await page.locator('.pane-body .monaco-list-row').first().waitFor();
    await studio.shoot('runs-tree');
    await fold(page, 'Runs');
  },
  damaged: async (studio) => {
    const { page, editor } = studio;
    await appendFile(journals(editor.server.data).at(-1), '{"v":1,"seq":1,"at":0,"type":"run.started"}\n');
    await press(page, 'recent-run');
    await seen(page, byId('unreadable'));
    await studio.shoot('damaged');
  },
};

/** The picture of the README, which is the extension's page in the editor and the marketplace, too. */
const README_PICTURE = join(root, 'media', 'screenshots', 'review.webp');

/** What of the window is shown there: the side bar and the editor, without what frames them. */
const README_PART = { x: 48, y: 30, width: 1152, height: 643 };

const readme = {
  async readme(studio) {
    const { page } = studio;
    await studio.dress({ theme: 'dark', width: 380 });
    await begin(studio, GOALS.whole);
    await press(page, 'plan-approve');
    await seen(page, need('review'), 180_000);
    await press(page, 'review-open');
    await page.locator('.monaco-diff-editor .view-line').first().waitFor({ timeout: 30_000 });
    await page.locator('.pane-body .monaco-list-row', { hasText: 'discounts.js' }).first().click();
    await page.locator('.monaco-diff-editor .view-line', { hasText: 'Math.min' }).first().waitFor();
    // Colours of the language and threads come a moment later.
    await page.waitForTimeout(4000);
    await page.mouse.move(1, 1);
    const png = await page.screenshot({ clip: README_PART, animations: 'disabled', caret: 'hide' });
    await writeFile(README_PICTURE, await toWebp(page.context(), png));
  },
};

const bare = {
  walkthrough: async (studio) => {
    const { page } = studio;
    await command(page, 'Welcome: Open Walkthrough...');
    await pick(page, 'Quartet');
    await page.locator('.getting-started-step').first().waitFor({ timeout: 30_000 });
    await studio.shoot('walkthrough', { whole: true });
    await command(page, 'View: Close All Editors');
  },
  noRuns: pictured('no-runs', async ({ page }) => {
    await openContainer(page, 'Quartet');
    await seen(page, byId('goal-input'));
    await fold(page, 'Runs');
    await page.locator('.welcome-view-content').first().waitFor();
  }),
  doctor: async (studio) => {
    const { page } = studio;
    await fold(page, 'Runs');
    await command(page, 'Quartet: Doctor');
    await page.locator('.tab', { hasText: 'Preview Doctor.md' }).first().waitFor();
    await page.waitForTimeout(2000);
    await studio.shoot('doctor', { whole: true });
    await command(page, 'View: Close All Editors');
  },
  noModel: pictured('no-model', async ({ page }) => {
    await openContainer(page, 'Quartet');
    await seen(page, byId('demo-offer'));
  }),
  aside: async (studio) => {
    const { page } = studio;
    await command(page, 'Quartet: Move the Team to the Secondary Side Bar');
    await page.locator('.part.auxiliarybar .composite-bar', { hasText: 'Quartet' }).waitFor();
    await seen(page, byId('demo-offer'));
    await studio.shoot('aside', { whole: true });
    await command(page, 'Quartet: Move the Team Back to the Side Bar');
  },
};

/** What a team has among itself and with the person while it works. */
const among = {
  unread: async (studio) => {
    const { page } = studio;
    await openContainer(page, 'Quartet');
    await atWork(studio);
    await (await part(page, 'steer-input')).fill('Say which cent goes to whom.');
    await press(page, 'steer-send');
    await (await part(page, 'unread')).locator('summary').first().click();
    await seen(page, byId('letter'));
    await studio.shoot('unread', { settle: () => scrollTo(page, 'unread') });
  },
  byHand: async (studio) => {
    const { page } = studio;
    await command(page, 'Quartet: Do a Task Yourself…');
    await pick(page, 'Instalments add up');
    await seen(page, need('hand'));
    await studio.shoot('needs-hand');
    await stop(page);
  },
  facts: async (studio) => {
    const { page } = studio;
    await begin(studio, GOALS.facts, 'quick');
    await seen(page, byId('fact', '[data-key="money/tests"]'), 90_000);
    await (await part(page, 'facts')).locator('summary').first().click();
    await studio.shoot('facts', { settle: () => scrollTo(page, 'facts') });
    await stop(page);
  },
};

const several = {
  opinions: async (studio) => {
    const { page } = studio;
    await openContainer(page, 'Quartet');
    await begin(studio, GOALS.opinions);
    await press(page, 'plan-approve');
    await seen(page, byId('consensus-card'), 90_000);
    await studio.shoot('opinions', { settle: () => scrollTo(page, 'consensus-card') });
  },
};

const noGit = {
  noGit: async (studio) => {
    const { page } = studio;
    await openContainer(page, 'Quartet');
    await (await part(page, 'mode-ask')).first().click();
    await (await part(page, 'goal-input')).fill(GOALS.answered);
    await press(page, 'run-button');
    await seen(page, byId('answer'), 90_000);
    await studio.shoot('no-git', { settle: () => scrollTo(page, 'conversation') });
    await command(page, 'Quartet: Doctor');
    await page.locator('.tab', { hasText: 'Doctor' }).first().waitFor();
    await page.waitForTimeout(2000);
    await studio.shoot('no-git-doctor', { whole: true });
  },
};

const strange = {
  restricted: pictured('restricted', async ({ page }) => {
    await openContainer(page, 'Quartet');
    await seen(page, byId('obstacle'));
  }),
  noFolder: pictured('no-folder', async ({ page, editor }) => {
    await page.goto(editor.server.url({}));
    await workbenchReady(page);
    await openContainer(page, 'Quartet');
    await seen(page, byId('obstacle'));
  }),
};

const nothing = async () => {};

/** An editor with models that play the scenes. */
async function withModel({ settings = () => ({}), ...options } = {}) {
  const server = await startScenes();
  const endpoint = (id, label, model) => ({
    ...{ id, label, model, baseUrl: server.url },
    ...{ inputUsdPerMillion: 2, outputUsdPerMillion: 8 },
  });
  const endpoints = [
    endpoint('house', 'House model', 'house-large'),
    endpoint('second', 'Second model', SECOND),
  ];
  return {
    options: { ...options, settings: { 'quartet.endpoints': endpoints.slice(0, 1), ...settings(endpoints) } },
    end: () => server.close(),
  };
}

/** Editors that are opened one after the other, each with what is pictured in it. */
export const sessions = [
  { scenes: team, open: withModel },
  { scenes: among, open: withModel },
  {
    scenes: several,
    open: () =>
      withModel({
        settings: (endpoints) => ({
          'quartet.endpoints': endpoints,
          'quartet.routes': { researcher: ['house', 'second'] },
          'quartet.consensus.when': 'risky',
        }),
      }),
  },
  {
    scenes: noGit,
    // Node alone is on the path, and the person's shell is not asked for another one.
    open: () => withModel({ env: { PATH: join(root, 'node_modules', '.bin'), VSCODE_CLI: '1' } }),
  },
  { scenes: bare, open: async () => ({ options: {}, end: nothing }) },
  { scenes: strange, open: async () => ({ options: { trust: false }, end: nothing }) },
  {
    scenes: readme,
    open: () =>
      withModel({
        size: { width: 1200, height: 740 },
        settings: () => ({ 'diffEditor.renderSideBySide': false, 'quartet.testCommand': 'npm test' }),
      }),
  },
];
