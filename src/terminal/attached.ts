/** Files that a person attaches on the command line: images are shown, texts are told. */
import * as fs from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { whyAsked } from '../core/run/attached.ts';
import { ATTACHED_BYTES_MAX, ATTACHED_MAX, textOfBytes } from '../protocol/attached-text.ts';
import type { GoalFile } from '../protocol/attached.ts';
import { IMAGE_BYTES_MAX, imageMimeOf, IMAGES_MAX } from '../protocol/image-bytes.ts';
import type { GoalImage } from '../protocol/images.ts';
import type { Policy } from '../protocol/policy.ts';
import type { Console } from './session.ts';
import { UsageError } from './usage-error.ts';

export interface Given {
  readonly images: readonly GoalImage[];
  readonly files: readonly GoalFile[];
}

interface Asking {
  readonly policy: Policy;
  readonly console: Pick<Console, 'ask'>;
}

/**
 * Reads what `--image` and `--attach` name, in order. A person at the terminal is asked about what the policy asks about. Errors:
 * `UsageError` where one cannot be read, is neither image nor text, is too large, or may not be told.
 */
export async function readGiven(
  { images, attach }: { readonly images: readonly string[]; readonly attach: readonly string[] },
  asking: Asking,
): Promise<Given> {
  const shown = await Promise.all(images.map((file) => readImage(file)));
  const files: GoalFile[] = [];
  for (const file of attach) {
    const image = await imageIn(file);
    if (image) shown.push(image);
    else files.push(await readText(file, asking));
  }
  if (shown.length > IMAGES_MAX) throw new UsageError(`A goal takes at most ${IMAGES_MAX} images.`);
  if (files.length > ATTACHED_MAX) throw new UsageError(`A goal takes at most ${ATTACHED_MAX} text files.`);
  return { images: shown, files };
}

async function readImage(file: string): Promise<GoalImage> {
  const image = await imageIn(file);
  if (image === undefined) throw new UsageError(`${resolve(file)} is no PNG, JPEG, WebP or GIF.`);
  return image;
}

/** First bytes that tell an image. */
const HEAD_BYTES = 24;

async function imageIn(file: string): Promise<GoalImage | undefined> {
  const path = resolve(file);
  const size = await sizeOf(path);
  const handle = await fs.open(path);
  const head = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0).finally(() => handle.close());
  const mime = imageMimeOf(head.buffer.subarray(0, head.bytesRead).toString('base64'));
  if (mime === undefined) return undefined;
  if (size > IMAGE_BYTES_MAX)
    throw new UsageError(`${path} is larger than ${IMAGE_BYTES_MAX / 1_000_000} MB. Make it smaller.`);
  const base64 = (await fs.readFile(path)).toString('base64');
  return { name: nameOf(path), mime, base64 };
}

async function readText(file: string, asking: Asking): Promise<GoalFile> {
  const path = resolve(file);
  if ((await sizeOf(path)) > ATTACHED_BYTES_MAX)
    throw new UsageError(
      `${path} is larger than ${ATTACHED_BYTES_MAX / 1000} KB. Attach what matters of it, or name it in the goal if it is in the project.`,
    );
  const text = textOfBytes(await fs.readFile(path));
  if (text === undefined)
    throw new UsageError(`${path} is neither a text nor a PNG, JPEG, WebP or GIF: it cannot be attached.`);
  return { name: nameOf(path), text, ...(await allowed(nameOf(path), asking)) };
}

/** What the policy asks about is told to models only where the person says so. */
async function allowed(name: string, { policy, console }: Asking): Promise<{ readonly allowed?: true }> {
  const asked = whyAsked(name, policy);
  if (asked === undefined) return {};
  if (asked.isForbidden) throw new UsageError(`${name} is not attached: ${asked.why}.`);
  if (console.ask === undefined)
    throw new UsageError(
      `${name} is not attached: ${asked.why}, and nobody is here to be asked. Attach what matters of it under another name.`,
    );
  const question = `${asked.why}.\nTell it to the models of this run all the same? What looks like a secret is left out. (y/N) `;
  const answer = await console.ask(question, new AbortController().signal);
  if (!/^y(es)?$/iu.test(answer.trim())) throw new UsageError(`${name} is not attached.`);
  return { allowed: true };
}

async function sizeOf(path: string): Promise<number> {
  const stat = await fs.stat(path).catch(() => undefined);
  if (stat?.isDirectory())
    throw new UsageError(`${path} is a folder. Name it in the goal if it is in the project.`);
  if (!stat?.isFile()) throw new UsageError(`There is no file ${path}.`);
  return stat.size;
}

const nameOf = (path: string): string => basename(path).slice(0, 200);
