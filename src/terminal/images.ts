/** Images that a person names on the command line. */
import * as fs from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { IMAGE_BYTES_MAX, imageMimeOf } from '../protocol/image-bytes.ts';
import type { GoalImage } from '../protocol/images.ts';
import { UsageError } from './usage-error.ts';

/** Reads the files. Errors: `UsageError` where one cannot be read or is no image that may be sent. */
export function readImages(files: readonly string[]): Promise<readonly GoalImage[]> {
  return Promise.all(files.map(readImage));
}

async function readImage(file: string): Promise<GoalImage> {
  const path = resolve(file);
  const stat = await fs.stat(path).catch(() => undefined);
  if (!stat?.isFile()) throw new UsageError(`There is no image ${path}.`);
  if (stat.size > IMAGE_BYTES_MAX)
    throw new UsageError(`${path} is larger than ${IMAGE_BYTES_MAX / 1_000_000} MB. Make it smaller.`);
  const base64 = (await fs.readFile(path)).toString('base64');
  const mime = imageMimeOf(base64);
  if (mime === undefined) throw new UsageError(`${path} is no PNG, JPEG, WebP or GIF.`);
  return { name: basename(path).slice(0, 200), mime, base64 };
}
