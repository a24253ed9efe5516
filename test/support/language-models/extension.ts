/**
 * An extension that supplies language models to the editor, as any other does: they play the demo's script, and misbehave when told.
 * Tests reach it through what it exports.
 */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import {
  findReply,
  parseScript,
  piecesOf,
  callsOf,
  type ScriptReply,
} from '../../../src/core/models/script.ts';
import { PortError } from '../../../src/core/ports.ts';
import { askerOfSeen, seen } from '../model-server/seen.ts';

/** What happens to a request. */
export type Trouble =
  | {
      readonly kind: 'error';
      readonly code?: 'NoPermissions' | 'Blocked' | 'NotFound';
      readonly message: string;
    }
  /** Says a little, then nothing more, until it is cancelled. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'endless' };

export interface TestModels {
  /** The models that are there; none at first, so that other tests are not touched. */
  offer(
    models: readonly {
      readonly id: string;
      readonly family?: string;
      readonly maxInputTokens?: number;
      readonly toolCalling?: boolean;
    }[],
  ): void;
  /** Asked before each request. */
  trouble: ((request: SeenByProvider) => Trouble | undefined) | undefined;
  /** Replies in place of the script's. */
  answers: ((request: SeenByProvider) => Partial<ScriptReply>) | undefined;
  readonly requests: readonly SeenByProvider[];
  /** Requests that were cancelled while they went on. */
  readonly cancelled: number;
  /** Requests that go on now. */
  readonly active: number;
  reset(): void;
}

export interface SeenByProvider {
  readonly model: string;
  readonly role: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly tools: readonly string[];
}

type Info = vscode.LanguageModelChatInformation;

export function activate(context: vscode.ExtensionContext): TestModels {
  const changed = new vscode.EventEmitter<void>();
  const requests: SeenByProvider[] = [];
  const count = { cancelled: 0, active: 0 };
  let offered: Info[] = offerFrom(process.env['QUARTET_TEST_MODELS']);
  const script = parseScript(readFileSync(context.asAbsolutePath('script.json'), 'utf8'));
  const api: TestModels = {
    offer: (models) => {
      offered = models.map(infoOf);
      changed.fire();
    },
    trouble: undefined,
    answers: undefined,
    requests,
    get cancelled() {
      return count.cancelled;
    },
    get active() {
      return count.active;
    },
    reset: () => {
      requests.length = 0;
      count.cancelled = 0;
      api.trouble = undefined;
      api.answers = undefined;
      api.offer([]);
    },
  };
  const provider: vscode.LanguageModelChatProvider = {
    onDidChangeLanguageModelChatInformation: changed.event,
    provideLanguageModelChatInformation: () => offered,
    provideTokenCount: async (_model, text) => (typeof text === 'string' ? Math.ceil(text.length / 3) : 7),
    provideLanguageModelChatResponse: async (...[model, messages, options, progress, token]) => {
      const request = requestOf(model, messages, options);
      requests.push(request.shown);
      count.active += 1;
      token.onCancellationRequested(() => (count.cancelled += 1));
      try {
        const trouble = api.trouble?.(request.shown);
        if (trouble !== undefined) await misbehave(trouble, progress, token);
        else say(api.answers?.(request.shown) ?? scripted(request, script), request.turn, progress);
      } finally {
        count.active -= 1;
      }
    },
  };
  context.subscriptions.push(changed, vscode.lm.registerLanguageModelChatProvider('quartet-test', provider));
  return api;
}

const offerFrom = (names: string | undefined): Info[] =>
  (names ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map((id) => infoOf({ id }));

function infoOf({
  id,
  family = id,
  maxInputTokens = 64_000,
  toolCalling = true,
}: Parameters<TestModels['offer']>[0][number]): Info {
  const name = `Scripted ${id}`;
  return {
    id,
    family,
    name,
    version: '1',
    maxInputTokens,
    maxOutputTokens: 8000,
    capabilities: { toolCalling },
  };
}

function requestOf(
  model: Info,
  messages: readonly vscode.LanguageModelChatRequestMessage[],
  { tools }: vscode.ProvideLanguageModelChatResponseOptions,
) {
  const plain = messages.map(({ role, content }) => ({
    role: role === vscode.LanguageModelChatMessageRole.Assistant ? 'assistant' : 'user',
    content: content.map(textOf).join('\n'),
  }));
  // The editor has no system role: what came first are the instructions.
  const asWire = plain.map((message, at) => (at === 0 ? { ...message, role: 'system' } : message));
  const body = { messages: asWire, model: model.id };
  const request = seen({ number: 1, api: 'chat', body, headers: {}, url: '' });
  return {
    asker: askerOfSeen(request),
    turn: request.turn,
    shown: {
      model: model.id,
      role: request.role,
      messages: plain,
      tools: (tools ?? []).map(({ name }) => name),
    },
  };
}

function textOf(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (part instanceof vscode.LanguageModelToolResultPart) return part.content.map(textOf).join('\n');
  if (part instanceof vscode.LanguageModelToolCallPart) return `${part.name} ${JSON.stringify(part.input)}`;
  return '';
}

/** The test of a model, which is in no script; else what the script says. */
function scripted(request: ReturnType<typeof requestOf>, script: ReturnType<typeof parseScript>) {
  const [tool] = request.shown.tools;
  if (tool === 'report_ready') return { calls: [{ tool, args: { word: 'ready' } }] };
  return replyFor(request.asker, script);
}

function replyFor(
  asker: ReturnType<typeof askerOfSeen>,
  script: ReturnType<typeof parseScript>,
): Partial<ScriptReply> {
  try {
    return findReply(script, asker);
  } catch (error) {
    throw error instanceof PortError ? new Error(error.message) : error;
  }
}

type Progress = vscode.Progress<vscode.LanguageModelResponsePart>;

function say(reply: Partial<ScriptReply>, turn: number, progress: Progress): void {
  for (const piece of piecesOf(reply.content ?? '')) progress.report(new vscode.LanguageModelTextPart(piece));
  const calls = callsOf({ content: '', calls: [], ...reply }, turn);
  for (const { id, name, arguments: text } of calls)
    progress.report(new vscode.LanguageModelToolCallPart(id, name, JSON.parse(text) as object));
}

async function misbehave(
  trouble: Trouble,
  progress: Progress,
  token: vscode.CancellationToken,
): Promise<void> {
  const cancelled = new Promise<void>((resolve) => token.onCancellationRequested(() => resolve()));
  switch (trouble.kind) {
    case 'error':
      throw trouble.code === undefined
        ? new Error(trouble.message)
        : vscode.LanguageModelError[trouble.code](trouble.message);
    case 'silence':
      return;
    case 'hang':
      progress.report(new vscode.LanguageModelTextPart('Well'));
      await cancelled;
      return;
    case 'endless':
      while (!token.isCancellationRequested) {
        progress.report(new vscode.LanguageModelTextPart('and so on '.repeat(100)));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
  }
}
