/** Tools that look: `read_file`, `list_files`, `search_text`. */
import * as z from 'zod';
import { protectedPath } from '../policy/protected.ts';
import { clip, defineTool, error, ok, type ToolWorld } from './contract.ts';
import { readEditable } from './editable.ts';
import { unreadable } from './text-files.ts';

const PATH = z.string().min(1).max(1000);
const FILES_MAX = 200;
/** Largest file that is read; it is held in memory as a whole. */
const BYTES_MAX = 50_000_000;
const HITS_MAX = 100;
const LINE_CHARS = 400;

export const readFile = defineTool({
  name: 'read_file',
  description: 'Read a text file with line numbers. Give start_line and end_line for a part of a long file.',
  args: z.object({
    path: PATH,
    start_line: z.number().int().min(1).optional(),
    end_line: z.number().int().min(1).optional(),
  }),
  effect: 'read',
  title: ({ path, start_line, end_line }) =>
    start_line === undefined
      ? `Read ${path}`
      : `Read ${path}:${String(start_line)}-${end_line === undefined ? 'end' : String(end_line)}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: async ({ path, start_line = 1, end_line }, world) => {
    const { files, place, limits } = world;
    const stat = await files.stat(place.root, path);
    if (stat?.kind === 'folder') return ok(await namesIn(world, path));
    if (stat !== undefined && stat.size > BYTES_MAX)
      return error(
        `${path} has ${String(stat.size)} bytes, more than can be read at once. Find the lines that matter with search_text.`,
      );
    const read = await readEditable(files, place.root, path);
    if (read.kind !== 'text') return error(unreadable(path, read));
    const note = read.note !== undefined ? `[${read.note}]\n` : '';
    const part = numbered(path, read.text, {
      from: start_line,
      to: end_line,
      chars: limits.observationChars,
    });
    return { ...ok(`${note}${part}`), seen: { [path]: world.hash(read.text) } };
  },
});

async function namesIn({ files, place }: ToolWorld, path: string): Promise<string> {
  const names = (await files.names(place.root, path)) ?? [];
  return `${path} is a folder:\n${names.slice(0, FILES_MAX).join('\n')}`;
}

/** Whole numbered lines within `chars`, and how to read on where something is left. */
function numbered(
  path: string,
  text: string,
  part: { from: number; to: number | undefined; chars: number },
): string {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const last = Math.min(part.to ?? lines.length, lines.length);
  if (lines.length === 0) return `${path} is empty.`;
  if (part.from > lines.length) return `${path} has only ${String(lines.length)} lines.`;
  const shown: string[] = [];
  let chars = 0;
  let line = part.from;
  for (; line <= last; line++) {
    const row = `${String(line).padStart(5)}  ${clip((lines[line - 1] ?? '').replace(/\r$/, ''), 2000)}`;
    chars += row.length + 1;
    if (chars > part.chars && shown.length > 0) break;
    shown.push(row);
  }
  const header = `${path} (lines ${String(part.from)}-${String(line - 1)} of ${String(lines.length)})`;
  const more = line <= last ? `\n[Stopped at the size limit. Read on with start_line ${String(line)}.]` : '';
  return `${header}\n${shown.join('\n')}${more}`;
}

export const listFiles = defineTool({
  name: 'list_files',
  description: 'List files (but ignored ones), below a path or matching a glob: "src/**/*.ts".',
  args: z.object({
    path: PATH.optional(),
    glob: z.string().max(500).optional(),
    max: z.number().int().min(1).max(1000).optional(),
  }),
  effect: 'read',
  title: ({ path, glob }) => `List ${glob ?? path ?? 'the workspace'}`,
  subject: ({ path }) => ({ paths: path === undefined ? [] : [path] }),
  run: async ({ path, glob, max = FILES_MAX }, { search, place }, { signal }) => {
    const query = { max, ...(path !== undefined && { path }), ...(glob !== undefined && { glob }) };
    const { paths, more } = await search.files(place.root, query, signal);
    if (paths.length === 0) return ok('No files.');
    return ok(
      more ? `${paths.join('\n')}\n[More files; narrow the path or glob, or raise max.]` : paths.join('\n'),
    );
  },
});

export const searchText = defineTool({
  name: 'search_text',
  description: 'Search the text of files. The query is literal unless regex is true. Gives path:line: text.',
  args: z.object({
    query: z.string().min(1).max(1000),
    regex: z.boolean().optional(),
    glob: z.string().max(500).optional(),
    max: z.number().int().min(1).max(500).optional(),
  }),
  effect: 'read',
  title: ({ query, glob }) => `Search “${query.slice(0, 60)}”${glob === undefined ? '' : ` in ${glob}`}`,
  subject: () => ({}),
  run: async ({ query, regex = false, glob, max = HITS_MAX }, { search, place }, { signal }) => {
    const { hits, more } = await search.text(
      place.root,
      { query, regex, max, ...(glob !== undefined && { glob }) },
      signal,
    );
    const open = hits.filter(({ path }) => protectedPath(path)?.class !== 'secret');
    const kept = new Set(hits.filter((hit) => !open.includes(hit)).map(({ path }) => path));
    const note =
      kept.size === 0
        ? ''
        : `\n[Left out, as places where keys are kept: ${[...kept].join(', ')}. read_file asks for them.]`;
    if (open.length === 0) return ok(`No match.${note}`);
    const rows = open.map(
      (hit) => `${hit.path}:${String(hit.line)}: ${hit.text.trim().slice(0, LINE_CHARS)}`,
    );
    return ok(`${rows.join('\n')}${more ? '\n[More matches; narrow the query or glob.]' : ''}${note}`);
  },
});
