/**
 * The person's own roles: Markdown files with front matter, in their own folder or in the workspace's `.quartet/agents/`. What such a file
 * may say is less than what a role of the house may: it names tools that there are, an endpoint that the person configured, and limits. A
 * workspace's is text of strangers: it gets nothing that reaches out, and its text is used only as the person approved it.
 */
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import * as z from 'zod';
import { FIRST_VERSION } from '../../protocol/registry.ts';
import type { Caps } from '../../protocol/settings.ts';
import { plainText } from '../policy/terminal-text.ts';
import { neutralTokens } from '../policy/untrusted.ts';
import { TOOLS } from '../tools/catalogue.ts';
import type { Tool } from '../tools/contract.ts';
import { TAKEN_NAMES } from './message.ts';
import { ROLE_VERSION, type Role } from './role.ts';

/** Whose a role file is. */
export type RoleOrigin = 'person' | 'workspace';

/** Where a workspace keeps its roles, relative to it. */
export const WORKSPACE_ROLES = '.quartet/agents';

/** A role of the person's own. */
export interface OwnRole extends Role {
  /** When a planner should choose it. */
  readonly when?: string;
  /** Ids of endpoints, in the order in which they are asked. */
  readonly model?: readonly string[];
  readonly caps: Caps;
  readonly from: RoleOrigin;
  /** Where its file is, in words. */
  readonly path: string;
}

/** A role file that can be used, as it was read last. */
export interface FoundRole {
  readonly role: OwnRole;
  /** The whole file, which is what a person approves. */
  readonly text: string;
  /** SHA-256 of `text`. */
  readonly digest: string;
  approved: boolean;
  /** Only a planner's wish so far: there is no such file. */
  proposed?: true;
}

/** Something wrong with a role file. Lines count from 1. An error keeps the role from being used, a warning does not. */
export interface RoleProblem {
  readonly line: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** What a file comes to: a role, unless one of the problems is an error. */
export interface RoleReading {
  readonly role?: OwnRole;
  readonly problems: readonly RoleProblem[];
}

/** What a file is judged by. */
export interface RoleContext {
  readonly from: RoleOrigin;
  readonly path: string;
  /** Ids of the endpoints there are; absent where they are not known. */
  readonly endpoints?: readonly string[];
}

/** Longest role file, in characters. */
export const ROLE_CHARS_MAX = 20_000;
/** Longest front matter: what is nested deeply in a long one takes a second to read. */
const HEADER_CHARS_MAX = 4000;

const word = (max: number) =>
  z.string({ error: 'is text' }).trim().min(1, 'says nothing').max(max, `is longer than ${max} characters`);
const count = z.number({ error: 'is a number' }).positive('is more than 0');
const names = z.union([z.array(z.string()), z.string()], { error: 'is a list of names' }).transform(listOf);

const Header = z.strictObject({
  name: z
    .string({ error: 'is missing: a name of a-z, 0-9 and "-"' })
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'is of a-z, 0-9 and "-", starts with a letter and has at most 40')
    .refine(
      (name) => !TAKEN_NAMES.has(name) && name !== 'constructor',
      'is the name of somebody else on the team',
    ),
  description: z
    .string({ error: 'is missing: say in a line what the role does' })
    .trim()
    .min(1, 'says nothing')
    .max(300, 'is longer than 300 characters'),
  version: z
    .string({ error: 'is whole numbers with points, such as 1.2' })
    .regex(ROLE_VERSION, 'is at most three whole numbers with points, such as 1.2')
    .default(FIRST_VERSION),
  when: word(500).optional(),
  tools: names.optional(),
  model: names.optional(),
  limits: z
    .strictObject({
      /** Model replies of one agent. */
      turns: count.int('is a whole number').max(1000).optional(),
      /** Of the role in a run. */
      tokens: count.int('is a whole number').optional(),
      cost: count.optional(),
      minutes: count.optional(),
    })
    .optional(),
});
type Header = z.infer<typeof Header>;

