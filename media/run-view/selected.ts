/** What the person points at, in words. */
import type { LaneView, Timeline } from '../../src/protocol/timeline.ts';
import { duration } from '../panel/state/format.ts';
import { roleName, stepTitle } from '../panel/state/names.ts';
import { t, told } from '../panel/texts.ts';
import type { Selected } from './life.ts';

/** What a row is called: its role, and the task it works on. */
function laneName({ role, task }: LaneView, { tasks }: Pick<Timeline, 'tasks'>): string {
  const name = roleName(role);
  const title = tasks.find(({ id }) => id === task)?.title ?? task;
  return title === undefined ? name : t('{0}, {1}', name, title);
}

/** The row of something, in words; its id where the row is not there. */
export function nameOfLane(id: string, timeline: Pick<Timeline, 'lanes' | 'tasks'>): string {
  const lane = timeline.lanes.find((each) => each.id === id);
  return lane ? laneName(lane, timeline) : id.replace(/^\//, '');
}

const STATES = {
  running: () => t('running'),
  ok: () => t('done'),
  failed: () => t('failed'),
  interrupted: () => t('interrupted'),
} as const;

/** How a step stands, in a word. */
export const spanState = (state: keyof typeof STATES): string => STATES[state]();

/** One sentence about what is selected: for the eye as a title, for the ear as news. */
export function selectedText({ kind, item }: Selected, timeline: Timeline): string {
  switch (kind) {
    case 'span': {
      const lasted = duration((item.to ?? timeline.updatedAt) - item.from);
      const role = timeline.lanes.find(({ id }) => id === item.lane)?.role;
      const title = stepTitle(item.kind, item.title, role);
      return [title, nameOfLane(item.lane, timeline), lasted, spanState(item.state)].join(', ');
    }
    case 'wait':
      return item.to === undefined
        ? t('Waits for you: {0}', told(item.title))
        : t('Waited {0} for you: {1}', duration(item.to - item.from), told(item.title));
    case 'arrow':
      return t('{0} to {1}: {2}', nameOfLane(item.from, timeline), nameOfLane(item.to, timeline), item.text);
    case 'mark':
      return told(item.text);
  }
}
