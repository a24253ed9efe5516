/** Small images as files of their kinds begin: a dot, and only beginnings where more is not looked at. */
import type { GoalImage } from '../../src/protocol/images.ts';

/** A whole PNG of one pixel. */
export const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export const picture = (more: Partial<GoalImage> = {}): GoalImage => ({
  name: 'screen.png',
  mime: 'image/png',
  base64: PNG,
  ...more,
});

export const beginning = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('base64');
