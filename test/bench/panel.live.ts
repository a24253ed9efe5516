/**
 * What the Team panel costs a person: how soon its goal box takes what is typed, a run of ten thousand messages, frames while four agents
 * write and while one reads back, memory after an hour, what crosses to it; how large what ships is; and how long the editor takes to load
 * and activate the extension.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { build } from '../../esbuild.js';
import { createPageMirror } from '../../src/editor/panel/mirror.ts';
import { createStreams } from '../../src/editor/panel/streams.ts';
import type { PanelUpdate } from '../../src/protocol/panel.ts';
import type { FeedItem, RunView } from '../../src/protocol/view.ts';
import { openPanelPage, type PanelPage } from '../browser/panel/harness.ts';
import { delta, shown } from '../browser/panel/run-page.ts';
import { ensureBrowser, launch } from '../support/browser.mjs';
import { command, openContainer, reloadWindow, webview } from '../support/drive.mjs';
import { openEditor } from '../support/editor.mjs';
import { packVsix } from '../support/package.mjs';
import { buildPages, type Pages } from '../support/pages.ts';
import { ready } from '../support/panel-states/contexts.ts';
import { largeRun, lifeOf, noteEvent } from '../support/panel-states/large.ts';
import { long, working } from '../support/panel-states/runs.ts';
import { talkOf } from '../support/panel-states/timelines.ts';
import { leave } from '../support/processes.mjs';
import { LOADED_MAX, loadedBytes, VSIX_MAX } from '../support/sizes.mjs';
import { figure, median, middle } from './figures.ts';
import { typesAtOnce } from './typing.ts';
import { BASELINE, buildBaseline, GIT, QUARTET, readMarks, startupOf, type Startup } from './startup.ts';

const MESSAGES = 10_000;
const AGENTS = ['coder', 'qa', 'reviewer', 'documenter'] as const;
/** Words that an agent writes in a second, and pieces in which the editor hands them over. */
const TOKENS_A_SECOND = 50;
const FLUSHES_A_SECOND = 25;
const MB = 1024 * 1024;
/** How often the window is opened. */
const WINDOWS = 7;

/** A run of so many messages, each from one to another and with some Markdown in it. */
function messages(count: number): RunView {
  const feed = Array.from({ length: count }, (_, index): FeedItem => {
    const [from = '', to = ''] = [AGENTS[index % 4], AGENTS[(index + 1) % 4]];
    const text = `Message ${index}: \`src/part-${index % 40}.js\` is **ready**.\n\n- its tests pass\n- it is \`${index}\` lines long`;
    return { kind: 'message', id: index + 1, at: index, from, to, text };
  });
  return { ...long(1), id: `run-${count}`, feed, lastSeq: count + 10 };
}

const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Milliseconds from the messages by which the editor shows a run until its last entry is painted. */
async function toOpen(panel: PanelPage, view: RunView, last: string): Promise<number> {
  await panel.send(shown(null));
  return panel.page.evaluate(
    async ([updates, text]) => {
      const start = performance.now();
      for (const update of updates) window.postMessage(update, '*');
      const isThere = (): boolean =>
        document.querySelector('.talk-rows')?.textContent.includes(text) === true;
      while (!isThere()) await new Promise((next) => setTimeout(next, 0));
      await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 0)));
      return performance.now() - start;
    },
    [createPageMirror().show(view, true), last] as const,
  );
}

/** Lengths of frames for so long, in milliseconds. */
const frames = (page: Page, ms: number): Promise<readonly number[]> =>
  page.evaluate(async (most) => {
    const lengths: number[] = [];
    let last = performance.now();
    const ends = last + most;
    while (last < ends) {
      const now = await new Promise<number>((frame) => requestAnimationFrame(() => frame(performance.now())));
      lengths.push(now - last);
      last = now;
    }
    return lengths;
  }, ms);

const AGENT_STEPS: RunView['active'] = AGENTS.map((role, index) => ({
  key: `task/t${index}/model`,
  kind: 'model',
  title: `Ask the ${role}`,
  who: { role, agent: `${role}-1` },
  since: 0,
}));

const words = (count: number, from: number): string =>
  Array.from({ length: count }, (_, index) => `word${(from + index) % 977}`).join(' ');

