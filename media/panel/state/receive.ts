/** What the panel holds and how each message of the editor changes it. Pure; messages may come in any order. */
import { changed, isDifference } from '../../../src/protocol/difference.ts';
import type { PanelContext, PanelUpdate, PlanCheck, ReviewTally } from '../../../src/protocol/panel.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { withItems } from './feed.ts';
import { keep } from './keep.ts';
import { NOTHING_LIVE, settle, takeTests, type Live } from './live.ts';

/** Everything that came from the editor. */
export interface Held {
  readonly context: PanelContext | undefined;
  /** `undefined`: nothing has arrived yet. `null`: no run is open. */
  readonly view: RunView | null | undefined;
  /** False where another window or the terminal works on the run. */
  readonly owned: boolean;
  readonly live: Live;
  /** The number of what is held, as the editor counts. */
  readonly at: number;
  /** A delta did not fit what is held: a snapshot must be asked for, and deltas are dropped until it comes. */
  readonly gap: boolean;
  readonly error: string | undefined;
  /** Pictures of the open run by the `id` of their call, as `data:` addresses; `null`: there is none. The last few. */
  readonly pictures: ReadonlyMap<number, string | null>;
  /** How far the person is with the review of the open run; `null`: none waits. */
  readonly tally: ReviewTally | null;
  readonly mentions: Pick<Update<'mention.found'>, 'token' | 'found'> | undefined;
  readonly checked: (PlanCheck & { readonly token: number }) | undefined;
}

export const EMPTY: Held = {
  context: undefined,
  view: undefined,
  owned: true,
  live: NOTHING_LIVE,
  at: 0,
  gap: false,
  error: undefined,
  pictures: new Map(),
  tally: null,
  mentions: undefined,
  checked: undefined,
};

type Update<T extends PanelUpdate['type']> = Extract<PanelUpdate, { type: T }>;

/** What is held after `update`. Streamed text is not taken here: it is collected per frame (`appendPieces`). */
export function receive(
  held: Held,
  update: Exclude<PanelUpdate, { type: 'stream' | 'show' | 'given' }>,
): Held {
  switch (update.type) {
    case 'context':
      return { ...held, context: keep(held.context, update.context) };
    case 'snapshot':
      return receiveSnapshot(held, update);
    case 'delta':
      return receiveDelta(held, update);
    case 'tests':
      return held.view?.id === update.run
        ? { ...held, live: takeTests(held.live, update.key, update.progress) }
        : held;
    case 'picture':
      return receivePicture(held, update);
    case 'reviewed':
      return held.view?.id === update.run ? { ...held, tally: keep(held.tally, update.tally) } : held;
    case 'plan.checked':
      return { ...held, checked: checkedBy(update) };
    case 'mention.found':
      return { ...held, mentions: { token: update.token, found: update.found } };
    case 'error':
      return { ...held, error: update.text };
  }
}

/** Pictures that are held at once; one that is opened again is asked for again. */
const PICTURES_MAX = 6;

function receivePicture(held: Held, { run, call, data }: Update<'picture'>): Held {
  if (held.view?.id !== run) return held;
  const others = [...held.pictures].filter(([id]) => id !== call).slice(1 - PICTURES_MAX);
  return { ...held, pictures: new Map([...others, [call, data]]) };
}

function receiveSnapshot(held: Held, { at, view, owned }: Update<'snapshot'>): Held {
  if (view === null)
    return {
      ...held,
      view: null,
      owned,
      at,
      live: NOTHING_LIVE,
      gap: false,
      pictures: EMPTY.pictures,
      tally: null,
    };
  const same = held.view?.id === view.id;
  return {
    ...held,
    view: same ? keep(held.view, view) : view,
    owned,
    at,
    pictures: same ? held.pictures : EMPTY.pictures,
    tally: same ? held.tally : null,
    live: settle(same ? held.live : NOTHING_LIVE, view),
    gap: false,
  };
}

