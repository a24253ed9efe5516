/** What commands may do and what a person is asked, as it is typed. */
import { resolve as absolute } from 'node:path';
import { Autonomy } from '../protocol/policy.ts';
import { SandboxSettings, type Approvals } from '../protocol/settings.ts';
import { UsageError } from './usage-error.ts';

/** As `parseArgs` gives them. */
interface SandboxValues {
  readonly sandbox?: string | undefined;
  readonly network?: string | undefined;
  readonly readable?: readonly string[] | undefined;
}

/** Errors: `UsageError`. */
export function sandboxOf(values: SandboxValues): SandboxSettings {
  const { mode, network } = SandboxSettings.shape;
  return {
    mode: choiceOf('--sandbox', values.sandbox, mode.unwrap().options) ?? 'auto',
    network: choiceOf('--network', values.network, network.unwrap().options) ?? 'local',
    readable: (values.readable ?? []).map((folder) => absolute(folder)),
  };
}

export function choiceOf<T extends string>(
  option: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  throw new UsageError(`${option} takes ${choices.join(', ')}; not "${text}".`);
}

/** Errors: `UsageError`. */
export function autonomyOf(text: string | undefined): Autonomy | undefined {
  if (text === undefined) return undefined;
  const level = Autonomy.safeParse(text);
  if (level.success) return level.data;
  throw new UsageError(`--autonomy takes ask, guided or auto, not "${text}".`);
}

const KINDS = ['plan', 'commands', 'changes'] as const;

/** Errors: `UsageError`. */
export function approvalsOf(text: string): Approvals {
  if (text === 'all') return { plan: true, commands: true, changes: true };
  const named = text === 'none' ? [] : text.split(',').map((kind) => kind.trim());
  const unknown = named.find((kind) => !KINDS.some((known) => known === kind));
  if (unknown !== undefined)
    throw new UsageError(`--approve takes all, none, or some of ${KINDS.join(', ')}; not "${unknown}".`);
  return {
    plan: named.includes('plan'),
    commands: named.includes('commands'),
    changes: named.includes('changes'),
  };
}
