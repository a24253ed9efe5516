/** Lets the person grant tools of other programs, one by one, in the form in which they describe themselves now. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { HostToolInfo } from '../../core/ports.ts';
import { digestOf, grantsOf, listHostTools } from '../host-tools.ts';
import { readSetting } from '../read-setting.ts';
import { t } from '../told.ts';
import { tellNothing } from './register.ts';

const ROLES = ['researcher', 'planner', 'coder', 'qa', 'reviewer', 'documenter'] as const;

interface ToolItem extends vscode.QuickPickItem {
  readonly tool: HostToolInfo;
}

/** Names of the tools that are granted now; undefined where the person left it as it was. */
export async function grantTools(): Promise<readonly string[] | undefined> {
  const there = listHostTools();
  const grants = grantsOf(readSetting);
  if (there.length === 0 && Object.keys(grants).length === 0) {
    tellNothing(t('No MCP server or extension offers a tool in this window.'));
    return undefined;
  }
  const items = there.map((tool): ToolItem => {
    const grant = grants[tool.name];
    const changed = grant !== undefined && grant.form !== digestOf(tool);
    return {
      tool,
      label: tool.name,
      ...(changed && { description: t('changed since you granted it') }),
      detail: plainText(tool.description).replace(/\s+/gu, ' '),
      picked: grant !== undefined && !changed,
    };
  });
  const title = t('Grant Tools of Other Programs');
  const picked = await vscode.window.showQuickPick(items, {
    title,
    canPickMany: true,
    matchOnDetail: true,
    placeHolder: t(
      'What agents may use. Each call asks you. A tool that changes its description has to be granted again.',
    ),
  });
  if (picked === undefined) return undefined;
  const roles =
    picked.length === 0
      ? []
      : await vscode.window.showQuickPick(ROLES, {
          title,
          canPickMany: true,
          placeHolder: t('Which roles may use what you just chose?'),
        });
  if (roles === undefined) return undefined;
  const next = Object.fromEntries(
    picked.map(({ tool }) => {
      const former = grants[tool.name];
      const kept = former?.form === digestOf(tool) ? former : { ask: 'always', roles };
      return [tool.name, { ...kept, form: digestOf(tool) }];
    }),
  );
  await vscode.workspace
    .getConfiguration('quartet')
    .update('mcp.tools', next, vscode.ConfigurationTarget.Global);
  return Object.keys(next);
}