function receiveDelta(held: Held, { run, from, at, by, feed }: Update<'delta'>): Held {
  if (held.view?.id !== run || held.gap) return held;
  // What a newer snapshot overtook tells nothing new.
  if (from < held.at) return held;
  const view = by ? changed(held.view, by) : held.view;
  const whole = withItems(held.view.feed, feed);
  if (from > held.at || !looksLikeView(view) || !whole) return { ...held, gap: true };
  return { ...held, at, view: { ...view, feed: whole }, live: settle(held.live, view) };
}

const KINDS: readonly string[] = [
  'context',
  'snapshot',
  'delta',
  'stream',
  'show',
  'tests',
  'picture',
  'reviewed',
  'plan.checked',
  'mention.found',
  'given',
  'error',
] satisfies readonly PanelUpdate['type'][];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const looksLikeView = (value: unknown): value is RunView =>
  isRecord(value) &&
  ['tasks', 'needs', 'active', 'agents', 'feed'].every((name) => Array.isArray(value[name]));

const isDelta = ({ run, from, at, by, feed }: Readonly<Record<string, unknown>>): boolean =>
  typeof run === 'string' &&
  typeof from === 'number' &&
  typeof at === 'number' &&
  (by === undefined || isDifference(by)) &&
  Array.isArray(feed) &&
  feed.every(isPlaced);

const isPlaced = (value: unknown): boolean =>
  Array.isArray(value) && Number.isInteger(value[0]) && value[0] >= 0 && isRecord(value[1]);

/** A picture is shown from its own bytes only, never from elsewhere. */
const isPicture = ({ run, call, data }: Readonly<Record<string, unknown>>): boolean =>
  typeof run === 'string' &&
  typeof call === 'number' &&
  (data === null || (typeof data === 'string' && /^data:image\/(png|jpeg|webp|gif);base64,/u.test(data)));

const isPlace = ({ run, place }: Readonly<Record<string, unknown>>): boolean =>
  typeof run === 'string' &&
  (place === 'plan' || place === 'search' || (isRecord(place) && typeof place['need'] === 'string'));

const isProgress = ({ run, key, progress }: Readonly<Record<string, unknown>>): boolean =>
  typeof run === 'string' &&
  typeof key === 'string' &&
  isRecord(progress) &&
  ['done', 'failed'].every((name) => typeof progress[name] === 'number');

const isTally = ({ run, tally }: Readonly<Record<string, unknown>>): boolean =>
  typeof run === 'string' &&
  (tally === null ||
    (isRecord(tally) &&
      typeof tally['differs'] === 'boolean' &&
      ['decided', 'all', 'forTeam'].every((name) => typeof tally[name] === 'number')));

/** Whether a message has the shape of an update. What has not (another version's, a stray of the host) is dropped. */
export function isUpdate(message: unknown): message is PanelUpdate {
  if (!isRecord(message) || typeof message['type'] !== 'string' || !KINDS.includes(message['type']))
    return false;
  const { type, view } = message;
  if (type === 'context') return isRecord(message['context']) && Array.isArray(message['context']['runs']);
  if (type === 'snapshot') return typeof message['at'] === 'number' && (view === null || looksLikeView(view));
  if (type === 'delta') return isDelta(message);
  if (type === 'show') return isPlace(message);
  if (type === 'tests') return isProgress(message);
  if (type === 'picture') return isPicture(message);
  if (type === 'reviewed') return isTally(message);
  if (type === 'given') return ['images', 'files', 'mentions'].every((name) => Array.isArray(message[name]));
  if (type === 'mention.found') return Array.isArray(message['found']);
  if (type === 'plan.checked') return Array.isArray(message['problems']);
  return typeof message['text'] === 'string';
}

function checkedBy({ type: _type, ...check }: Update<'plan.checked'>): Held['checked'] {
  return check;
}
