/** All tools by name, and how they are offered to a model. */
import * as z from 'zod';
import type { ToolSpec } from '../models/contract.ts';
import { readOutput, stopCommand } from './background.ts';
import { browsePage } from './browse.ts';
import { runCode } from './code.ts';
import { runCommand, runTests } from './command.ts';
import type { Tool } from './contract.ts';
import { applyPatchTool, deleteFile, editFile, moveFile, writeFile } from './edit.ts';
import { GIT_TOOLS } from './git.ts';
import { LANGUAGE_TOOLS } from './languages.ts';
import { readMore } from './more.ts';
import { listFiles, readFile, searchText } from './read.ts';
import { SUBMIT_TOOLS } from './submit.ts';
import { askTeammate, askUser, facts, postMessage } from './talk.ts';
import { WEB_TOOLS } from './web.ts';

const ALL: readonly Tool[] = [
  readFile,
  listFiles,
  searchText,
  readMore,
  ...GIT_TOOLS,
  ...LANGUAGE_TOOLS,
  editFile,
  applyPatchTool,
  writeFile,
  deleteFile,
  moveFile,
  runCommand,
  runTests,
  runCode,
  readOutput,
  stopCommand,
  browsePage,
  ...WEB_TOOLS,
  askUser,
  postMessage,
  askTeammate,
  facts,
  ...SUBMIT_TOOLS,
];

/** Every tool there is. A role gets those it names and no others (I7). */
export const TOOLS: ReadonlyMap<string, Tool> = new Map(ALL.map((tool) => [tool.name, tool]));

/** Schemas that were made: every model call needs those of its role. */
const SPECS = new WeakMap<Tool, ToolSpec>();

/** A tool as a Chat Completions function: JSON Schema made from its zod schema. */
export function specOf(tool: Tool): ToolSpec {
  const spec = SPECS.get(tool) ?? makeSpec(tool);
  SPECS.set(tool, spec);
  return spec;
}

function makeSpec(tool: Tool): ToolSpec {
  const { name, description } = tool;
  if (tool.parameters) return { name, description, parameters: { ...tool.parameters } };
  const { $schema: _schema, ...parameters } = z.toJSONSchema(tool.args, {
    io: 'input',
    unrepresentable: 'any',
  });
  return { name, description, parameters: lean(parameters) };
}

/**
 * Bounds that only we check: they cost tokens in every request, and servers that make a grammar of the schema choke on repetitions
 * by the thousand.
 */
const UNSENT = new Set(['pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems']);

/** A schema without what helps no model. A bound of whole numbers as such says nothing. */
function lean<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(lean) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).filter(
    ([name, value]) =>
      !(UNSENT.has(name) && typeof value !== 'object') && Math.abs(Number(value)) !== Number.MAX_SAFE_INTEGER,
  );
  return Object.fromEntries(members.map(([name, value]) => [name, lean(value as unknown)])) as T;
}
