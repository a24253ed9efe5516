/**
 * Versions of tools' contracts: a whole number that is raised by hand when a call of before would mean something else or be refused, and
 * the digest of what models are told, which changes with every word.
 */
import { FIRST_VERSION } from '../../protocol/registry.ts';
import { specOf } from './catalogue.ts';
import type { Tool } from './contract.ts';
import { formOf } from './host.ts';

const DIGEST_CHARS = 8;

/** Of tools that were looked at: what a tool of the house is does not change while the program runs. */
const KNOWN = new WeakMap<Tool, string>();

/** The number alone, as requirements such as `tool:edit_file@2` name it. */
export const versionOf = ({ version = FIRST_VERSION }: Pick<Tool, 'version'>): string => version;

/** `2+<digest>`; a tool of another program has no number of ours: `0+<digest>`. `hash`: lower-case hexadecimal SHA-256. */
function contractOf(tool: Tool, hash: (text: string) => string): string {
  const known = KNOWN.get(tool);
  if (known !== undefined) return known;
  const number = tool.parameters ? '0' : versionOf(tool);
  const { name, description, parameters } = specOf(tool);
  const form = formOf({ name, description, schema: parameters });
  const contract = `${number}+${hash(form).slice(0, DIGEST_CHARS)}`;
  KNOWN.set(tool, contract);
  return contract;
}

export const contractsOf = (
  tools: ReadonlyMap<string, Tool>,
  hash: (text: string) => string,
): Readonly<Record<string, string>> =>
  Object.fromEntries([...tools].map(([name, tool]) => [name, contractOf(tool, hash)]));

/** The number of a recorded contract. */
export const numberOf = (contract: string): string => contract.split('+')[0] ?? contract;

/** Why an agent that was made with these contracts cannot go on with the tools as they are; undefined where it can. */
export function incompatible(
  recorded: Readonly<Record<string, string>>,
  now: ReadonlyMap<string, Tool>,
): string | undefined {
  for (const [name, contract] of Object.entries(recorded)) {
    const [was, tool] = [numberOf(contract), now.get(name)];
    if (was === '0') continue;
    if (!tool) return `the tool ${name} (version ${was}) is no longer there`;
    const is = versionOf(tool);
    if (is !== was) return `the tool ${name} is version ${is}, and its agents know version ${was}`;
  }
  return undefined;
}
