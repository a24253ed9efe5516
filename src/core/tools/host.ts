/**
 * Tools of other programs that the editor offers, such as those of MCP servers. Each is granted by name, for some roles, in the form that
 * the person saw: a tool that describes itself otherwise than it did is not called.
 */
import * as z from 'zod';
import type { HostTool } from '../../protocol/tool-settings.ts';
import { plainText } from '../policy/terminal-text.ts';
import type { HostToolInfo } from '../ports.ts';
import { defineTool, error, ok, type Tool } from './contract.ts';

const DESCRIPTION_CHARS = 1000;
const SENT_CHARS = 4000;
const NAME_CHARS = 60;

/** The text that a grant is bound to: everything that the tool says of itself. */
export function formOf({ name, description, schema }: HostToolInfo): string {
  return JSON.stringify([name, description, canonical(schema)]);
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, canonical(member)]),
  );
}

/** Tools as a model may name them; two that would get one name are told apart by a number. */
export function hostTools(granted: readonly HostTool[], role: string): ReadonlyMap<string, Tool> {
  const tools = new Map<string, Tool>();
  for (const each of granted.filter(({ roles }) => roles.includes(role))) {
    const plain = `mcp_${each.name.replace(/[^\w-]/gu, '_')}`.slice(0, NAME_CHARS);
    let name = plain;
    for (let n = 2; tools.has(name); n++) name = `${plain}_${String(n)}`;
    tools.set(name, toolOf(name, each));
  }
  return tools;
}

const Input = z.record(z.string(), z.unknown());

function toolOf(name: string, granted: HostTool): Tool {
  return defineTool<z.infer<typeof Input>>({
    name,
    description: plainText(granted.description).slice(0, DESCRIPTION_CHARS),
    args: Input,
    parameters: granted.schema,
    effect: 'outward',
    taints: true,
    once: () => true,
    title: () => `Use ${granted.name}`,
    subject: (input) => ({
      sends: `${granted.name} ${JSON.stringify(input, null, 2).slice(0, SENT_CHARS)}`,
      ...(granted.ask && {
        asks: `${granted.name} is a tool of another program, which does what it wants with what it gets`,
      }),
    }),
    run: async (input, { hostTools: host }, { signal }) => {
      const found = host?.find(granted.name);
      if (!host || !found)
        return error(
          `${granted.name} is not there: its server does not run, or this run goes on outside of the editor.`,
        );
      if (formOf(found) !== formOf(granted))
        return error(
          `${granted.name} describes itself otherwise than when the person granted it, so it is not called until they grant it again.`,
        );
      return ok(await host.invoke(granted.name, input, signal));
    },
  });
}
