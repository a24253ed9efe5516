/** Questions one after the other, with a way back, in the editor's quick input. */
import * as vscode from 'vscode';

export const BACK = Symbol('back');
/** `undefined`: the person closed it. */
export type Answer<T> = T | typeof BACK | undefined;

export interface Place {
  readonly title: string;
  readonly step: number;
  readonly steps: number;
}

interface Lives {
  onDidHide: vscode.Event<void>;
  onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
  show(): void;
  dispose(): void;
}

function placed(
  input: vscode.QuickInput & { buttons: readonly vscode.QuickInputButton[] },
  place: Place,
): void {
  input.title = place.title;
  input.step = place.step;
  input.totalSteps = place.steps;
  input.ignoreFocusOut = true;
  input.buttons = place.step > 1 ? [vscode.QuickInputButtons.Back] : [];
}

async function answered<T>(
  input: Lives,
  listen: (answer: (value: T) => void) => vscode.Disposable,
): Promise<Answer<T>> {
  const ends: vscode.Disposable[] = [];
  try {
    return await new Promise<Answer<T>>((resolve) => {
      ends.push(
        listen(resolve),
        input.onDidHide(() => resolve(undefined)),
        input.onDidTriggerButton(() => resolve(BACK)),
      );
      input.show();
    });
  } finally {
    vscode.Disposable.from(...ends).dispose();
    input.dispose();
  }
}

/** One of several. */
export async function pickStep<T extends vscode.QuickPickItem>(
  place: Place,
  placeholder: string,
  items: Promise<readonly T[]> | readonly T[],
): Promise<Answer<T>> {
  const input = vscode.window.createQuickPick<T>();
  placed(input, place);
  input.placeholder = placeholder;
  input.matchOnDescription = true;
  input.busy = true;
  void Promise.resolve(items).then((found) => {
    input.items = found;
    input.busy = false;
  });
  return await answered<T>(input, (answer) =>
    input.onDidAccept(() => {
      const [item] = input.selectedItems;
      if (item !== undefined) answer(item);
    }),
  );
}

/** Some of several, at least one. Those with `picked` are chosen at first. */
export async function pickSomeStep<T extends vscode.QuickPickItem>(
  place: Place,
  placeholder: string,
  items: readonly T[],
): Promise<Answer<readonly T[]>> {
  const input = vscode.window.createQuickPick<T>();
  placed(input, place);
  input.placeholder = placeholder;
  input.canSelectMany = true;
  input.matchOnDescription = true;
  input.items = items;
  input.selectedItems = items.filter(({ picked }) => picked === true);
  return await answered<readonly T[]>(input, (answer) =>
    input.onDidAccept(() => {
      if (input.selectedItems.length > 0) answer(input.selectedItems);
    }),
  );
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** What is wrong with the text; `undefined` where nothing is. */
  readonly problem?: (text: string) => string | undefined;
}

/** One line of text. */
export async function textStep(place: Place, question: TextQuestion): Promise<Answer<string>> {
  const input = vscode.window.createInputBox();
  placed(input, place);
  input.prompt = question.prompt;
  input.value = question.value ?? '';
  input.placeholder = question.placeholder ?? '';
  input.password = question.password === true;
  return await answered<string>(input, (answer) =>
    vscode.Disposable.from(
      input.onDidChangeValue(() => {
        input.validationMessage = undefined;
      }),
      input.onDidAccept(() => {
        input.validationMessage = question.problem?.(input.value);
        if (input.validationMessage === undefined) answer(input.value);
      }),
    ),
  );
}
