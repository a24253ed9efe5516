/** What the person has set. */
import * as vscode from 'vscode';
import { workspaceFolder } from './obstacle.ts';

/** Reads `quartet.<key>`; `undefined` where nothing is set and there is no default. */
export type ReadSetting = (key: string) => unknown;

/** Reads the configuration that holds for the team's folder. */
export const readSetting: ReadSetting = (key) =>
  vscode.workspace.getConfiguration('quartet', workspaceFolder()?.uri).get<unknown>(key);
