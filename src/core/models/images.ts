/** Images in requests: with whom they go, and what is said where they cannot be seen. */
import type { ChatMessage, ModelRequest } from './contract.ts';

/**
 * Most tokens that an image is counted as anywhere, for the worst case: the dearest known model takes 48,169 for the largest image
 * (2,833 and 5,667 for each of 8 tiles).
 */
export const IMAGE_TOKENS_MAX = 48_200;
/** What an image usually takes, for estimates. */
export const IMAGE_TOKENS = 1_500;

type WithMessages = Pick<ModelRequest, 'messages'>;

/** How many images a request shows. */
export const imagesIn = ({ messages }: WithMessages): number =>
  messages.reduce((sum, message) => sum + (message.role === 'user' ? (message.images?.length ?? 0) : 0), 0);

/** The request with names in place of images, for a model that does not see. */
export function withoutImages<R extends WithMessages>(request: R): R {
  return { ...request, messages: request.messages.map(blind) };
}

function blind(message: ChatMessage): ChatMessage {
  if (message.role !== 'user' || message.images === undefined) return message;
  const { images, ...rest } = message;
  const names = images.map(({ name }) => `"${name}"`).join(', ');
  return { ...rest, content: `${message.content}\n\n[Images that you cannot see: ${names}]` };
}