/** Four agents write into the page for so long, as the editor would tell it, and something is finished four times a second. */
async function write(panel: PanelPage, view: RunView, seconds: number): Promise<void> {
  const pieceWords = TOKENS_A_SECOND / FLUSHES_A_SECOND;
  const pieces = Array.from({ length: seconds * FLUSHES_A_SECOND }, (_, flush) =>
    AGENT_STEPS.map(({ key, who }, agent): PanelUpdate => {
      const text = `${words(pieceWords, flush * pieceWords + agent)}${flush % 20 === 19 ? '\n\n' : ' '}`;
      return { type: 'stream', run: view.id, key, role: who?.role ?? '', text };
    }),
  );
  let held = view;
  const deltas = Array.from({ length: seconds * 4 }, (_, index) => {
    const note: FeedItem = {
      kind: 'note',
      id: 1_000_000 + index,
      at: index,
      level: 'info',
      text: `note ${index}`,
    };
    const next = { ...held, lastSeq: held.lastSeq + 1, feed: [...held.feed, note] };
    const update = delta(held, next);
    held = next;
    return update;
  });
  await panel.page.evaluate(
    async ([flushes, grown, everyMs]) => {
      const start = performance.now();
      for (const [index, updates] of flushes.entries()) {
        for (const update of updates) window.postMessage(update, '*');
        const due = grown[Math.floor((index * grown.length) / flushes.length)];
        if (index % Math.floor(flushes.length / grown.length) === 0 && due) window.postMessage(due, '*');
        const wait = start + (index + 1) * everyMs - performance.now();
        await new Promise((next) => setTimeout(next, Math.max(0, wait)));
      }
    },
    [pieces, deltas, 1000 / FLUSHES_A_SECOND] as const,
  );
}

async function inPage(browser: Browser, pages: Pages): Promise<void> {
  const panel = await openPanelPage(browser, pages, { width: 400, height: 900 });
  await panel.send({ type: 'context', context: ready }, shown(null));
  await toOpen(panel, messages(100), 'Message 99:');
  const few = await median(5, () => toOpen(panel, messages(100), 'Message 99:'));
  const many = await median(5, () => toOpen(panel, messages(MESSAGES), `Message ${MESSAGES - 1}:`));
  figure('open a run of 100 messages', few, 'ms');
  figure('open a run of 10,000 messages', many, 'ms', { max: 1000 });
  figure('as many times as long as one of 100', many / few, 'x', { max: 12 });
  figure('elements in the page', await panel.page.evaluate(() => document.querySelectorAll('*').length), '', {
    max: 2000,
  });

  await smoothness(panel);
  await panel.close();
  await anHour(browser, pages);
}

const SECONDS = 6;

/** Frames of a run of ten thousand messages: at rest, while four agents write, while a person reads back, and both at once. */
async function smoothness(panel: PanelPage): Promise<void> {
  const opened = async (id: string): Promise<RunView> => {
    const view = { ...messages(MESSAGES), id, active: AGENT_STEPS };
    await panel.send(shown(view));
    return view;
  };
  const during = async (work: Promise<unknown>): Promise<readonly number[]> => {
    const [lengths] = await Promise.all([frames(panel.page, SECONDS * 1000), work]);
    return lengths;
  };
  const tell = (what: string, lengths: readonly number[]): void => {
    figure(`frame, ${what}: middle`, middle(lengths), 'ms', { max: 20 });
    figure('… 95 of 100 within', quantile(lengths, 0.95), 'ms', { max: 50 });
    figure('… the longest', Math.max(...lengths), 'ms');
  };
  await opened('run-idle');
  figure('frame, nothing going on: middle', middle(await frames(panel.page, 2000)), 'ms');
  tell(
    'four agents write into 10,000 messages',
    await during(write(panel, await opened('run-busy'), SECONDS)),
  );
  await opened('run-read');
  tell('a person scrolls back through them', await during(scrollBack(panel.page, SECONDS)));
  figure('messages that went by', MESSAGES - (await messageInSight(panel.page)), '', { min: 100 });
  const both = await opened('run-both');
  tell(
    'scrolls back while four agents write',
    await during(Promise.all([scrollBack(panel.page, SECONDS), write(panel, both, SECONDS)])),
  );
  figure('messages that went by', MESSAGES - (await messageInSight(panel.page)), '', { min: 100 });
}

