/** What an image is by its bytes, and how many may be sent. Needs nothing, so that the panel's page stays small. */
export const IMAGE_MIMES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'] as const;
export type ImageMime = (typeof IMAGE_MIMES)[number];

/** Most images of one goal. */
export const IMAGES_MAX = 4;
/** Largest image, in bytes: the smallest limit among the common endpoints, of base64, is 5 MB. */
export const IMAGE_BYTES_MAX = 3_500_000;

/** First bytes of what may be sent, as text of one character a byte; `.` is any byte. */
const MAGIC: readonly (readonly [ImageMime, RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
];

/** What an image is by its first bytes; `undefined` where it is none that may be sent. */
export function imageMimeOf(base64: string): ImageMime | undefined {
  const head = atob(base64.slice(0, 24));
  return MAGIC.find(([, magic]) => magic.test(head))?.[0];
}

/** Bytes that a text of base64 stands for. */
export const base64Bytes = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (/=*$/.exec(base64)?.[0].length ?? 0);
