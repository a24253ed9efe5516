/** Search by ripgrep where there is one, else by a slow walk that gives the same answers. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { PortError, type Log, type Search, type TextHit, type TextQuery } from '../core/ports.ts';
import {
  comparePaths,
  folderPrefix,
  globMatcher,
  HIT_CHARS_MAX,
  lineMatcher,
  matchingLines,
  SEARCHED_BYTES_MAX,
} from './lines.ts';
import { findRipgrep, runRipgrep, type Ripgrep } from './ripgrep.ts';
import { walk } from './walk.ts';

export interface NodeSearchOptions {
  readonly log: Log;
  /** Where ripgrep may be, most wanted first. */
  readonly ripgrep?: readonly string[];
  /** `false`: the walk is used whatever there is. */
  readonly program?: boolean;
}

type FilesQuery = Parameters<Search['files']>[1];
type FilesAnswer = Awaited<ReturnType<Search['files']>>;
type TextAnswer = Awaited<ReturnType<Search['text']>>;

export function createNodeSearch({ log, ripgrep = [], program = true }: NodeSearchOptions): Search {
  let finding: Promise<Ripgrep | undefined> | undefined;
  const find = () =>
    (finding ??= (program ? findRipgrep(ripgrep) : Promise.resolve(undefined)).then((rg) => {
      if (program)
        log.info(rg ? `search: ${rg.path}` : 'search: ripgrep was not found, a slower search is used');
      return rg;
    }));
  return {
    files: async (root, query, signal) => {
      const rg = await find();
      return listFiles(rg ? filesByRipgrep(rg, root, signal) : collect(walk(root, signal)), query);
    },
    text: async (root, query, signal) => {
      const rg = await find();
      return rg ? textByRipgrep(rg, root, query, signal) : textByWalk(root, query, signal);
    },
  };
}

async function listFiles(all: Promise<string[]>, query: FilesQuery): Promise<FilesAnswer> {
  const below = folderPrefix(query.path);
  const wanted = globMatcher(query.glob);
  const paths = (await all).filter((path) => path.startsWith(below) && wanted(path)).sort(comparePaths);
  return { paths: paths.slice(0, query.max), more: paths.length > query.max };
}

async function collect(paths: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const path of paths) all.push(path);
  return all;
}

const relative = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\//u, '');

async function filesByRipgrep(rg: Ripgrep, root: string, signal: AbortSignal | undefined): Promise<string[]> {
  const paths: string[] = [];
  const line = (path: string) => {
    if (path !== '') paths.push(relative(path));
    return true;
  };
  await runRipgrep(rg, { root, args: ['--files'], signal, line });
  return paths;
}

/** What ripgrep says of a match, as far as it is used. Text that is not UTF-8 comes as bytes. */
const Words = z.union([z.object({ text: z.string() }), z.object({ bytes: z.string() })]);
const Said = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('match'),
    data: z.object({ path: Words, lines: Words, line_number: z.number() }),
  }),
  z.object({ type: z.literal('end'), data: z.object({ binary_offset: z.number().nullable() }) }),
]);
const wordsOf = (words: z.infer<typeof Words>): string =>
  'text' in words ? words.text : Buffer.from(words.bytes, 'base64').toString('utf8');

async function textByRipgrep(
  rg: Ripgrep,
  root: string,
  query: TextQuery,
  signal: AbortSignal | undefined,
): Promise<TextAnswer> {
  const wanted = globMatcher(query.glob);
  const hits: TextHit[] = [];
  let ofFile: TextHit[] = [];
  const line = (text: string) => {
    const said = Said.safeParse(JSON.parse(text)).data;
    if (said?.type === 'match') {
      const path = relative(wordsOf(said.data.path));
      const found = wordsOf(said.data.lines)
        .replace(/\r?\n$/u, '')
        .slice(0, HIT_CHARS_MAX);
      if (ofFile.length <= query.max && wanted(path))
        ofFile.push({ path, line: said.data.line_number, text: found });
    } else if (said?.type === 'end') {
      if (said.data.binary_offset === null) hits.push(...ofFile);
      ofFile = [];
    }
    return hits.length <= query.max;
  };
  const how = query.regex ? (rg.pcre2 ? ['--engine=auto'] : []) : ['--fixed-strings'];
  const args = ['--json', '--sort=path', '--crlf', ...how];
  await runRipgrep(rg, { root, args, pattern: query.query, signal, line });
  return answer(hits, query.max);
}

async function textByWalk(
  root: string,
  query: TextQuery,
  signal: AbortSignal | undefined,
): Promise<TextAnswer> {
  const matches = lineMatcher(query);
  const wanted = globMatcher(query.glob);
  const hits: TextHit[] = [];
  for await (const path of walk(root, signal)) {
    if (!wanted(path)) continue;
    const text = await textOf(join(root, path));
    hits.push(...matchingLines(text, matches).map((hit) => ({ path, ...hit })));
    if (hits.length > query.max) break;
  }
  return answer(hits, query.max);
}

function answer(hits: readonly TextHit[], max: number): TextAnswer {
  const sorted = [...hits].sort((a, b) => comparePaths(a.path, b.path) || a.line - b.line);
  return { hits: sorted.slice(0, max), more: hits.length > max };
}

async function textOf(path: string): Promise<string> {
  try {
    if ((await fs.stat(path)).size > SEARCHED_BYTES_MAX) return '';
    const bytes = await fs.readFile(path);
    const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
    if (mark === 0xfffe) return new TextDecoder('utf-16le').decode(bytes);
    if (mark === 0xfeff) return new TextDecoder('utf-16be').decode(bytes);
    return new TextDecoder('utf-8').decode(bytes);
  } catch (error) {
    if (error instanceof PortError) throw error;
    return '';
  }
}
