/** Images that a person gives with a goal. */
import * as z from 'zod';
import { IMAGE_BYTES_MAX, IMAGE_MIMES, IMAGES_MAX } from './image-bytes.ts';

const BASE64_CHARS_MAX = Math.ceil(IMAGE_BYTES_MAX / 3) * 4;

/** An image as it comes from a person. What it is, is looked up in its bytes; `mime` is what they said. */
export const GoalImage = z.object({
  name: z.string().min(1).max(200),
  mime: z.enum(IMAGE_MIMES),
  base64: z.base64().min(1).max(BASE64_CHARS_MAX),
});
export type GoalImage = z.infer<typeof GoalImage>;

export const GoalImages = z.array(GoalImage).max(IMAGES_MAX);

/** An image as a journal names it: its bytes, as base64 in a JSON string, lie in the blob beside the journal. */
export const ImageRef = z.object({
  name: z.string(),
  mime: z.enum(IMAGE_MIMES),
  bytes: z.number().int(),
  /** SHA-256 of the blob. */
  blob: z.string(),
});
export type ImageRef = z.infer<typeof ImageRef>;
