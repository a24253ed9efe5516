/** The panel's icons: 16 by 16 line drawings in the text's colour. Decoration; what they mean is said in words. */
import type { VNode } from 'preact';

const PATHS = {
  add: 'M8 3v10M3 8h10',
  arrowDown: 'M8 3v10M4 9l4 4 4-4',
  arrowLeft: 'M13 8H3M7 4L3 8l4 4',
  arrowUp: 'M8 13V3M4 7l4-4 4 4',
  ask: 'M2.5 3.5h11v7.5H8l-3 2.5V11H2.5zM5.5 6.2h5M5.5 8.5h3',
  attach:
    'M12.8 7.3l-5.2 5.2a2.9 2.9 0 01-4.1-4.1l5.7-5.7a1.9 1.9 0 012.7 2.7L6.4 10.9a.9.9 0 01-1.3-1.3L10 4.7',
  beaker: 'M6 2.5h4M6.7 2.5v4L3.6 12c-.4.8.1 1.5.9 1.5h7c.8 0 1.3-.7.9-1.5L9.3 6.5v-4M5.2 9.7h5.6',
  book: 'M8 4.2C6.6 3.2 4.8 2.9 2.5 3v9c2.3-.1 4.1.2 5.5 1.2 1.4-1 3.2-1.3 5.5-1.2V3C11.2 2.9 9.4 3.2 8 4.2zM8 4.2v9',
  bolt: 'M9 1.8L3.8 9h3.7L7 14.2 12.2 7H8.5z',
  chart: 'M2.5 13.5h11M3 4h5M6 7h6M4.5 10h4.5',
  check: 'M3 8.5L6.5 12 13 4.5',
  chevron: 'M6 3.5L10.5 8 6 12.5',
  circle: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11z',
  close: 'M4 4l8 8M12 4l-8 8',
  code: 'M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5',
  compass: 'M8 2a6 6 0 100 12A6 6 0 008 2zM10.6 5.4L9.2 9.2 5.4 10.6 6.8 6.8z',
  copy: 'M5.5 5.5h7.5v8H5.5zM3 10.5v-8h7.5',
  diff: 'M8 2.5v6M5 5.5h6M5 12.5h6',
  edit: 'M10.5 3L13 5.5 5.5 13 2.5 13.5 3 10.5zM9 4.5L11.5 7',
  error: 'M8 2a6 6 0 100 12A6 6 0 008 2zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  eye: 'M1.5 8C3 5.2 5.3 3.8 8 3.8s5 1.4 6.5 4.2c-1.5 2.8-3.8 4.2-6.5 4.2S3 10.8 1.5 8zM8 6a2 2 0 100 4 2 2 0 000-4z',
  file: 'M3.5 2h6L12.5 5v9h-9zM9.5 2v3h3',
  info: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 7.3V11M8 5v.1',
  merge:
    'M4.5 5.5v5M4.5 5.5a1.6 1.6 0 100-3.2 1.6 1.6 0 000 3.2zM4.5 13.7a1.6 1.6 0 100-3.2 1.6 1.6 0 000 3.2zM11.5 9.6a1.6 1.6 0 100-3.2 1.6 1.6 0 000 3.2zM4.5 5.5C5 7.5 7 8 9.9 8',
  minus: 'M3 8h10',
  more: 'M3.5 8h.1M8 8h.1M12.5 8h.1',
  person: 'M8 8a2.7 2.7 0 100-5.4A2.7 2.7 0 008 8zM2.8 13.5c.5-2.4 2.5-3.7 5.2-3.7s4.7 1.3 5.2 3.7',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  play: 'M4.5 2.8v10.4L13 8z',
  question:
    'M8 2a6 6 0 100 12A6 6 0 008 2zM6.2 6.3C6.3 5.3 7 4.7 8 4.7s1.8.7 1.8 1.6c0 1.3-1.8 1.3-1.8 2.7M8 11v.1',
  quill: 'M13.5 2.5C8 3 4.5 6 4 11l-1.5 2.5M4 11c4 .5 7.5-2 9.5-8.5M5.5 8.5h4',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3L14 14',
  shield: 'M8 1.8l5 1.7v4c0 3.2-2 5.5-5 6.7-3-1.2-5-3.5-5-6.7v-4z',
  stop: 'M4 4h8v8H4z',
  team: 'M5 2.7a2.1 2.1 0 100 4.2 2.1 2.1 0 000-4.2zM11 2.7a2.1 2.1 0 100 4.2 2.1 2.1 0 000-4.2zM5 9.1a2.1 2.1 0 100 4.2 2.1 2.1 0 000-4.2zM11 9.1a2.1 2.1 0 100 4.2 2.1 2.1 0 000-4.2z',
  terminal: 'M2 3h12v10H2zM4.5 6L6.5 8l-2 2M8.5 10.3h3',
  trash: 'M3 4.5h10M6 4.5V2.8h4v1.7M4.3 4.5l.7 9h6l.7-9M6.7 7v4M9.3 7v4',
  commit: 'M1 8h4M11 8h4M8 5a3 3 0 100 6 3 3 0 000-6',
  undo: 'M6 3.5L2.8 6.7 6 9.9M2.8 6.7h6.4a3.5 3.5 0 010 7H6',
  warning: 'M8 2.3L14.3 13.5H1.7zM8 6.5v3.3M8 11.6v.1',
} as const;

export type IconName = keyof typeof PATHS;

const SOLID: readonly IconName[] = ['play', 'stop'];

/** An icon of the text's size and colour. */
export function Icon({ name, class: extra }: { name: IconName; class?: string }): VNode {
  const solid = SOLID.includes(name) ? ' icon-solid' : '';
  return (
    <svg class={`icon${solid} ${extra ?? ''}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** Something is going on. Stands still where the person wants less motion. */
export const Spinner = (): VNode => (
  <svg class="icon spinner" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <path class="spinner-track" d="M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11z" />
    <path d="M8 2.5A5.5 5.5 0 0113.5 8" />
  </svg>
);
