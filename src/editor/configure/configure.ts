/** Configure Models: asks step by step, back where wanted, then saves. */
import * as vscode from 'vscode';
import { toolsProblem } from '../../core/models/probe.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import { t } from '../told.ts';
import { endpointOf, EMPTY, STEPS, type ConfigureNeeds, type Draft } from './questions.ts';
import { DEFAULT_ROLE } from './roles.ts';
import { removeEndpoint, saveEndpoint, saveKey, saveRoles } from './save.ts';
import { BACK } from './steps.ts';

/** Walks the steps; `undefined` where the person leaves. Going back passes over what asks nothing. */
async function walk(needs: ConfigureNeeds): Promise<Draft | undefined> {
  const asked: number[] = [];
  let draft: Draft = EMPTY;
  for (let at = 0; at < STEPS.length;) {
    const step = STEPS[at];
    if (step?.applies(draft) !== true) {
      at += 1;
      continue;
    }
    const ahead = STEPS.slice(at).filter((each) => each.isQuestion && each.applies(draft)).length;
    const place = {
      title: t('Configure Models'),
      step: asked.length + 1,
      steps: asked.length + Math.max(1, ahead),
    };
    const answer = await step.take(draft, place, needs);
    if (answer === undefined) return undefined;
    if (answer === BACK) {
      at = asked.pop() ?? 0;
      continue;
    }
    draft = answer;
    if (step.isQuestion) asked.push(at);
    at += 1;
  }
  return draft;
}

/** The model answered, and can do what the team needs. */
const isProved = ({ probed }: Draft): boolean => probed !== undefined && toolsProblem(probed) === undefined;

/** Does what was decided. Returns what to tell. */
async function carryOut(draft: Draft, endpoint: Endpoint, needs: ConfigureNeeds): Promise<string> {
  const name = endpoint.label ?? endpoint.model;
  switch (draft.task) {
    case 'add':
      await saveEndpoint(endpoint, draft, needs.secrets);
      if (!isProved(draft)) return t('{0} is configured, though its test failed.', name);
      return draft.rank === 'fallback' || !draft.roles.includes(DEFAULT_ROLE)
        ? t('{0} is configured.', name)
        : t('{0} answers from now on.', name);
    case 'key':
      await saveKey(endpoint, draft.key, needs.secrets);
      return isProved(draft)
        ? t('{0} answers from now on.', name)
        : t('The key of {0} is kept, though its test failed.', name);
    case 'roles':
      await saveRoles({ id: endpoint.id, roles: draft.roles, rank: draft.rank });
      return t('{0} has its roles.', name);
    case 'remove':
      await removeEndpoint(endpoint, needs.secrets);
      return t('{0} was removed, with its key.', name);
    case 'test':
      return t('{0} answers, and calls tools.', name);
  }
}

async function isSure({ task }: Draft, { label, model }: Endpoint): Promise<boolean> {
  if (task !== 'remove') return true;
  const remove = t('Remove');
  const detail = t('Its key is forgotten. Runs that used it keep what they recorded.');
  const question = t('Remove {0}?', label ?? model);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) === remove;
}

/** Resolves to the endpoint that it was about; `undefined` where the person left. */
export async function configureModels(needs: ConfigureNeeds): Promise<Endpoint | undefined> {
  const draft = await walk(needs);
  if (draft === undefined) return undefined;
  const endpoint = endpointOf(draft);
  if (!(await isSure(draft, endpoint))) return undefined;
  const text = await carryOut(draft, endpoint, needs);
  void vscode.window.showInformationMessage(`Quartet: ${text}`);
  return endpoint;
}
