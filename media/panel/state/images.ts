/** Images that a person pastes or drops: what may be shown with a goal, and why another may not. */
import { IMAGE_BYTES_MAX, imageMimeOf, IMAGES_MAX } from '../../../src/protocol/image-bytes.ts';
import type { GoalImage } from '../../../src/protocol/images.ts';
import { t } from '../texts.ts';

export interface Taken {
  readonly images: readonly GoalImage[];
  /** Why some were not taken, in words. */
  readonly problem: string | undefined;
}

/** The images with those files added that fit. */
export async function takeImages(had: readonly GoalImage[], files: readonly File[]): Promise<Taken> {
  let images = had;
  let problem: string | undefined;
  for (const file of files) {
    if (images.length >= IMAGES_MAX) return { images, problem: t('At most {0} images.', IMAGES_MAX) };
    if (file.size > IMAGE_BYTES_MAX) {
      problem = t('{0} is larger than {1} MB.', file.name, IMAGE_BYTES_MAX / 1_000_000);
      continue;
    }
    const base64 = await base64Of(file);
    const mime = imageMimeOf(base64);
    if (mime === undefined) problem = t('{0} is no PNG, JPEG, WebP or GIF.', file.name);
    else images = [...images, { name: file.name.slice(0, 200) || 'image', mime, base64 }];
  }
  return { images, problem };
}

/** The address that the browser makes of a file, without what stands before its bytes. */
function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const address = typeof reader.result === 'string' ? reader.result : '';
      resolve(address.slice(address.indexOf(',') + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error('unreadable'));
    reader.readAsDataURL(file);
  });
}
