/** The Team panel: a webview view that shows the open run and takes what the person does. A hidden one costs nothing. */
import * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import type { LiveTests } from '../../core/run/contract.ts';
import { PanelRequest, type PanelContext, type PanelUpdate } from '../../protocol/panel.ts';
import type { GoalGiven } from '../goal/given.ts';
import type { Place } from '../desk-events.ts';
import { describe, tellError } from '../tell.ts';
import { waitsOf } from './waits.ts';
import { panelContext, type ContextNeeds } from './context.ts';
import { pageHtml } from './html.ts';
import { createPageMirror } from './mirror.ts';
import { createPageFocus } from './page-focus.ts';
import type { Review } from '../review/review.ts';
import type { HandleRequest } from './requests.ts';
import { createStreams } from './streams.ts';

/** Twenty-five flushes a second: as smooth as reading needs. */
const FLUSH_MS = 40;

export interface PanelNeeds extends ContextNeeds {
  readonly extension: vscode.Uri;
  readonly log: Log;
  readonly handle: HandleRequest;
  readonly review: Pick<Review, 'onChanged' | 'current' | 'tally'>;
  /** What goes with the goal that is being written. */
  readonly given: GoalGiven;
  /** How far tests have come. */
  readonly onTests: vscode.Event<LiveTests>;
}

export class TeamPanel implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #needs: PanelNeeds;
  readonly #mirror = createPageMirror();
  readonly #streams = createStreams();
  readonly #focus = createPageFocus();
  readonly #ends: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  /** The page has said `ready` and was not hidden since. */
  #isUp = false;
  #timer: NodeJS.Timeout | undefined;
  #context: PanelContext | undefined;
  /** What is to be shown once the page holds its run. */
  #place: Place | undefined;
  /** What the page holds of the review. */
  #tally = '';

  constructor(needs: PanelNeeds) {
    this.#needs = needs;
    const { desk, review } = needs;
    this.#ends = vscode.Disposable.from(
      needs.given,
      this.#focus,
      needs.given.onOffered(() => {
        if (this.#isUp) void this.#give();
      }),
      desk.onListed(() => void this.refresh()),
      desk.onOpened(() => this.#later()),
      desk.onGrown((view) => {
        this.#streams.settle(view);
        if (view.id === desk.openId) this.#later();
      }),
      desk.onBroken(({ run, error }) => {
        if (run === desk.openId && this.#isUp) this.#tellBroken(error);
        else tellError(error, needs.log);
      }),
      desk.onShown((place) => {
        this.#place = place;
        this.#later();
      }),
      desk.onGrown(() => {
        // Its answers come and go while nothing else of the context does.
        const waits = JSON.stringify(waitsOf(desk.waitingViews));
        if (waits !== JSON.stringify(this.#context?.waits ?? [])) void this.refresh();
      }),
      review.onChanged(() => this.#later()),
      desk.onSpoken((piece) => {
        this.#streams.add(piece);
        if (piece.run === desk.openId) this.#later();
      }),
      needs.onTests((tests) => {
        this.#streams.addTests(tests);
        if (tests.run === desk.openId) this.#later();
      }),
    );
  }

  get isVisible(): boolean {
    return this.#view?.visible === true;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extension } = this.#needs;
    this.#view = view;
    this.#isUp = false;
    view.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extension, 'dist')],
    };
    view.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message));
    view.onDidChangeVisibility(() => {
      if (!view.visible) this.#gone();
    });
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#gone();
    });
    view.webview.html = pageHtml(view.webview, extension, 'panel');
  }

  /** Sends the context anew: folder, trust, models or runs are different now. */
  async refresh(): Promise<void> {
    if (!this.#isUp) return;
    const context = await panelContext(this.#needs);
    if (JSON.stringify(context) === JSON.stringify(this.#context)) return;
    this.#context = context;
    this.#post({ type: 'context', context });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#ends.dispose();
  }

  #gone(): void {
    this.#isUp = false;
    this.#focus.tell(false);
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = PanelRequest.safeParse(message);
    if (!parsed.success) {
      this.#needs.log.warn(`The panel sent a message that is not understood: ${parsed.error.message}`);
      return;
    }
    try {
      if (parsed.data.type === 'ready') await this.#start();
      else if (parsed.data.type === 'focus') this.#focus.tell(parsed.data.isWithin);
      else await this.#needs.handle(parsed.data, (update) => this.#post(update));
    } catch (error) {
      this.#needs.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.#post({ type: 'error', text: describe(error) });
    }
  }

  /** A fresh page: context first, then the run as a whole, then what streams. */
  async #start(): Promise<void> {
    this.#isUp = true;
    this.#mirror.reset();
    this.#streams.resend();
    this.#context = undefined;
    this.#tally = '';
    await this.refresh();
    this.#flush();
    await this.#give();
    const { desk } = this.#needs;
    const error = desk.openId === undefined ? undefined : desk.errorOf(desk.openId);
    if (error) this.#tellBroken(error);
  }

  async #give(): Promise<void> {
    this.#post(await this.#needs.given.take());
  }

  #later(): void {
    if (!this.#isUp || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#isUp) return;
    const { desk } = this.#needs;
    const { openId, openView } = desk;
    // While the open run is still being read, the page keeps what it shows.
    const broken = openId === undefined ? undefined : desk.errorOf(openId);
    if (desk.isConnected && openId !== undefined && openView === undefined && broken === undefined) return;
    const owned = openId !== undefined && desk.isLive(openId);
    for (const update of this.#mirror.show(openView ?? null, owned)) this.#post(update);
    if (openId === undefined) return;
    this.#tell(openId);
    this.#show(openId);
    for (const update of this.#streams.take(openId)) this.#post(update);
  }

  /** The page shows the run as it stood before, or none, and why. */
  #tellBroken(error: Error): void {
    this.#flush();
    this.#post({ type: 'error', text: describe(error) });
  }

  #show(run: string): void {
    const place = this.#place;
    if (place?.run !== run) return;
    this.#place = undefined;
    this.#post({ type: 'show', ...place });
  }

  /** How far the person is with the review of the open run. */
  #tell(run: string): void {
    const { review } = this.#needs;
    const tally = review.current?.signal === undefined ? null : review.tally;
    const now = JSON.stringify([run, tally]);
    if (now === this.#tally) return;
    this.#tally = now;
    this.#post({ type: 'reviewed', run, tally });
  }

  #post(update: PanelUpdate): void {
    if (this.#isUp) void this.#view?.webview.postMessage(update);
  }
}
