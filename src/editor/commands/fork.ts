/** Another way from a point of a run: retry a task, another model, another plan, rewind. What came before is not paid for again. */
import * as vscode from 'vscode';
import * as z from 'zod';
import type { ForkRequest } from '../../core/run/contract.ts';
import { PlanSpec } from '../../protocol/plan.ts';
import type { RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { roleName } from '../role-name.ts';
import { t } from '../told.ts';
import { chooseAmong } from './choose-run.ts';

export interface ForkNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

interface Point extends vscode.QuickPickItem {
  readonly request: ForkRequest;
}

/** Points from which a person would want to go another way: its plan, before each task that was worked on, and the end. */
function pointsOf(view: RunView): readonly Point[] {
  const tasks = view.tasks.filter((task) => task.attempt > 0);
  const hasPlan = view.plan !== undefined && view.mode === 'team';
  return [
    ...(hasPlan ? [{ label: t('With another plan'), request: { plan: 'ask' } } as const] : []),
    ...tasks.map(({ spec }) => ({
      label: t('Before “{0}”', spec.title),
      description: roleName(spec.role),
      request: { task: spec.id },
    })),
    { label: t('From its last line'), request: {} },
  ];
}

async function pickPoint(view: RunView): Promise<ForkRequest | undefined> {
  const title = t('Go Another Way: from where?');
  return (await vscode.window.showQuickPick(pointsOf(view), { title }))?.request;
}

/** A point that a menu or the panel names; with an instruction, nothing more is asked. */
const GivenPoint = z.object({
  task: z.string().optional(),
  at: z.number().int().optional(),
  plan: PlanSpec.or(z.literal('ask')).optional(),
  instruction: z.string().optional(),
});

function givenPoint(
  given: unknown,
): { readonly request: ForkRequest; readonly instruction: string | undefined } | undefined {
  const point = GivenPoint.safeParse(given);
  if (!point.success) return undefined;
  const { instruction, ...where } = point.data;
  return { request: present(where), instruction };
}

/** Without what is not there. */
function present({ task, at, plan }: Omit<z.infer<typeof GivenPoint>, 'instruction'>): ForkRequest {
  return {
    ...(task !== undefined && { task }),
    ...(at !== undefined && { at }),
    ...(plan !== undefined && { plan }),
  };
}

/** Whoever is asked about the plan says there what is to be different. */
async function askInstruction({ plan }: ForkRequest): Promise<string | undefined> {
  if (plan === 'ask') return '';
  return vscode.window.showInputBox({
    title: t('Go Another Way'),
    prompt: t(
      'Say something to the team first, or leave this empty. What came before is not paid for again.',
    ),
    ignoreFocusOut: true,
  });
}

/** Makes the fork, lets it work and opens it. Returns its id. */
export async function forkRun(
  { desk, showPanel }: ForkNeeds,
  given: unknown,
  point: unknown,
): Promise<string | undefined> {
  const run = await chooseAmong(desk, given, { title: t('Go Another Way') });
  if (run === undefined) return undefined;
  const view = await (await desk.connect()).views.view(run);
  const named = givenPoint(point);
  const request = named?.request ?? (await pickPoint(view));
  if (request === undefined) return undefined;
  const models = named?.instruction === undefined ? await pickModels(desk, view) : {};
  if (models === undefined) return undefined;
  const instruction = named?.instruction ?? (await askInstruction(request));
  if (instruction === undefined) return undefined;
  const engine = await desk.engine();
  const said = instruction.trim() === '' ? {} : { instruction };
  const id = await engine.fork(run, { ...request, ...models, ...said });
  await desk.resume(id);
  await desk.open(id);
  await showPanel();
  return id;
}

interface WithWhom extends vscode.QuickPickItem {
  readonly models: Pick<ForkRequest, 'settings'>;
}

/** None where no model is configured: the run's own may still answer. */
async function configuredChoices(desk: Desk): Promise<readonly WithWhom[]> {
  const settings = await desk.settings(false).catch(() => undefined);
  if (settings === undefined) return [];
  const { endpoints, routes, picked } = settings;
  const each = endpoints.map(({ id, label, model }) => ({
    label: t('With {0} for everybody', label ?? model),
    description: id,
    models: { settings: { endpoints, routes, picked: id } },
  }));
  return [
    { label: t('With the models configured now'), models: { settings: { endpoints, routes, picked } } },
    ...(endpoints.length > 1 ? each : []),
  ];
}

/** The models of the run, those that are configured now, or one of these for every role. The demo keeps its script. */
async function pickModels(desk: Desk, view: RunView): Promise<Pick<ForkRequest, 'settings'> | undefined> {
  if (view.demo) return {};
  const choices = [{ label: t('With the same models'), models: {} }, ...(await configuredChoices(desk))];
  return (await vscode.window.showQuickPick(choices, { title: t('Go Another Way: with whom?') }))?.models;
}
