/** Raises a limit of a run that its budget stopped, and goes on with it. */
import * as vscode from 'vscode';
import { PortError } from '../../core/ports.ts';
import { sumOf, tokensOf } from '../../protocol/ledger.ts';
import { BudgetLimits, type Caps } from '../../protocol/settings.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { chooseRun, idOf } from './choose-run.ts';
import { roleName } from '../role-name.ts';
import { t } from '../told.ts';
import { tellNothing, type Commands } from './register.ts';

type Cap = keyof Caps;

/** A limit that a run may have: its own, or a role's. */
export interface Limit {
  readonly role: string | undefined;
  readonly cap: Cap;
  /** Undefined where there is none. */
  readonly max: number | undefined;
}

interface SetLimit extends Limit {
  readonly max: number;
}

const NAMES: Readonly<Record<Cap, (max: number) => string>> = {
  costUsdMax: (max) => t('Cost: ${0}', max),
  tokensMax: (max) => t('Tokens: {0}', max),
  minutesMax: (max) => t('Active minutes: {0}', max),
  turnsMax: (max) => t('Turns: {0}', max),
  agentsMax: (max) => t('Agents: {0}', max),
};
const NONE: Readonly<Record<Cap, () => string>> = {
  costUsdMax: () => t('Cost: no limit'),
  tokensMax: () => t('Tokens: no limit'),
  minutesMax: () => t('Active minutes: no limit'),
  turnsMax: () => t('Turns: no limit'),
  agentsMax: () => t('Agents: no limit'),
};
const CAPS = Object.keys(NAMES) as readonly Cap[];
const WITH_PARTS: readonly Cap[] = ['costUsdMax', 'minutesMax'];

/** The limits that are set, those of the run first. */
export function limitsOf(budget: BudgetLimits): readonly SetLimit[] {
  const of = (role: string | undefined, caps: Caps): readonly SetLimit[] =>
    CAPS.flatMap((cap) => (caps[cap] === undefined ? [] : [{ role, cap, max: caps[cap] }]));
  return [
    ...of(undefined, budget),
    ...Object.entries(budget.roles ?? {}).flatMap(([role, caps]) => of(role, caps)),
  ];
}

/** The limits that may be set: all of the run's own, and those that roles have. */
export function changeable(budget: BudgetLimits): readonly Limit[] {
  const own = CAPS.map((cap) => ({ role: undefined, cap, max: budget[cap] }));
  return [...own, ...limitsOf(budget).filter(({ role }) => role !== undefined)];
}

/** What a limit is called, with its height. */
export function limitName({ cap, max }: Limit): string {
  return max === undefined ? NONE[cap]() : NAMES[cap](max);
}

/** The same budget with one limit at another height. */
export function withLimit(budget: BudgetLimits, { role, cap }: Limit, max: number): BudgetLimits {
  if (role === undefined) return { ...budget, [cap]: max };
  return { ...budget, roles: { ...budget.roles, [role]: { ...budget.roles?.[role], [cap]: max } } };
}

/** Why a text is no higher limit; undefined where it is one. */
export function notHigher(limit: SetLimit, text: string): string | undefined {
  const { max } = limit;
  const value = Number(text);
  if (text.trim() !== '' && value <= max) return t('Type a number above {0}.', max);
  return notALimit(limit, text);
}

/** Why a text is no limit; undefined where it is one. */
export function notALimit({ cap }: Limit, text: string): string | undefined {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return t('Type a number.');
  if (value <= 0) return t('Type a number above {0}.', 0);
  if (!WITH_PARTS.includes(cap) && !Number.isInteger(value)) return t('Type a whole number.');
  return undefined;
}

export interface BudgetCommandNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

/** Needs a trusted folder. `raiseLimit` takes a run and, from other extensions and tests, the limits to set. */
export function budgetCommands({ desk, showPanel }: BudgetCommandNeeds) {
  return {
    raiseLimit: async (given, limits) => {
      const { views } = await desk.connect();
      const paused = desk.entries.filter(({ id, status }) => status === 'paused' && !desk.isLive(id));
      if (paused.length === 0 && idOf(given) === undefined) {
        tellNothing(t('No run is paused.'));
        return undefined;
      }
      const run = await chooseRun(desk, given, paused, t('Raise the Limit'));
      if (run === undefined) return undefined;
      if (desk.isLive(run))
        return await vscode.commands.executeCommand(
          'quartet.setRun',
          run,
          limits === undefined ? undefined : { budget: limits },
        );
      const budget = await budgetFor(await views.view(run), limits);
      if (budget === undefined) return undefined;
      await desk.resume(run, budget);
      await desk.open(run);
      await showPanel();
      return run;
    },
  } satisfies Commands;
}

/** Errors: `settings.invalid` where the limits that were given are none. */
async function budgetFor(view: RunView, given: unknown): Promise<BudgetLimits | undefined> {
  if (given === undefined) return askFor(view);
  const limits = BudgetLimits.safeParse(given);
  if (limits.success) return { ...view.budget, ...limits.data };
  throw new PortError('settings.invalid', `These are no limits: ${limits.error.issues[0]?.message ?? ''}.`);
}

async function askFor(view: RunView): Promise<BudgetLimits | undefined> {
  const limits = limitsOf(view.budget);
  if (limits.length === 0) {
    tellNothing(t('This run has no limit.'));
    return undefined;
  }
  const title = t('Raise the Limit');
  const items = limits.map((limit) => ({
    limit,
    label: NAMES[limit.cap](limit.max),
    description: limit.role === undefined ? t('the whole run') : roleName(limit.role),
    detail: usedOf(view, limit),
  }));
  const chosen = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  if (chosen === undefined) return undefined;
  const text = await vscode.window.showInputBox({
    title,
    prompt: [chosen.label, chosen.detail].join(' · '),
    value: String(chosen.limit.max * 2),
    validateInput: (value) => notHigher(chosen.limit, value),
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : withLimit(view.budget, chosen.limit, Number(text));
}

/** How much of it is used, where the ledger knows. */
function usedOf({ ledger }: RunView, { role, cap }: Limit): string {
  const sum = sumOf(ledger.filter((row) => role === undefined || row.role === role));
  if (cap === 'tokensMax') return t('{0} used', tokensOf(sum));
  if (cap !== 'costUsdMax') return '';
  return sum.costUsd === null ? t('cost unknown') : t('{0} used', `$${sum.costUsd.toFixed(2)}`);
}
