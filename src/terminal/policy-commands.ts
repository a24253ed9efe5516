/** Commands about what agents may do: what was allowed for good, and what was decided in a run. */
import * as fs from 'node:fs/promises';
import { auditRun, auditText } from '../core/run/views/audit.ts';
import { readPolicyFile } from '../core/policy/tighten.ts';
import { ruleText } from '../core/policy/rule-text.ts';
import { plainText } from '../core/policy/terminal-text.ts';
import type { PolicyFile } from '../protocol/policy.ts';
import { UsageError } from './usage-error.ts';
import type { Desk } from './run-commands.ts';

/** Prints the audit log of a run, or writes it where `--output` says. The journal is checked while it is read. */
export async function audit({ house, console, options }: Desk, run: string): Promise<number> {
  const { store, hasher } = house.ports;
  const found = await auditRun(store, hasher, run);
  const text = options.json ? JSON.stringify(found) : auditText(found);
  if (options.output !== undefined) {
    await fs.writeFile(options.output, `${text.trimEnd()}\n`, { flag: 'wx' });
    console.say(`Written to ${options.output}.`);
  } else if (options.json) console.line(text);
  else console.say(text);
  return 0;
}

/** Lists what was allowed for good in this workspace, or takes one of it back. */
export async function permissions({ house, console, options }: Desk): Promise<number> {
  const { permissions: kept } = house.ports;
  if (options.remove !== undefined) {
    const removed = await kept.remove(options.remove);
    if (!removed)
      throw new UsageError(`There is no permission ${options.remove}. "quartet permissions" lists them.`);
    console.say('Removed: it will be asked again.');
    return 0;
  }
  const all = await kept.list();
  if (options.json) for (const each of all) console.line(JSON.stringify(each));
  else if (all.length === 0) console.say('Nothing is allowed for good in this workspace.');
  else
    for (const { id, at, rule } of all)
      console.say(`${id}  ${new Date(at).toISOString().slice(0, 16)}  ${plainText(ruleText(rule))}`);
  return 0;
}

/** The person's own rules: of the file that `--policy` names, or of the state folder. Errors: `UsageError`. */
export async function personsPolicy(named: string | undefined, usual: string): Promise<PolicyFile> {
  const text = await fs.readFile(named ?? usual, 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (named !== undefined) throw new UsageError(`There is no policy ${named}.`);
    return { rules: [] };
  }
  const read = readPolicyFile(text);
  if ('policy' in read) return read.policy;
  throw new UsageError(`The policy ${named ?? usual} cannot be used: ${read.problem}.`);
}

/** The text of a file that may be there; "" where it is there and cannot be read, which no reader takes for a policy. */
export async function textIfThere(path: string): Promise<string | undefined> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}
