/** Which runs wait for the person, and how often: what the panel's inbox counts, from the same views as the status bar item. */
import type { RunWaits } from '../../protocol/panel.ts';
import type { RunView } from '../../protocol/view.ts';
import { goalInRow } from './recent.ts';

export const waitsOf = (waiting: readonly RunView[]): readonly RunWaits[] =>
  waiting.flatMap(({ id, goal, needs }) =>
    needs.length === 0 ? [] : [{ run: id, goal: goalInRow(goal), count: needs.length }],
  );
