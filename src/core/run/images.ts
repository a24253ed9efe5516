/** The images of a goal: checked when a run starts, kept as blobs beside its journal. */
import { base64Bytes, IMAGE_BYTES_MAX, imageMimeOf, IMAGES_MAX } from '../../protocol/image-bytes.ts';
import { GoalImage, type ImageRef } from '../../protocol/images.ts';
import { PortError, type Hasher } from '../ports.ts';

export interface KeptImages {
  readonly refs: readonly ImageRef[];
  /** Blobs by SHA-256. */
  readonly blobs: ReadonlyMap<string, string>;
}

/** What to keep of the images. Errors: `images.invalid`, naming the image and what to do. */
export function keepImages(images: readonly GoalImage[], hasher: Hasher): KeptImages {
  if (images.length > IMAGES_MAX)
    throw invalid(`A goal takes at most ${IMAGES_MAX} images, and these are ${images.length}.`);
  const blobs = new Map<string, string>();
  const refs = images.map((image) => {
    const { name, base64 } = checked(image);
    const mime = imageMimeOf(base64);
    if (mime === undefined) throw invalid(`${name} is no PNG, JPEG, WebP or GIF.`);
    const text = JSON.stringify(base64);
    const blob = hasher.sha256(text);
    blobs.set(blob, text);
    return { name, mime, bytes: base64Bytes(base64), blob };
  });
  return { refs, blobs };
}

function checked(image: GoalImage): GoalImage {
  if (base64Bytes(image.base64) > IMAGE_BYTES_MAX)
    throw invalid(
      `${image.name} is larger than ${IMAGE_BYTES_MAX / 1_000_000} MB.`,
      'Make it smaller, or cut out what matters.',
    );
  const read = GoalImage.safeParse(image);
  if (read.success) return read.data;
  throw invalid(`${image.name} cannot be read: ${read.error.issues[0]?.message ?? 'it does not fit'}.`);
}

const invalid = (message: string, advice = 'Give other images, or none.'): PortError =>
  new PortError('images.invalid', message, { advice });
