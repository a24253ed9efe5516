/** Ids that sort by time of making, also within one millisecond and when the clock steps back. */
import { randomInt } from 'node:crypto';
import type { Ids } from '../core/ports.ts';

/** 36^9 milliseconds last until the year 5188. */
const TIME_CHARS = 9;
const RANDOM_CHARS = 8;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';

export function createNodeIds(now: () => number = Date.now): Ids {
  let last = 0;
  return {
    next: (prefix) => {
      last = Math.max(last + 1, now());
      const random = Array.from({ length: RANDOM_CHARS }, () => ALPHABET.charAt(randomInt(36))).join('');
      return `${prefix}-${last.toString(36).padStart(TIME_CHARS, '0')}-${random}`;
    },
  };
}
