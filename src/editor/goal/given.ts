/** What goes with the goal that is being written. It is kept here, since a hidden page is gone, and on disk, since a window may be loaded anew. */
import * as vscode from 'vscode';
import type { Log } from '../../core/ports.ts';
import type { Mention } from '../../protocol/mentions.ts';
import type { PanelUpdate } from '../../protocol/panel.ts';
import { t } from '../told.ts';
import { NOTHING, type Given, type GivenStore } from './kept.ts';

/** What comes to a goal from outside of the page. */
export interface Offered extends Given {
  /** What lies in the project is named in the text. */
  readonly mentions: readonly Mention[];
  /** Why some of it was not taken, in words. */
  readonly problem: string | undefined;
}

export class GoalGiven implements vscode.Disposable {
  readonly #store: GivenStore;
  readonly #log: Log;
  #given: Promise<Given> | undefined;
  #mentions: readonly Mention[] = [];
  #problem: string | undefined;
  readonly #offered = new vscode.EventEmitter<void>();

  /** Something is there that the page does not know. */
  readonly onOffered = this.#offered.event;

  constructor(store: GivenStore, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  now(): Promise<Given> {
    return (this.#given ??= this.#read());
  }

  /** The person gave something in the page, or took it away. */
  keep(given: Given): void {
    this.#given = Promise.resolve(given);
    this.#write(given);
  }

  offer({ mentions, problem, images, files }: Offered): void {
    this.keep({ images, files });
    this.#mentions = [...this.#mentions, ...mentions];
    this.#problem = problem;
    this.#offered.fire();
  }

  /** What a page is told that is up; mentions and problems once. */
  async take(): Promise<PanelUpdate> {
    const { images, files } = await this.now();
    const [mentions, problem] = [this.#mentions, this.#problem];
    this.#mentions = [];
    this.#problem = undefined;
    return { type: 'given', images, files, mentions, ...(problem !== undefined && { problem }) };
  }

  dispose(): void {
    this.#offered.dispose();
  }

  #write(given: Given): void {
    this.#store.write(given).catch((error: unknown) => this.#log.warn(String(error)));
  }

  async #read(): Promise<Given> {
    try {
      const { left, ...given } = await this.#store.read();
      if (left.length === 0) return given;
      this.#write(given);
      this.#problem = t(
        '{0} is not kept when the window is loaded anew: keys are kept under such names. Add it again.',
        left.join(', '),
      );
      return given;
    } catch (error) {
      this.#log.warn(String(error));
      return NOTHING;
    }
  }
}
