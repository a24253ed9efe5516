/**
 * What a project says of how work is to be done in it: the files that people have for agents already. Read at a run's start and recorded
 * with its settings. It is the workspace's text: it is told in a fence, bounded, and can give leave for nothing.
 */
import { parse } from 'yaml';
import * as z from 'zod';
import type { ProjectInstruction } from '../../protocol/settings.ts';
import { createRedactor, type KnownSecrets } from '../policy/redact.ts';
import { plainText } from '../policy/terminal-text.ts';
import type { Files, Search } from '../ports.ts';

/** Files at the root, those that count most first. */
const AT_ROOT = [
  'AGENTS.md',
  'AGENT.md',
  'CLAUDE.md',
  '.claude/CLAUDE.md',
  'GEMINI.md',
  '.github/copilot-instructions.md',
  '.cursorrules',
  '.windsurfrules',
  '.clinerules',
] as const;

/** Folders of rules that say themselves for which files they are. */
const RULES = [
  { folder: '.cursor/rules', ending: '.mdc' },
  { folder: '.github/instructions', ending: '.instructions.md' },
] as const;

/** Below the root, for the folder they lie in. */
const NESTED = '**/{AGENTS,CLAUDE,GEMINI}.md';

/** Longest part of one file, and of all, in characters; files beyond the count are left out. */
const FILE_CHARS_MAX = 12_000;
const ALL_CHARS_MAX = 32_000;
const FILES_MAX = 40;

/** Errors: none; a file that cannot be read is not there. */
export async function readInstructions(
  {
    files,
    search,
  }: { readonly files: Pick<Files, 'read' | 'names'>; readonly search: Pick<Search, 'files'> },
  root: string,
): Promise<readonly ProjectInstruction[]> {
  const [nested, ruled] = await Promise.all([nestedFiles(search, root), ruleFiles(files, root)]);
  const paths = [...AT_ROOT, ...ruled, ...nested].slice(0, FILES_MAX + AT_ROOT.length);
  const texts = await Promise.all(paths.map((path) => textOf(files, root, path)));
  return bounded(paths.flatMap((path, index) => instructionOf(path, texts[index]) ?? []));
}

async function nestedFiles(search: Pick<Search, 'files'>, root: string): Promise<readonly string[]> {
  const found = await search.files(root, { glob: NESTED, max: FILES_MAX }).catch(() => ({ paths: [] }));
  return found.paths.filter((path) => path.includes('/') && !(AT_ROOT as readonly string[]).includes(path));
}

async function ruleFiles(files: Pick<Files, 'names'>, root: string): Promise<readonly string[]> {
  const found = RULES.map(async ({ folder, ending }) => {
    const names = await files.names(root, folder).catch(() => undefined);
    return (names ?? []).filter((name) => name.endsWith(ending)).map((name) => `${folder}/${name}`);
  });
  return (await Promise.all(found)).flat();
}

async function textOf(files: Pick<Files, 'read'>, root: string, path: string): Promise<string | undefined> {
  // A link that leads out of the workspace is not followed.
  const bytes = await files.read(root, path).catch(() => undefined);
  return bytes && new TextDecoder().decode(bytes);
}

function instructionOf(path: string, text: string | undefined): ProjectInstruction | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (RULES.some(({ folder }) => path.startsWith(`${folder}/`))) return ruleOf(path, text);
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const isOfRoot = (AT_ROOT as readonly string[]).includes(path);
  return { path, globs: isOfRoot ? [] : [`${folder}**`], text: text.trim() };
}

const Globs = z.union([z.string(), z.array(z.string())]).nullish();
const RuleHeader = z.object({ alwaysApply: z.boolean().nullish(), globs: Globs, applyTo: Globs });
const FRONT_MATTER = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/;

/** A rule that names no files, and is not for all of them, waits to be asked for by name: nobody asks here. */
function ruleOf(path: string, text: string): ProjectInstruction | undefined {
  const parts = FRONT_MATTER.exec(text);
  const header = RuleHeader.safeParse(yamlOf(parts?.[1] ?? ''));
  const body = (parts?.[2] ?? text).trim();
  if (!header.success || body === '') return undefined;
  const { alwaysApply, globs, applyTo } = header.data;
  const named = [globs ?? [], applyTo ?? []]
    .flat()
    .flatMap((glob) => glob.split(','))
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '');
  if (alwaysApply === true || named.includes('**')) return { path, globs: [], text: body };
  return named.length === 0 ? undefined : { path, globs: named.slice(0, 20), text: body };
}

/** Globs are often written without quotes, which YAML takes for an alias. */
function yamlOf(text: string): unknown {
  try {
    return parse(text.replace(/^(\s*(?:globs|applyTo)\s*:\s*)(\*[^\n]*)$/gmu, '$1"$2"')) ?? {};
  } catch {
    return undefined;
  }
}

/** One text counts once, whatever files repeat it. */
function bounded(found: readonly ProjectInstruction[]): readonly ProjectInstruction[] {
  const kept: ProjectInstruction[] = [];
  let left = ALL_CHARS_MAX;
  for (const each of found) {
    if (left <= 0 || kept.some(({ text }) => text === each.text)) continue;
    const max = Math.min(FILE_CHARS_MAX, left);
    const text = beginningOf(each.text, max);
    left -= text.length;
    kept.push({ ...each, text, ...(text.length < each.text.length && { cut: true }) });
  }
  return kept.slice(0, FILES_MAX);
}

/** Longest end of a line that goes with what is cut, in characters: half a line says something else. */
const LINE_CHARS_MAX = 500;

function beginningOf(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.lastIndexOf('\n', max);
  return text.slice(0, end > max - LINE_CHARS_MAX ? end : max);
}

/**
 * What of it is recorded and told: nothing that hides from whoever reads the file, no secrets, and where the file says more that is said.
 * These secrets have no numbers: agents meet those of a run as they read, and could not write these.
 */
export function instructionsForRun(
  project: readonly ProjectInstruction[],
  known?: KnownSecrets,
): ProjectInstruction[] {
  const redactor = createRedactor(known);
  return project.map(({ path, text, ...rest }) => {
    const said = redactor.redact(plainText(text)).replace(/\[secret:\d+\]/gu, '[secret]');
    return { ...rest, path: plainText(path), text: rest.cut ? `${said}\n${MORE}` : said };
  });
}

const MORE = '[cut: the file says more; read_file shows all of it]';