/** A wheel that is turned fast. */
const TURNS_A_SECOND = 30;
const TURN_PX = 200;

async function scrollBack(page: Page, seconds: number): Promise<void> {
  await page.locator('.scroller').hover();
  const ends = performance.now() + seconds * 1000;
  while (performance.now() < ends) {
    await page.mouse.wheel(0, -TURN_PX);
    await page.waitForTimeout(1000 / TURNS_A_SECOND);
  }
}

/** The number of the first message in sight. */
const messageInSight = (page: Page): Promise<number> =>
  page.locator('.scroller').evaluate((box) => {
    const { top } = box.getBoundingClientRect();
    const row = [...box.querySelectorAll('.talk-row')].find(
      (each) => each.getBoundingClientRect().bottom > top,
    );
    return Number(/Message (\d+):/u.exec(row?.textContent ?? '')?.[1]);
  });

async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / MB;
}

/** An hour of four agents: a reply of 300 tokens every 20 seconds each, with four tool calls, all of it streamed. */
async function anHour(browser: Browser, pages: Pages): Promise<void> {
  const panel = await openPanelPage(browser, pages, { width: 400, height: 900 });
  const session = await panel.page.context().newCDPSession(panel.page);
  let view: RunView = { ...working, id: 'run-hour', active: AGENT_STEPS };
  await panel.send({ type: 'context', context: ready }, shown(view));
  const before = await heapMb(session);
  let texts = 0;
  for (let turn = 0; turn < 4 * 180; turn += 1) {
    const { key = '', who } = AGENT_STEPS[turn % 4] ?? {};
    const text = words(300, turn);
    const role = who?.role ?? '';
    const speaker = { role, agent: `${role}-1` };
    const id = 10_000 + turn * 10;
    const items: readonly FeedItem[] = [
      { kind: 'said', id, at: id, who: speaker, text },
      ...[1, 2, 3, 4].map((call): FeedItem => ({
        ...{ kind: 'tool', id: id + call, at: id + call, who: speaker, tool: 'read_file' },
        ...{ title: `Read src/part-${call}.js`, args: `{"path":"src/part-${call}.js"}`, state: 'ok' },
        result: words(100, call),
      })),
    ];
    const next = { ...view, lastSeq: view.lastSeq + 10, feed: [...view.feed, ...items] };
    const stream = text
      .match(/.{1,400}/gu)
      ?.map((each): PanelUpdate => ({ type: 'stream', run: view.id, key, role, text: each }));
    const updates = [...(stream ?? []), delta(view, next)];
    texts += JSON.stringify(items).length;
    await panel.page.evaluate((all) => {
      for (const update of all) window.postMessage(update, '*');
    }, updates);
    view = next;
  }
  await panel.page.getByText('word').last().waitFor();
  await panel.send();
  const grown = (await heapMb(session)) - before;
  figure('memory after an hour of four agents, more than before it', grown, 'MB', { max: 40 });
  figure('as many times as what was told', (grown * MB) / texts, 'x', { max: 8 });
  await panel.close();
}

/**
 * What the editor posts while four agents write for a minute into a run of fifty tasks, against what they wrote. The run grows
 * meanwhile: by a note every five seconds, and every ten by all that happens for a task.
 */
function crossing(): void {
  const streams = createStreams();
  const mirror = createPageMirror();
  const run = largeRun();
  mirror.show(run.view, true);
  let bytes = 0;
  let tokens = 0;
  let text = 0;
  const grown: number[] = [];
  const show = (): void => {
    const posted = [...mirror.show(run.view, true), ...streams.take(run.view.id)];
    bytes += posted.reduce((sum, update) => sum + JSON.stringify(update).length, 0);
  };
  for (let flush = 0; flush < 60 * FLUSHES_A_SECOND; flush += 1) {
    for (const { key, who } of AGENT_STEPS) {
      for (let word = 0; word < TOKENS_A_SECOND / FLUSHES_A_SECOND; word += 1) {
        const piece = `word${flush % 977} `;
        streams.add({ run: run.view.id, key, role: who?.role ?? '', text: piece });
        text += piece.length;
        tokens += 1;
      }
    }
    const second = flush / FLUSHES_A_SECOND;
    if (second % 5 === 4) run.grow(noteEvent);
    if (second % 10 === 9) run.grow(...lifeOf(`part-${second % 50}`));
    show();
  }
  for (let line = 0; line < 100; line += 1) {
    const [posted] = mirror.show(run.grow(noteEvent), true);
    grown.push(JSON.stringify(posted).length);
  }
  figure('bytes that cross for a token, of a run of fifty tasks that grows', bytes / tokens, 'B', {
    max: 120,
  });
  figure('as many times as its text', bytes / text, 'x');
  figure('bytes that cross for a line of such a run', middle(grown), 'B', { max: 400 });
}

