/** Tools of MCP servers and other extensions: which are granted, and how they are called. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import * as z from 'zod';
import { PortError, type HostToolInfo, type HostTools } from '../core/ports.ts';
import { formOf } from '../core/tools/host.ts';
import { HostToolGrant, type HostTool } from '../protocol/tool-settings.ts';
import type { ReadSetting } from './read-setting.ts';

/** Our own are for others. */
const OWN = /^quartet_/u;

export function listHostTools(): readonly HostToolInfo[] {
  return vscode.lm.tools
    .filter(({ name }) => !OWN.test(name))
    .map(({ name, description, inputSchema }) => ({
      name,
      description,
      schema: (inputSchema ?? { type: 'object', properties: {} }) as Readonly<Record<string, unknown>>,
    }));
}

export const digestOf = (tool: HostToolInfo): string =>
  createHash('sha256').update(formOf(tool)).digest('hex');

export function createEditorHostTools(): HostTools {
  const find = (name: string) => listHostTools().find((tool) => tool.name === name);
  return {
    find,
    async invoke(name, input, signal) {
      const source = new vscode.CancellationTokenSource();
      const cancel = (): void => source.cancel();
      signal.addEventListener('abort', cancel);
      try {
        const result = await vscode.lm.invokeTool(
          name,
          { input, toolInvocationToken: undefined },
          source.token,
        );
        return result.content.map(textOf).join('\n');
      } catch (error) {
        signal.throwIfAborted();
        throw new PortError(
          'host.failed',
          `${name} failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      } finally {
        signal.removeEventListener('abort', cancel);
        source.dispose();
      }
    },
  };
}

function textOf(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  return '[a part that is not text]';
}

const Grants = z.record(z.string(), HostToolGrant);

/** What the settings grant. Errors: `settings.invalid`. */
export function grantsOf(read: ReadSetting): Readonly<Record<string, HostToolGrant>> {
  const grants = Grants.safeParse(read('mcp.tools') ?? {});
  if (grants.success) return grants.data;
  const why = grants.error.issues[0]?.message ?? 'unknown problem';
  throw new PortError('settings.invalid', `The setting quartet.mcp.tools is not valid: ${why}.`, {
    advice: 'Run "Quartet: Grant Tools of Other Programs", which writes it.',
  });
}

export interface Granted {
  readonly tools: readonly HostTool[];
  /** Granted once, and now described otherwise. */
  readonly changed: readonly string[];
}

/** The tools that are there in the form in which they were granted. */
export function grantedTools(read: ReadSetting, there = listHostTools()): Granted {
  const grants = grantsOf(read);
  const tools: HostTool[] = [];
  const changed: string[] = [];
  for (const tool of there) {
    const grant = Object.hasOwn(grants, tool.name) ? grants[tool.name] : undefined;
    if (grant === undefined) continue;
    if (digestOf(tool) === grant.form)
      tools.push({ ...tool, roles: grant.roles, ask: grant.ask === 'always' });
    else changed.push(tool.name);
  }
  return { tools, changed };
}
