/** Asking the team about a change where the record does not say enough: each question is a run of its own that reads and changes nothing. */
import * as vscode from 'vscode';
import type { Disposable } from '../../core/ports.ts';
import { questionText, type AboutHunk } from '../../core/run/handover/question-text.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { attached } from '../goal/attach.ts';

/** A question, and the run that answers it. */
interface Question {
  readonly path: string;
  readonly hunk: string;
  readonly text: string;
  readonly run: string;
}

export interface Told {
  readonly question: string;
  /** Absent while it is on its way. */
  readonly answer: string | undefined;
}

export interface AskTeam extends Disposable {
  /** Something was asked or answered. */
  readonly onChanged: vscode.Event<void>;
  /** Asks in a run beside the open one. Errors: as a run that cannot start, such as where there is no model. */
  ask(run: string, about: AboutHunk, question: string): Promise<void>;
  /** What was asked about a hunk of a run, oldest first. */
  of(run: string, path: string, hunk: string): readonly Told[];
}

const keyOf = (run: string) => `quartet.asked.${run}`;

function answerOf({ answer, finished, paused }: RunView): string | undefined {
  if (answer) return [answer.text, ...answer.sources].join('\n');
  return finished?.message ?? paused?.message;
}

/** Questions are kept in workspace state while the run is not over; answers are read from the runs that gave them. */
export function createAskTeam(desk: Desk, state: vscode.Memento): AskTeam {
  const changed = new vscode.EventEmitter<void>();
  const answers = new Map<string, string>();
  const asked = (run: string) => state.get<readonly Question[]>(keyOf(run)) ?? [];
  const take = (view: RunView): void => {
    const answer = answerOf(view);
    if (answer === undefined || answers.get(view.id) === answer) return;
    answers.set(view.id, answer);
    changed.fire();
  };
  /** A run of an earlier window is not followed; one that was removed since has no answer any more. */
  const readAgain = async (): Promise<void> => {
    for (const { run } of asked(desk.openId ?? '')) {
      if (answers.has(run) || desk.isLive(run)) continue;
      const { views } = await desk.connect();
      await views.view(run).then(take, () => undefined);
    }
  };
  const isOurs = (id: string) => asked(desk.openId ?? '').some(({ run }) => run === id);
  const ends = [
    desk.onOpened(() => void readAgain()),
    desk.onEnded(() => void readAgain()),
    desk.onGrown((view) => {
      if (isOurs(view.id)) take(view);
      if (view.finished && asked(view.id).length > 0) void state.update(keyOf(view.id), undefined);
    }),
    changed,
  ];
  return {
    onChanged: changed.event,
    async ask(of, about, text) {
      const goal = questionText(text, about, attached);
      const run = await desk.start({ goal, mode: 'ask', demo: false, isAside: true });
      const question: Question = { path: about.path, hunk: about.hunk.hunk.id, text, run };
      await state.update(keyOf(of), [...asked(of), question]);
      changed.fire();
      await readAgain();
    },
    of: (run, path, hunk) =>
      asked(run)
        .filter((each) => each.path === path && each.hunk === hunk)
        .map((each) => ({ question: each.text, answer: answers.get(each.run) })),
    dispose: () => void vscode.Disposable.from(...ends).dispose(),
  };
}
