/** What goes with the goal that is being written. It is kept here, since a hidden page is gone; a window that is loaded anew has none. */
import * as vscode from 'vscode';
import type { GoalFile } from '../../protocol/attached.ts';
import type { GoalImage } from '../../protocol/images.ts';
import type { Mention } from '../../protocol/mentions.ts';
import type { PanelUpdate } from '../../protocol/panel.ts';

export interface Given {
  readonly images: readonly GoalImage[];
  readonly files: readonly GoalFile[];
}

/** What comes to a goal from outside of the page. */
export interface Offered extends Given {
  /** What lies in the project is named in the text. */
  readonly mentions: readonly Mention[];
  /** Why some of it was not taken, in words. */
  readonly problem: string | undefined;
}

export class GoalGiven implements vscode.Disposable {
  #given: Given = { images: [], files: [] };
  #mentions: readonly Mention[] = [];
  #problem: string | undefined;
  readonly #offered = new vscode.EventEmitter<void>();

  /** Something is there that the page does not know. */
  readonly onOffered = this.#offered.event;

  get now(): Given {
    return this.#given;
  }

  /** The person gave something in the page, or took it away. */
  keep(given: Given): void {
    this.#given = given;
  }

  offer({ mentions, problem, ...given }: Offered): void {
    this.#given = given;
    this.#mentions = [...this.#mentions, ...mentions];
    this.#problem = problem;
    this.#offered.fire();
  }

  /** What a page is told that is up; mentions and problems once. */
  take(): PanelUpdate {
    const [mentions, problem] = [this.#mentions, this.#problem];
    this.#mentions = [];
    this.#problem = undefined;
    return { type: 'given', ...this.#given, mentions, ...(problem !== undefined && { problem }) };
  }

  dispose(): void {
    this.#offered.dispose();
  }
}
