/** What a person gives with a goal by pasting or dropping it: images are shown, texts told, files of the project named in the text. */
import { ATTACHED_BYTES_MAX, ATTACHED_MAX, textOfBytes } from '../../../src/protocol/attached-text.ts';
import type { GoalFile } from '../../../src/protocol/attached.ts';
import { IMAGE_BYTES_MAX, imageMimeOf, IMAGES_MAX } from '../../../src/protocol/image-bytes.ts';
import type { GoalImage } from '../../../src/protocol/images.ts';
import { t } from '../texts.ts';

export interface Given {
  readonly images: readonly GoalImage[];
  readonly files: readonly GoalFile[];
}

export const NOTHING: Given = { images: [], files: [] };

export interface Taken {
  readonly given: Given;
  /** Why some were not taken, in words. */
  readonly problem: string | undefined;
}

/** What was given with those files added that fit. */
export async function takeFiles(had: Given, files: readonly File[]): Promise<Taken> {
  let given = had;
  let problem: string | undefined;
  for (const file of files) {
    const taken = await takeOne(given, file).catch(() => t('{0} cannot be read.', file.name));
    if (typeof taken === 'string') problem = taken;
    else given = taken;
  }
  return { given, problem };
}

/** A string says why the file is not taken. */
async function takeOne(given: Given, file: File): Promise<Given | string> {
  const isImage = file.type.startsWith('image/') && file.type !== 'image/svg+xml';
  if (isImage && given.images.length >= IMAGES_MAX) return t('At most {0} images.', IMAGES_MAX);
  if (isImage && file.size > IMAGE_BYTES_MAX)
    return t('{0} is larger than {1} MB.', file.name, IMAGE_BYTES_MAX / 1_000_000);
  return isImage ? takeImage(given, file) : takeText(given, file);
}

async function takeImage({ images, files }: Given, file: File): Promise<Given | string> {
  const base64 = await base64Of(file);
  const mime = imageMimeOf(base64);
  if (mime === undefined) return t('{0} is no PNG, JPEG, WebP or GIF.', file.name);
  return { files, images: [...images, { name: nameOf(file, 'image'), mime, base64 }] };
}

async function takeText({ images, files }: Given, file: File): Promise<Given | string> {
  if (files.length >= ATTACHED_MAX) return t('At most {0} files beside images.', ATTACHED_MAX);
  if (file.size > ATTACHED_BYTES_MAX)
    return t(
      '{0} is larger than {1} KB. Put it into the project and name it with #, or attach what matters of it.',
      file.name,
      ATTACHED_BYTES_MAX / 1000,
    );
  const text = textOfBytes(new Uint8Array(await file.arrayBuffer()));
  if (text === undefined) return t('{0} is neither a text nor a PNG, JPEG, WebP or GIF.', file.name);
  return { images, files: [...files, { name: nameOf(file, 'text'), text }] };
}

const nameOf = ({ name }: File, unnamed: string): string =>
  name.replace(/[/\\]/g, '_').slice(0, 200) || unnamed;

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

/** How the editor's own trees, and others, name what is dragged out of them, best first. */
const URI_LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];

/** Most places that are looked at of one drop. */
const PLACES_MAX = 20;

/** Addresses of files that are dropped; none where it is something else. */
export function urisIn(data: Pick<DataTransfer, 'getData'>): readonly string[] {
  const list = URI_LISTS.map((type) => data.getData(type)).find((text) => text !== '') ?? '';
  return list
    .split(/\r?\n/)
    .filter((line) => /^(?:file|vscode-remote):/.test(line))
    .slice(0, PLACES_MAX);
}

/** Whether what is dragged over the box may be dropped there. */
export const isDroppable = ({ types }: Pick<DataTransfer, 'types'>): boolean =>
  ['Files', ...URI_LISTS].some((type) => types.includes(type));
