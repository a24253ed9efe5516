/** Whether a request may make the editor ask the person for consent: only where the person did something that led to it. */
import type * as vscode from 'vscode';
import { TryFailure } from '../../core/models/failure.ts';
import type { Endpoint } from '../../protocol/settings.ts';

const USED = 'quartet.editorModelsUsed';

type Model = Pick<vscode.LanguageModelChat, 'vendor'>;

export interface Consent {
  /** The person used a command or the panel: from now on the editor may ask. */
  attend(): void;
  /** Errors: `endpoint.auth` where the person refused, or would be asked out of the blue. */
  check(model: vscode.LanguageModelChat, endpoint: Endpoint): void;
  /** A model of this vendor took a request, so it was allowed. */
  given(model: Model): void;
}

interface Memory {
  readonly state: Pick<vscode.Memento, 'get' | 'update'>;
  /** `undefined`: it was not asked for yet, or the editor does not tell. */
  readonly access: { canSendRequest(model: vscode.LanguageModelChat): boolean | undefined } | undefined;
}

export function createConsent({ state, access }: Memory): Consent {
  let isAttended = false;
  const used = () => state.get<readonly string[]>(USED) ?? [];
  return {
    attend: () => {
      isAttended = true;
    },
    check: (model, endpoint) => {
      if (access?.canSendRequest(model) === false) throw refused(endpoint, model);
      if (!isAttended && !used().includes(model.vendor)) throw unasked(endpoint);
    },
    given: ({ vendor }) => {
      if (!used().includes(vendor)) void state.update(USED, [...used(), vendor]);
    },
  };
}

const nameOf = (endpoint: Endpoint) => endpoint.label ?? endpoint.model;

/** The person, or a policy, did not let this extension use the models of a vendor. */
export const refused = (endpoint: Endpoint, { vendor }: Model): TryFailure =>
  new TryFailure('endpoint.auth', `You have not allowed Quartet to use ${nameOf(endpoint)}.`, {
    advice: `Allow it in the editor: "Manage Language Model Access" in the Accounts menu, for ${vendor}. Or choose another model with "Quartet: Configure Models".`,
  });

const unasked = (endpoint: Endpoint): TryFailure =>
  new TryFailure(
    'endpoint.auth',
    `The editor would ask whether Quartet may use ${nameOf(endpoint)}, and nobody did anything that leads to it.`,
    { advice: 'Resume the run yourself; the editor then asks once.' },
  );
