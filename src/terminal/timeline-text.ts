/** A run along its time, in lines. */
import type { Timeline } from '../protocol/timeline.ts';

interface Line {
  readonly seq: number;
  readonly from: number;
  readonly lasted: number | undefined;
  readonly lane: string;
  readonly text: string;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One line for each step, wait, message and moment that counts, in the order in which they began. */
export function timelineText(timeline: Timeline): string {
  const { startedAt } = timeline;
  const lines = linesOf(timeline).toSorted((one, other) => one.seq - other.seq);
  return lines
    .map(({ seq, from, lasted, lane, text }) => {
      const began = seconds(from - startedAt).padStart(9);
      const took = (lasted === undefined ? '' : seconds(lasted)).padStart(9);
      return `${String(seq).padStart(5)} ${began} ${took}  ${lane.replace(/^\//, '').padEnd(24)} ${text}`;
    })
    .join('\n');
}

function linesOf({ spans, waits, arrows, marks, updatedAt }: Timeline): readonly Line[] {
  return [
    ...spans.map(({ id, from, to, lane, title, state, tokens }) => ({
      seq: id,
      from,
      lasted: (to ?? updatedAt) - from,
      lane,
      text: [title, ...(state === 'ok' ? [] : [state]), ...(tokens ? [`${tokens} tokens`] : [])].join(', '),
    })),
    ...waits.map(({ id, from, to, lane, title }) => ({
      seq: id,
      from,
      lasted: (to ?? updatedAt) - from,
      lane,
      text: `waits for you: ${title}`,
    })),
    ...arrows.map(({ id, at, from, to, text }) => ({
      seq: id,
      from: at,
      lasted: undefined,
      lane: from,
      text: `tells ${to.replace(/^\//, '')}: ${text.split('\n', 1)[0] ?? ''}`,
    })),
    ...marks.map(({ id, at, lane, text }) => ({ seq: id, from: at, lasted: undefined, lane, text })),
  ];
}
