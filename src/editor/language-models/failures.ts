/** What went wrong with a model of the editor, in words that tell a person what to do. */
import { TryFailure } from '../../core/models/failure.ts';
import { PortError } from '../../core/ports.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { refused } from './consent.ts';

interface Place {
  readonly endpoint: Endpoint;
  readonly vendor: string;
}

const SAID_CHARS_MAX = 400;

const CONTEXT =
  /context[_ ](length|window|size)|maximum context|too many (input )?tokens|(prompt|message|request)[^.]* (is )?too (long|large)|exceeds? [^.]*token/i;
const QUOTA = /quota|billing|premium requests|upgrade|subscription|usage limit/i;
const RATE = /rate.?limit|too many requests|\b429\b|slow down/i;
const OFFLINE = /ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN|network|offline|fetch failed/i;

/**
 * The failure behind what `sendRequest` or its stream threw. Codes are those of `vscode.LanguageModelError`; whatever a provider throws by
 * itself comes as an error without one, or as `Unknown`, and only its words tell what it means.
 */
export function failureOf(error: unknown, place: Place): PortError {
  if (error instanceof PortError) return error;
  const said = wordsOf(error);
  switch (codeOf(error)) {
    case 'NoPermissions':
      return refused(place.endpoint, place);
    case 'Blocked':
      return blocked(place, said);
    case 'NotFound':
      return gone(place);
    default:
      return byWords(place, said, error);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

function wordsOf(error: unknown): string {
  const causes: string[] = [];
  for (let each = error; each instanceof Error && causes.length < 4; each = each.cause)
    if (!causes.includes(each.message)) causes.push(each.message);
  const text = (causes.length > 0 ? causes.join(': ') : String(error)).replace(/\s+/g, ' ').trim();
  return text.length > SAID_CHARS_MAX ? `${text.slice(0, SAID_CHARS_MAX)}…` : text;
}

const named = ({ endpoint }: Place) => endpoint.label ?? endpoint.model;
const because = (said: string) => (said === '' ? '.' : `: ${said}`);

const blocked = (place: Place, said: string) =>
  new TryFailure(
    'endpoint.rateLimited',
    `${named(place)} does not answer any more: its quota is used up, or Quartet is blocked from it${because(said)}`,
    {
      advice: `Look at the plan of your ${place.vendor} account, or choose another model with "Quartet: Configure Models".`,
    },
  );

const gone = (place: Place) =>
  new TryFailure('endpoint.unreachable', `${named(place)} is not there any more.`, {
    retryable: true,
    advice: 'The extension that supplies it may have been signed out, switched off or updated.',
  });

function byWords(place: Place, said: string, cause: unknown): TryFailure {
  if (CONTEXT.test(said))
    return new TryFailure(
      'endpoint.context',
      `${named(place)} cannot take so long a request${because(said)}`,
      {
        advice: 'Choose a model with a larger context window.',
        cause,
      },
    );
  if (QUOTA.test(said)) return blocked(place, said);
  if (RATE.test(said))
    return new TryFailure('endpoint.rateLimited', `${named(place)} asks for fewer requests${because(said)}`, {
      retryable: true,
      advice: 'Wait, or lower the concurrency.',
      cause,
    });
  if (OFFLINE.test(said))
    return new TryFailure('endpoint.unreachable', `${named(place)} cannot be reached${because(said)}`, {
      retryable: true,
      advice: 'Check the network.',
      cause,
    });
  return new TryFailure('endpoint.failed', `${named(place)} failed${because(said)}`, {
    retryable: true,
    advice: `The output panel of the extension that supplies it (${place.vendor}) may say more.`,
    cause,
  });
}