/** The keys of the front matter, and what each is for. */
export const ROLE_KEYS: Readonly<Record<keyof Header, string>> = {
  name: 'How the team calls the role: a-z, 0-9 and "-"',
  description: 'What the role does, in a line: the planner reads it',
  version:
    'What tasks may require of it (role:name@1.2): raise it when the role does something else; 1 without it',
  when: 'When the planner should choose it',
  tools: 'What it may do; without them it reads',
  model: 'Id of the endpoint that answers for it, or several in order',
  limits: 'turns of one agent; tokens, cost (US dollars) and minutes of the role in a run',
};

/** The keys of `limits`. */
export const ROLE_LIMITS = ['turns', 'tokens', 'cost', 'minutes'] as const;

const READING = ['read_file', 'list_files', 'search_text', 'read_more'] as const;

function listOf(value: string | readonly string[]): readonly string[] {
  const parts = typeof value === 'string' ? value.split(',') : value;
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** Tools that a role of that origin may name, in the order of the catalogue. */
export function toolsForRoles(from: RoleOrigin): readonly Tool[] {
  return [...TOOLS.values()].filter(
    ({ effect }) => effect !== 'submit' && (from === 'person' || !reachesOut(effect)),
  );
}

const reachesOut = (effect: Tool['effect']): boolean => effect === 'outward' || effect === 'browse';

/** True where a role with these tools leaves a change behind. */
export const changesFiles = (tools: readonly string[]): boolean =>
  tools.some((name) => TOOLS.get(name)?.effect === 'edit' || name === 'run_command');

const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/;

/** Reads a role file and says everything that is wrong with it. */
export function readRoleFile(text: string, context: RoleContext): RoleReading {
  if (text.length > ROLE_CHARS_MAX) return wrong(1, `The file is longer than ${ROLE_CHARS_MAX} characters.`);
  const hidden = hiddenAt(text);
  if (hidden !== undefined)
    return wrong(
      hidden,
      'This line has characters that cannot be seen: whoever looks at the file would not see all of it.',
    );
  const blank = LONG_BLANKS.exec(text);
  if (blank)
    return wrong(
      lineOf(text, blank.index),
      'From here on the text hides behind blanks: whoever looks at the file would not see all of it.',
    );
  const parts = FRONT_MATTER.exec(text);
  if (!parts)
    return wrong(1, 'The file begins with "---", lines such as "name: translator", and "---" again.');
  const [, top = ''] = parts;
  if (top.length > HEADER_CHARS_MAX)
    return wrong(
      1,
      `What stands between the "---" is longer than ${HEADER_CHARS_MAX} characters: say below it what the role is to do.`,
    );
  const lines = new LineCounter();
  const document = parseDocument(top, { lineCounter: lines });
  const at = (offset: number): number => lines.linePos(offset).line + 1;
  const [broken] = document.errors;
  if (broken)
    return wrong(
      at(broken.pos[0]),
      `The front matter cannot be read: ${broken.message.split('\n', 1)[0] ?? ''}`,
    );
  const value = valueOf(document);
  if ('why' in value) return wrong(1, `The front matter cannot be read: ${value.why}.`);
  const place = (path: readonly PropertyKey[]): number => at(offsetOf(document, path));
  const escaped = Object.entries(value.is ?? {}).find((pair) => isHiding(pair));
  if (escaped)
    return wrong(
      place([escaped[0]]),
      'What is written here as escapes stands for characters that cannot be seen.',
    );
  const header = Header.safeParse(value.is);
  if (!header.success) return { problems: header.error.issues.flatMap((issue) => problemsOf(issue, place)) };
  return judged(header.data, (parts[2] ?? '').trim(), { ...context, place });
}

/** One file says one thing: what stands for something else is not followed. */
function valueOf(document: Document): { readonly is: unknown } | { readonly why: string } {
  const version = document.get('version', true);
  // YAML reads 1.10 as the number 1.1.
  if (isScalar(version) && typeof version.value === 'number') version.value = version.source;
  try {
    return { is: document.toJS({ maxAliasCount: 0 }) ?? {} };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function wrong(line: number, message: string): RoleReading {
  return { problems: [{ line, severity: 'error', message }] };
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

/** So many blanks or empty lines that what follows is out of sight. */
const LONG_BLANKS = /[^\S\n]{61,}(?=\S)|\n(?:[^\S\n]*\n){15,}/u;
/** Letters that are drawn as nothing, and marks that say something only where many of them stand in a row. */
const DRAWN_AS_NOTHING =
  /[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u3164\uffa0]|[\ufe00-\ufe0f]{2}|[\u200c\u200d]{2}/u;

const readsOtherwise = (text: string): boolean => plainText(text) !== text || DRAWN_AS_NOTHING.test(text);

/** The first line that reads otherwise than it looks; undefined where there is none. */
function hiddenAt(text: string): number | undefined {
  const lines = text.replace(/\r\n/gu, '\n').split('\n');
  const found = lines.findIndex(readsOtherwise);
  return found < 0 ? undefined : found + 1;
}

/** True where a text in it reads otherwise than it looks, once its escapes are read. */
function isHiding(value: unknown): boolean {
  if (typeof value === 'string') return readsOtherwise(value);
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(isHiding);
}

function problemsOf(
  issue: z.core.$ZodIssue,
  place: (path: readonly PropertyKey[]) => number,
): readonly RoleProblem[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      line: place([...issue.path, key]),
      severity: 'error',
      message: `There is no key "${key}" here. Keys: ${(issue.path.length === 0 ? Object.keys(ROLE_KEYS) : ROLE_LIMITS).join(', ')}.`,
    }));
  return [
    { line: place(issue.path), severity: 'error', message: `${issue.path.join('.')} ${issue.message}.` },
  ];
}

/** Where the key stands; 0 where it is not there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (!isMap(node)) break;
    const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
    if (!pair) break;
    if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

interface Judging extends RoleContext {
  readonly place: (path: readonly PropertyKey[]) => number;
}

function judged(header: Header, body: string, judging: Judging): RoleReading {
  const { from, path, place, endpoints } = judging;
  if (body === '')
    return wrong(place([]), 'There is nothing below the front matter: say there what the role is to do.');
  const tools = toolsOf(header.tools ?? READING, judging);
  const strangers =
    endpoints === undefined ? [] : (header.model ?? []).filter((id) => !endpoints.includes(id));
  const problems = [
    ...tools.problems,
    ...strangers.map((id) =>
      warning(
        place(['model']),
        `There is no endpoint "${id}": the role asks the default one. Endpoints: ${(endpoints ?? []).join(', ')}.`,
      ),
    ),
  ];
  if (problems.some(({ severity }) => severity === 'error')) return { problems };
  const { turns, tokens, cost, minutes } = header.limits ?? {};
  const role: OwnRole = {
    name: header.name,
    description: told(header.description, from),
    version: header.version,
    tools: [...tools.names],
    submit: [changesFiles(tools.names) ? 'submit_result' : 'submit_findings'],
    prompt: told(body, from),
    caps: {
      ...(tokens !== undefined && { tokensMax: tokens }),
      ...(cost !== undefined && { costUsdMax: cost }),
      ...(minutes !== undefined && { minutesMax: minutes }),
    },
    from,
    path,
    ...(turns !== undefined && { turns }),
    ...(header.when !== undefined && { when: told(header.when, from) }),
    ...(header.model !== undefined && header.model.length > 0 && { model: header.model }),
  };
  return { role, problems };
}

/** Signs of chat templates in a stranger's file mean nothing. */
const told = (text: string, from: RoleOrigin): string => (from === 'workspace' ? neutralTokens(text) : text);

const warning = (line: number, message: string): RoleProblem => ({ line, severity: 'warning', message });

function toolsOf(
  wanted: readonly string[],
  { from, place }: Judging,
): { readonly names: readonly string[]; readonly problems: readonly RoleProblem[] } {
  const line = place(['tools']);
  const allowed = new Set(toolsForRoles(from).map(({ name }) => name));
  const problems = wanted.flatMap((name): readonly RoleProblem[] => {
    const tool = TOOLS.get(name);
    if (tool === undefined)
      return [
        {
          line,
          severity: 'error',
          message: `There is no tool "${name}". Tools: ${[...allowed].join(', ')}.`,
        },
      ];
    if (tool.effect === 'submit')
      return [warning(line, `"${name}" is left out: how its work ends follows from what it may do.`)];
    return allowed.has(name)
      ? []
      : [
          warning(
            line,
            `"${name}" is left out: a role of the workspace gets nothing that reaches beyond it. Put the role into your own folder to allow that.`,
          ),
        ];
  });
  return { names: wanted.filter((name) => allowed.has(name)), problems };
}