/** What the editor posts to a run view that follows such a run: all of it first, then for each line what came with it. */
async function crossingToRunView(): Promise<void> {
  const run = largeRun();
  const talk = talkOf(() => run.lines);
  const posted = (): number =>
    talk.taken().reduce((sum, update) => sum + JSON.stringify(update).length, 0) / 1000;
  await talk.ready();
  await talk.goTo(run.lines.length);
  figure('run view: what crosses as it opens on such a run', posted(), 'kB', { max: 105 });
  const moments: number[] = [];
  for (const event of lifeOf('part-20')) {
    run.grow(event);
    await talk.grown();
    await talk.goTo(run.lines.length);
    moments.push(posted());
  }
  figure('… and for each line after that: middle', middle(moments), 'kB', { max: 1 });
  figure('… the most', Math.max(...moments), 'kB');
}

async function sizes(): Promise<string> {
  const { outputs } = await build({ production: true });
  for (const [output, most] of Object.entries(LOADED_MAX))
    figure(`${output}: loaded at once`, loadedBytes(outputs, output) / 1000, 'kB', { max: most / 1000 });
  const folder = await mkdtemp(join(tmpdir(), 'quartet-bench-'));
  const vsix = await packVsix(join(folder, 'quartet.vsix'));
  figure('the package', (await stat(vsix)).size / 1000, 'kB', { max: VSIX_MAX / 1000 });
  return folder;
}

async function inEditor(folder: string): Promise<void> {
  const marksFile = join(folder, 'marks.json');
  const editor = await openEditor({
    // So high that no row of a list is left undrawn.
    size: { width: 1440, height: 3600 },
    vsix: join(folder, 'quartet.vsix'),
    extensions: [await buildBaseline(join(folder, 'baseline'))],
    env: { QUARTET_MARKS: marksFile },
  });
  const { page } = editor;
  const [own, none, git]: [Startup[], Startup[], Startup[]] = [[], [], []];
  const drawn: number[] = [];
  const typed: number[] = [];
  const typing = await typesAtOnce(page, '[data-testid="goal-input"]');
  for (let time = 0; time < WINDOWS; time += 1) {
    if (time > 0) await reloadWindow(page);
    await openContainer(page, 'Quartet');
    typed.push(await typing.taken());
    const frame = await webview(page, '[data-testid="goal-input"]');
    drawn.push(
      await frame.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN),
    );
    const marks = await readMarks(page, marksFile);
    await command(page, 'Developer: Show Running Extensions');
    own.push(await startupOf(page, QUARTET, marks));
    none.push(await startupOf(page, BASELINE, marks));
    git.push(await startupOf(page, GIT, marks));
    await command(page, 'View: Close All Editors');
  }
  const both = (all: readonly Startup[]): number => middle(all.map(({ load, activate }) => load + activate));
  figure('extension: load, middle', middle(own.map(({ load }) => load)), 'ms');
  figure('extension: activate, middle', middle(own.map(({ activate }) => activate)), 'ms');
  figure('extension: load and activate, middle', both(own), 'ms', { max: 50 });
  figure('one that does nothing, in the same windows: middle', both(none), 'ms');
  figure('the editor’s own Git, in the same windows: middle', both(git), 'ms');
  figure('as many times as Git', both(own) / both(git), 'x', { max: 1 });
  figure('panel: from its page’s first byte until it is drawn', middle(drawn), 'ms');
  figure('… until a key that is typed stands in its goal box', middle(typed), 'ms', { max: 1000 });
  await editor.close();
}

const folder = await sizes();
crossing();
await crossingToRunView();
const browser = await launch(await ensureBrowser(() => undefined));
await inPage(browser, await buildPages());
await browser.close();
await inEditor(folder);
await rm(folder, { recursive: true, force: true });
await leave(typeof process.exitCode === 'number' ? process.exitCode : 0);
