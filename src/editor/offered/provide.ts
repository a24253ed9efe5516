/** The tools that other assistants may use: there at once, loaded when the first of them is used. */
import * as vscode from 'vscode';

export type ToolName = 'quartet_run' | 'quartet_test' | 'quartet_status' | 'quartet_findings';

const NAMES: Readonly<Record<ToolName, true>> = {
  quartet_run: true,
  quartet_test: true,
  quartet_status: true,
  quartet_findings: true,
};

/** Input is what the other assistant gave, whatever that is. */
export interface Offered {
  prepare(input: unknown): vscode.PreparedToolInvocation;
  invoke(input: unknown, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult>;
}

export function offerTools(load: () => Promise<Readonly<Record<ToolName, Offered>>>): vscode.Disposable {
  const ends = (Object.keys(NAMES) as ToolName[]).map((name) =>
    vscode.lm.registerTool<unknown>(name, {
      prepareInvocation: async ({ input }) => (await load())[name].prepare(input),
      invoke: async ({ input }, token) => await (await load())[name].invoke(input, token),
    }),
  );
  return vscode.Disposable.from(...ends);
}
