/** The images of a goal on their way to a model, and what is said where it does not see them. */
import type { Actor } from '../../protocol/events.ts';
import type { ChatMessage } from '../models/contract.ts';
import type { Steps } from '../ports.ts';

/** Bytes of an image of the goal, as base64, by its blob. Called inside a step. Errors: `blob.missing`, `blob.damaged`. */
export type ReadImage = (blob: string) => Promise<string>;

/** A message as the step's digest knows it: an exported run has no images and is replayed all the same. */
export const unillustrated = (message: ChatMessage): ChatMessage =>
  message.role === 'user' ? { role: 'user', content: message.content } : message;

/** Messages with the bytes of their images: read inside the step, and nowhere else held. */
export const illustrated = (
  messages: readonly ChatMessage[],
  read: ReadImage,
): Promise<readonly ChatMessage[]> =>
  Promise.all(
    messages.map(async (message) => {
      if (message.role !== 'user' || message.images === undefined) return message;
      const images = await Promise.all(
        message.images.map(async (image) => ({ ...image, base64: await read(image.blob) })),
      );
      return { ...message, images };
    }),
  );

interface Unseen {
  /** Where the agent's keys begin. */
  readonly key: string;
  readonly who: Actor;
  readonly endpoint: string;
  readonly why: string;
}

/** Says that the person gave images that nobody looks at; once for each agent and endpoint, which `told` remembers. */
export function sayUnseen(steps: Steps, told: Set<string>, { key, who, endpoint, why }: Unseen): void {
  if (told.has(endpoint)) return;
  told.add(endpoint);
  const message = `The images of the goal were not shown to ${who.role}: ${why}. It goes on without them.`;
  steps.record({
    type: 'alert.raised',
    key: `${key}/images/${endpoint}`,
    data: { code: 'images.unseen', message, who },
  });
}
