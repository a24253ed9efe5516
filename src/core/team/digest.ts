/** Turns that no longer fit, told in a few lines: what must not be forgotten first, and of each kind the latest first. */
import { TOOLS } from '../tools/catalogue.ts';
import { clip } from '../tools/contract.ts';
import type { Said } from './said.ts';
import { shortArguments } from './shorten.ts';

type Observed = Said & { readonly kind: 'observation' };

/** Last edits that are told with what they wrote. */
const EDITS_TOLD = 3;
const EDIT_CHARS = 600;
const LINE_CHARS = 160;
const LINES_MAX = 40;
const FAILURE_CHARS = 1200;
const THOUGHT_CHARS = 400;

/** A section, and the share of what is left that it may take. */
interface Section {
  readonly title: string;
  readonly text: string;
  readonly share: number;
}

/** At most `chars` characters about these turns. */
export function digestOf(dropped: readonly Said[], chars: number): string {
  const turns = dropped.map(({ turn }) => turn);
  const head = `[Turns ${Math.min(...turns)} to ${Math.max(...turns)} were taken out to save room. What they did, from the record. Read files again where you need their text.]`;
  return [head, ...partsOf(dropped, chars - head.length)].join('\n\n');
}

/** What an agent did, for whoever goes on with its task; "" where it did nothing. */
export function accountOf(said: readonly Said[], chars: number): string {
  return partsOf(
    said.filter(({ turn }) => turn > 0),
    chars,
  ).join('\n\n');
}

function partsOf(dropped: readonly Said[], chars: number): readonly string[] {
  let left = chars;
  const parts: string[] = [];
  for (const { title, text, share } of sectionsOf(dropped)) {
    const room = Math.floor(left * share) - title.length - 4;
    if (text === '' || room < LINE_CHARS / 4) continue;
    const part = `${title}:\n${clipTo(text, room)}`;
    parts.push(part);
    left -= part.length + 2;
  }
  return parts;
}

/** Words that `clip` puts between head and end. */
const CLIP_WORDS = 48;

/** In little room the beginning says most. */
function clipTo(text: string, chars: number): string {
  if (text.length <= chars) return text;
  return chars < 8 * CLIP_WORDS ? `${text.slice(0, chars - 1)}…` : clip(text, chars - CLIP_WORDS);
}

function sectionsOf(dropped: readonly Said[]): readonly Section[] {
  const observed = dropped.filter((said): said is Observed => said.kind === 'observation');
  return [
    { title: 'What you were last told to do', text: lastRound(dropped), share: 0.6 },
    { title: 'Messages to you', text: heardIn(dropped), share: 0.4 },
    { title: 'Files changed', text: pathsOf(observed, 'edit'), share: 0.4 },
    { title: 'Last failing run', text: lastFailure(observed), share: 0.4 },
    { title: 'Your last edits', text: lastEdits(observed), share: 0.6 },
    { title: 'Files read', text: pathsOf(observed, 'read'), share: 0.3 },
    { title: 'Commands', text: commandsIn(observed), share: 0.5 },
    { title: 'What you said last', text: lastWords(dropped), share: 0.6 },
    { title: 'Earlier rounds', text: earlierRounds(dropped), share: 0.9 },
  ];
}

const roundsIn = (dropped: readonly Said[]): readonly string[] =>
  dropped.flatMap(({ kind, message }) => (kind === 'round' ? [message.content] : []));

const lastRound = (dropped: readonly Said[]): string => roundsIn(dropped).at(-1) ?? '';

const earlierRounds = (dropped: readonly Said[]): string =>
  lines(
    roundsIn(dropped)
      .slice(0, -1)
      .map((text) => text.replaceAll(/\s+/g, ' ')),
  );

const heardIn = (dropped: readonly Said[]): string =>
  dropped
    .flatMap(({ kind, message }) => (kind === 'heard' ? [message.content] : []))
    .reverse()
    .join('\n');

const lastWords = (dropped: readonly Said[]): string =>
  clip(
    dropped.findLast(({ kind, message }) => kind === 'reply' && message.content.trim() !== '')?.message
      .content ?? '',
    THOUGHT_CHARS,
  );

const effectOf = ({ tool }: Observed): string => TOOLS.get(tool)?.effect ?? '';

const lastEdits = (observed: readonly Observed[]): string =>
  observed
    .filter((each) => each.state === 'ok' && effectOf(each) === 'edit')
    .slice(-EDITS_TOLD)
    .reverse()
    .map((each) => `${each.tool} ${shortArguments({ arguments: each.args }, EDIT_CHARS)}`)
    .join('\n');

/** The last run of commands or tests, where it failed. */
function lastFailure(observed: readonly Observed[]): string {
  const last = observed.findLast((each) => effectOf(each) === 'command');
  if (last?.state !== 'error') return '';
  return `${titleOf(last)}\n${clip(last.message.content, FAILURE_CHARS)}`;
}

function pathsOf(observed: readonly Observed[], effect: 'read' | 'edit'): string {
  const calls = observed.filter((each) => each.state === 'ok' && effectOf(each) === effect);
  return lines([...new Set(calls.map(titleOf).reverse())].reverse());
}

const commandsIn = (observed: readonly Observed[]): string =>
  lines(
    observed.flatMap((each) => (effectOf(each) === 'command' ? [`${titleOf(each)}: ${each.state}`] : [])),
  );

/** A call as people see it. */
function titleOf({ tool, args }: Observed): string {
  try {
    const known = TOOLS.get(tool);
    return known ? known.title(known.args.parse(JSON.parse(args))) : tool;
  } catch {
    return `${tool} ${args}`;
  }
}

/** The last lines, the very last first, each cut; the earlier ones are counted. */
function lines(all: readonly string[]): string {
  const told = all
    .slice(-LINES_MAX)
    .reverse()
    .map((line) => `- ${line.slice(0, LINE_CHARS)}`);
  const more = all.length - told.length;
  return (more > 0 ? [...told, `- ${more} more before`] : told).join('\n');
}
