/** What only the editor can tell the doctor. */
import * as vscode from 'vscode';
import type { Facts, TeamFacts } from '../core/doctor/facts.ts';
import { grantedTools } from './host-tools.ts';
import { windowObstacle, workspaceFolder } from './obstacle.ts';
import { readSetting } from './read-setting.ts';

interface EditorFacts {
  readonly versions: { readonly editor: string };
  readonly folder: Facts['folder'];
  readonly network: Omit<Facts['network'], 'extraAuthorities' | 'unchecked'>;
  readonly testCommand: string | undefined;
  readonly hostTools: Pick<TeamFacts, 'granted' | 'changed'>;
}

export function editorFacts(): EditorFacts {
  const folder = workspaceFolder();
  const obstacle = windowObstacle()?.text;
  const testCommand = readSetting('testCommand');
  return {
    versions: { editor: `${vscode.env.appName} ${vscode.version}` },
    folder: {
      trusted: vscode.workspace.isTrusted,
      ...(folder !== undefined && { path: folder.uri.fsPath }),
      ...(obstacle !== undefined && { obstacle }),
    },
    network: networkFacts(),
    testCommand: typeof testCommand === 'string' ? testCommand : undefined,
    hostTools: hostToolFacts(),
  };
}

/** A setting that cannot be read is told where it is used. */
function hostToolFacts(): EditorFacts['hostTools'] {
  try {
    const { tools, changed } = grantedTools(readSetting);
    return { granted: tools.map(({ name }) => name), changed };
  } catch {
    return {};
  }
}

/** The editor's settings come before the environment, which it falls back to by itself. */
function networkFacts(): EditorFacts['network'] {
  const http = vscode.workspace.getConfiguration('http');
  const set = http.get<string>('proxy') ?? '';
  const { env } = process;
  const given =
    set !== '' ? set : (env['https_proxy'] ?? env['HTTPS_PROXY'] ?? env['http_proxy'] ?? env['HTTP_PROXY']);
  const noProxy = http.get<readonly string[]>('noProxy') ?? [];
  const isOff = http.get<string>('proxySupport') === 'off';
  return {
    ...(given !== undefined &&
      given !== '' && { proxy: URL.parse(given)?.origin ?? vscode.l10n.t('that is no address') }),
    ...(noProxy.length > 0 && { noProxy: noProxy.join(', ') }),
    ...(isOff && { proxyProblem: vscode.l10n.t('the setting {0} says "off".', 'http.proxySupport') }),
    systemOnlyByProxy: true,
    systemAuthorities: http.get<boolean>('systemCertificates') !== false,
  };
}
