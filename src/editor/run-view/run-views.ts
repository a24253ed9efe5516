/** The run view: an editor tab for each run that is looked at along its time. A hidden one costs nothing. */
import * as vscode from 'vscode';
import type { Disposable, Log } from '../../core/ports.ts';
import type { RunRecord } from '../../core/run/views/record.ts';
import { RunViewRequest, type RunViewUpdate } from '../../protocol/run-view.ts';
import { timelineSince } from '../../protocol/timeline-parts.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { pageHtml } from '../panel/html.ts';
import { describe } from '../tell.ts';
import { openRecord } from './documents.ts';
import { RUN_VIEW, type Restorer } from './provide.ts';

/** How often a run that works is drawn anew, in milliseconds. */
const GROWTH_MS = 400;
/** Entries of the conversation that cross with a moment: what is shown of it. */
const FEED_MAX = 12;

export interface RunViewNeeds {
  readonly desk: Desk;
  readonly log: Log;
  readonly extension: vscode.Uri;
  readonly showPanel: () => Promise<void>;
}

export interface RunViews extends Restorer, Disposable {
  /** Opens the tab of a run, or brings it to the front. Errors: `run.missing`, `journal.damaged`. */
  open(run: string): Promise<void>;
}

export function createRunViews(needs: RunViewNeeds): RunViews {
  const tabs = new Map<string, vscode.WebviewPanel>();
  const adopt = (run: string, tab: vscode.WebviewPanel): void => {
    tabs.set(run, tab);
    const page = createPage(needs, run, tab);
    tab.onDidDispose(() => {
      page.dispose();
      if (tabs.get(run) === tab) tabs.delete(run);
    });
  };
  return {
    async open(run) {
      const known = tabs.get(run);
      if (known) {
        known.reveal();
        return;
      }
      const { goal } = await (await needs.desk.connect()).views.view(run);
      const title = vscode.l10n.t('Run: {0}', shortGoal(goal));
      adopt(run, vscode.window.createWebviewPanel(RUN_VIEW, title, vscode.ViewColumn.Active, {}));
    },
    restore: (tab, state) => {
      const run = runIn(state);
      if (run === undefined) tab.dispose();
      else adopt(run, tab);
    },
    dispose: () => {
      for (const tab of [...tabs.values()]) tab.dispose();
    },
  };
}

const GOAL_CHARS = 40;

function shortGoal(goal: string): string {
  const [line = ''] = goal.trim().split('\n', 1);
  return line.length > GOAL_CHARS ? `${line.slice(0, GOAL_CHARS)}…` : line;
}

function runIn(state: unknown): string | undefined {
  const run = typeof state === 'object' && state !== null && 'run' in state ? state.run : undefined;
  return typeof run === 'string' ? run : undefined;
}

interface Page {
  readonly needs: RunViewNeeds;
  readonly run: string;
  readonly tab: vscode.WebviewPanel;
  /** Reads on where it has read before. */
  readonly record: () => Promise<RunRecord>;
  /** Last line that the page holds; absent: it holds nothing. */
  held: number | undefined;
}

/** One tab's page: what it holds, and what it asks for. */
function createPage(needs: RunViewNeeds, run: string, tab: vscode.WebviewPanel): { dispose(): void } {
  const { desk, log, extension } = needs;
  const { webview } = tab;
  let known: RunRecord | undefined;
  const record = async () => (known ??= (await desk.connect()).record(run));
  const page: Page = { needs, run, tab, record, held: undefined };
  let timer: NodeJS.Timeout | undefined;
  const guard = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      post(page, { type: 'error', text: describe(error) });
    }
  };
  const later = (): void => {
    if (page.held === undefined || !tab.visible) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void guard(() => send(page));
    }, GROWTH_MS);
  };
  webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')] };
  const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', 'icons', name);
  tab.iconPath = { light: icon('quartet.svg'), dark: icon('quartet-dark.svg') };
  const ends = vscode.Disposable.from(
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = RunViewRequest.safeParse(message);
      if (parsed.success) void guard(() => act(page, parsed.data));
      else log.warn(`The run view sent a message that is not understood: ${parsed.error.message}`);
    }),
    tab.onDidChangeViewState(later),
    desk.watch(run, later),
  );
  webview.html = pageHtml(webview, extension, 'run-view');
  return {
    dispose: () => {
      clearTimeout(timer);
      ends.dispose();
    },
  };
}

const post = ({ tab }: Page, update: RunViewUpdate): void => void tab.webview.postMessage(update);

/** Sends what the page lacks. */
async function send(page: Page): Promise<void> {
  const timeline = await (await page.record()).timeline();
  const since = page.held;
  page.held = timeline.lastSeq;
  if (since === undefined || since > timeline.lastSeq) post(page, { type: 'timeline', timeline });
  else if (since < timeline.lastSeq)
    post(page, { type: 'timeline', timeline: timelineSince(timeline, since), since });
}

async function act(page: Page, request: RunViewRequest): Promise<void> {
  const { needs, run, record } = page;
  switch (request.type) {
    case 'ready':
      page.held = undefined;
      await send(page);
      break;
    case 'moment': {
      const view = await (await record()).at(request.seq);
      post(page, { type: 'moment', moment: { seq: request.seq, view: cut(view) } });
      break;
    }
    case 'text':
      await openRecord(run, request.seq, request.part);
      break;
    case 'fork':
      await vscode.commands.executeCommand('quartet.forkRun', run, { at: request.at });
      break;
    case 'panel':
      await needs.desk.open(run);
      await needs.showPanel();
  }
}

const cut = (view: RunView): RunView => ({ ...view, feed: view.feed.slice(-FEED_MAX) });
