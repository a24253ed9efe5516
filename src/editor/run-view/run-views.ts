/** The run view: an editor tab for each run that is looked at along its time. A hidden one costs nothing. */
import * as vscode from 'vscode';
import type { Disposable, Log } from '../../core/ports.ts';
import type { RunRecord } from '../../core/run/views/record.ts';
import { RunViewRequest } from '../../protocol/run-view.ts';
import type { Desk } from '../desk.ts';
import { pageHtml } from '../panel/html.ts';
import { describe } from '../tell.ts';
import { t } from '../told.ts';
import { openRecord } from './documents.ts';
import { createRunPage, type RunPage } from './page.ts';
import { RUN_VIEW, type Restorer } from './provide.ts';

/** How often a run that works is drawn anew, in milliseconds. */
const GROWTH_MS = 400;

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
    const page = createTab(needs, run, tab);
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
      const title = t('Run: {0}', shortGoal(goal));
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

/** One tab's page, and what it asks for. */
function createTab(needs: RunViewNeeds, run: string, tab: vscode.WebviewPanel): Disposable {
  const { desk, log, extension } = needs;
  const { webview } = tab;
  let known: RunRecord | undefined;
  const page = createRunPage({
    record: async () => (known ??= (await desk.connect()).record(run)),
    post: (update) => void webview.postMessage(update),
  });
  let timer: NodeJS.Timeout | undefined;
  const guard = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      page.fail(describe(error));
    }
  };
  const later = (): void => {
    if (!tab.visible) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      void guard(() => page.grown());
    }, GROWTH_MS);
  };
  webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')] };
  const icon = (name: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', 'icons', name);
  tab.iconPath = { light: icon('quartet.svg'), dark: icon('quartet-dark.svg') };
  const ends = vscode.Disposable.from(
    webview.onDidReceiveMessage((message: unknown) => {
      const parsed = RunViewRequest.safeParse(message);
      if (parsed.success) void guard(() => act({ needs, run, page }, parsed.data));
      else log.warn(`The run view sent a message that is not understood: ${parsed.error.message}`);
    }),
    tab.onDidChangeViewState(() => {
      if (!tab.visible) page.hidden();
    }),
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

interface Acting {
  readonly needs: RunViewNeeds;
  readonly run: string;
  readonly page: RunPage;
}

async function act({ needs, run, page }: Acting, request: RunViewRequest): Promise<void> {
  switch (request.type) {
    case 'ready':
      await page.ready();
      break;
    case 'moment':
      await page.goTo(request.seq);
      break;
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
