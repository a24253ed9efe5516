/** Tools on the editor's language servers: `find_symbol`, `find_references`, `get_diagnostics`. They see the person's files, and say so. */
import * as z from 'zod';
import { confine } from '../policy/paths.ts';
import { protectedPath } from '../policy/protected.ts';
import type { CodePlace, Languages } from '../ports.ts';
import { defineTool, error, ok, type Observation, type ToolWorld } from './contract.ts';
import { readText } from './text-files.ts';

const PLACES_MAX = 100;
const COMPARED_MAX = 30;
const LINE_CHARS = 300;
const ABSENT = error(
  'There are no language servers here: this run goes on outside of the editor. Use search_text.',
);
const SEEN = 'From the editor, which sees the person’s files and not this working copy.';

const HIDDEN: ReadonlySet<string> = new Set(['secret', 'versions']);

/** Places that may be told: what is kept secret is not. */
const open = <T extends CodePlace>(places: readonly T[]): readonly T[] =>
  places.filter(
    ({ path }) =>
      path === undefined || (confine(path).ok && !HIDDEN.has(protectedPath(path)?.class ?? 'agents')),
  );

const textIn = async ({ files, place }: ToolWorld, path: string): Promise<string | undefined> => {
  const read = await readText(files, place.root, path);
  return read.kind === 'text' ? read.text : undefined;
};

const lineOf = (text: string | undefined, line: number): string | undefined =>
  text?.split(/\r?\n/u)[line - 1];

interface Told<T> {
  readonly places: readonly T[];
  readonly row: (place: T, text: string) => string;
}

/** Rows of places, with their lines, and which of their files read otherwise in the working copy. */
async function tell<T extends CodePlace>(
  { places, row }: Told<T>,
  world: ToolWorld,
  languages: Languages,
): Promise<Observation> {
  const shown = open(places).slice(0, PLACES_MAX);
  if (shown.length === 0) return ok(`Nothing found.\n${SEEN}`);
  const paths = [...new Set(shown.flatMap(({ path }) => path ?? []))];
  const texts = new Map<string, string | undefined>();
  const differing: string[] = [];
  for (const path of paths.slice(0, COMPARED_MAX)) {
    const [theirs, ours] = await Promise.all([languages.text(path), textIn(world, path)]);
    texts.set(path, theirs);
    if (theirs !== ours) differing.push(path);
  }
  const rows = shown.map((place) => {
    const text = place.path === undefined ? undefined : lineOf(texts.get(place.path), place.line);
    return row(place, (text ?? '').trim().slice(0, LINE_CHARS));
  });
  return ok([SEEN, ...noteOn(differing), ...rows, ...restOf(places.length - shown.length)].join('\n'));
}

const noteOn = (differing: readonly string[]): readonly string[] =>
  differing.length === 0
    ? []
    : [
        `These files read otherwise in your working copy, so lines may differ there: ${differing.join(', ')}.`,
      ];

const restOf = (left: number): readonly string[] => (left > 0 ? [`[${String(left)} more.]`] : []);

const at = ({ path, file, line, character }: CodePlace): string =>
  `${path ?? `(outside the workspace) ${file}`}:${String(line)}:${String(character)}`;

const findSymbol = defineTool({
  name: 'find_symbol',
  description:
    'Where functions, classes, types and variables of a name are declared, from the editor’s language servers.',
  args: z.object({ name: z.string().min(1).max(200) }),
  effect: 'read',
  needs: 'languages',
  title: ({ name }) => `Find the symbol ${name}`,
  subject: () => ({}),
  run: async ({ name }, world, { signal }) => {
    const { languages } = world;
    if (!languages) return ABSENT;
    const places = await languages.symbols(name, signal);
    return tell(
      { places, row: (place, text) => `${at(place)}: ${place.kind} ${place.name}: ${text}` },
      world,
      languages,
    );
  },
});

const findReferences = defineTool({
  name: 'find_references',
  description:
    'Where the symbol at a place (line and character from 1) is used, from the editor’s language servers.',
  args: z.object({
    path: z.string().min(1).max(1000),
    line: z.number().int().min(1),
    character: z.number().int().min(1),
  }),
  effect: 'read',
  needs: 'languages',
  title: ({ path, line }) => `Find references of ${path}:${String(line)}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path, line, character }, world, { signal }) => {
    const { languages } = world;
    if (!languages) return ABSENT;
    const [theirs, ours] = await Promise.all([languages.text(path), textIn(world, path)]);
    const theirLine = sameLine(theirs, ours, line);
    if (theirLine === undefined)
      return error(
        `Line ${String(line)} of ${path} does not stand in the person’s file, which the editor sees. Use search_text.`,
      );
    const places = await languages.references({ path, line: theirLine, character }, signal);
    return tell({ places, row: (place, text) => `${at(place)}: ${text}` }, world, languages);
  },
});

/** The number that a line of the working copy has in the person's file: the same, or where the same text stands once. */
export function sameLine(
  theirs: string | undefined,
  ours: string | undefined,
  line: number,
): number | undefined {
  const wanted = lineOf(ours, line);
  if (theirs === undefined || wanted === undefined) return undefined;
  const lines = theirs.split(/\r?\n/u);
  if (lines[line - 1] === wanted) return line;
  const found = lines.indexOf(wanted);
  return found >= 0 && found === lines.lastIndexOf(wanted) && wanted.trim() !== '' ? found + 1 : undefined;
}

const getDiagnostics = defineTool({
  name: 'get_diagnostics',
  description: 'Errors and warnings that the editor shows, of one file or of all.',
  args: z.object({ path: z.string().min(1).max(1000).optional() }),
  effect: 'read',
  needs: 'languages',
  title: ({ path }) => `Problems of ${path ?? 'the workspace'}`,
  subject: ({ path }) => ({ paths: path === undefined ? [] : [path] }),
  run: async ({ path }, world, { signal }) => {
    const { languages } = world;
    if (!languages) return ABSENT;
    const places = await languages.diagnostics(path, signal);
    const row = (place: (typeof places)[number]): string =>
      `${at(place)}: ${place.severity}: ${place.message.slice(0, LINE_CHARS)}${place.source === '' ? '' : ` (${place.source})`}`;
    return tell({ places, row }, world, languages);
  },
});

export const LANGUAGE_TOOLS = [findSymbol, findReferences, getDiagnostics];
