/** A conversation in the editor's words. It knows users and assistants only, and wants tool results as what a user says. */
import * as vscode from 'vscode';
import type { ChatMessage, ToolCall, ToolSpec } from '../../core/models/contract.ts';

type Said = Exclude<ChatMessage, { role: 'tool' }>;
type Result = Extract<ChatMessage, { role: 'tool' }>;

/** The instructions of the system come first, as a message of the user. Results of one reply's tools stay together. */
export function messagesOf(messages: readonly ChatMessage[]): vscode.LanguageModelChatMessage[] {
  const written: vscode.LanguageModelChatMessage[] = [];
  let results: vscode.LanguageModelToolResultPart[] = [];
  const flush = () => {
    if (results.length > 0) written.push(vscode.LanguageModelChatMessage.User(results));
    results = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') {
      results.push(resultOf(message));
      continue;
    }
    flush();
    written.push(messageOf(message));
  }
  flush();
  return written;
}

const resultOf = ({ callId, content }: Result) =>
  new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart(content)]);

function messageOf(message: Said): vscode.LanguageModelChatMessage {
  if (message.role !== 'assistant') return vscode.LanguageModelChatMessage.User(message.content);
  const { content, toolCalls } = message;
  const text = content === '' && toolCalls.length > 0 ? [] : [new vscode.LanguageModelTextPart(content)];
  return vscode.LanguageModelChatMessage.Assistant([...text, ...toolCalls.map(callOf)]);
}

const callOf = ({ id, name, arguments: text }: ToolCall) =>
  new vscode.LanguageModelToolCallPart(id, name, asObject(text));

/** What was no JSON object goes back as a quotation. */
function asObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Quoted below.
  }
  return text.trim() === '' ? {} : { unreadable: text };
}

export const toolsOf = (tools: readonly ToolSpec[]): vscode.LanguageModelChatTool[] =>
  tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: parameters }));
