/** The editor's own language models (`vscode.lm`) behind the contract of every other model. */
import * as vscode from 'vscode';
import type { Models } from '../../core/models/contract.ts';
import {
  CALL_LIMITS,
  guarded,
  type CallLimits,
  type WireCall,
  type WireReply,
} from '../../core/models/guard.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Consent } from './consent.ts';
import type { Endpoints } from '../../core/models/endpoints.ts';
import { failureOf } from './failures.ts';
import { messagesOf, toolsOf } from './messages.ts';
import { readReply } from './reply.ts';
import { findModel } from './select.ts';

export interface EditorModelsOptions {
  readonly consent: Consent;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the limits of `EDITOR_LIMITS` do not fit. */
  /** Shared with the router; absent: its own. */
  readonly endpoints?: Endpoints;
  readonly limits?: Partial<CallLimits>;
}

/** The editor may first ask the person whether we may use the model: that takes as long as a person takes. */
const EDITOR_LIMITS: CallLimits = { ...CALL_LIMITS, firstMs: 300_000 };

/** Answers for the first endpoint of a request, with the retries and time limits that HTTP endpoints have. */
export function createEditorLanguageModels({
  consent,
  clock,
  log,
  limits,
  endpoints,
}: EditorModelsOptions): Models {
  const wire = async (call: WireCall): Promise<WireReply> => {
    const model = await findModel(call.endpoint);
    consent.check(model, call.endpoint);
    const cancellation = new vscode.CancellationTokenSource();
    const cancel = () => cancellation.cancel();
    call.signal.addEventListener('abort', cancel, { once: true });
    try {
      const { token } = cancellation;
      const options = { justification: justification(), tools: toolsOf(call.request.tools) };
      const response = await model.sendRequest(messagesOf(call.request.messages), options, token);
      consent.given(model);
      call.alive(0);
      return await readReply(response, { call, model, clock, token });
    } catch (error) {
      throw failureOf(error, { endpoint: call.endpoint, vendor: model.vendor });
    } finally {
      call.signal.removeEventListener('abort', cancel);
      // Also where we stopped reading by ourselves: the provider must not go on.
      cancellation.cancel();
      cancellation.dispose();
    }
  };
  return guarded(wire, { clock, log, limits: { ...EDITOR_LIMITS, ...limits }, endpoints });
}

/** Shown by the editor where it asks the person for consent. */
const justification = () =>
  vscode.l10n.t('Quartet sends your goal, the files it reads and the results of its tools to this model.');
