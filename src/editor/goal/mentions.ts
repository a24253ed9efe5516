/** Mentions in a goal: what they may be, and what they stand for when the run begins. */
import * as vscode from 'vscode';
import { confine } from '../../core/policy/paths.ts';
import { placeStands, withMentioned } from '../../core/run/mentioned.ts';
import type { Mention } from '../../protocol/mentions.ts';
import { workspaceFolder } from '../obstacle.ts';
import { attached, placeText, problemsText } from './attach.ts';
import { holds, pathPattern, plainQuery, ranked } from './place-patterns.ts';
import { ownChanges, pathOf, problemsHere, spotInFront } from './surroundings.ts';

/** Files and folders that are offered at a time, and files that are looked through for it. */
const FILES_MAX = 12;
const FOLDERS_MAX = 4;
const SEARCHED_MAX = 400;

const NOT_LOOKED_IN = '**/{node_modules,.git,dist,out}/**';

/** Files and folders whose path holds `query`; where none does, files that have its letters in order. */
export async function findPlaces(query: string): Promise<readonly Mention[]> {
  const plain = plainQuery(query);
  const [found, inside] = await Promise.all([
    find(pathPattern(plain)),
    plain === '' ? [] : find(`${pathPattern(plain)}/**`),
  ]);
  const folders = [...new Set([...found, ...inside].flatMap(foldersOf))];
  const fits = (path: string): boolean => holds(path, plain);
  const files = ranked(found.filter(fits), plain);
  const places = [
    ...files.slice(0, FILES_MAX).map((path) => ({ kind: 'file', path }) as const),
    ...ranked(folders.filter(fits), plain)
      .slice(0, FOLDERS_MAX)
      .map((path) => ({ kind: 'folder', path }) as const),
  ];
  if (places.length > 0 || plain.length < 2) return places;
  const loose = ranked(await find(pathPattern(plain, { loose: true })), plain);
  return loose.slice(0, FILES_MAX).map((path) => ({ kind: 'file', path }) as const);
}

/** Paths of files of the team's folder that the pattern fits. */
async function find(pattern: string): Promise<readonly string[]> {
  const folder = workspaceFolder();
  if (folder === undefined) return [];
  const found = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, pattern),
    new vscode.RelativePattern(folder, NOT_LOOKED_IN),
    SEARCHED_MAX,
  );
  return found.flatMap((uri) => pathOf(uri) ?? []);
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** The goal with what it mentions after it. Mentions of what is not there say so: the team must not guess. */
export const expandGoal = (goal: string): Promise<string> => withMentioned(goal, standsFor);

async function standsFor(mention: Mention): Promise<string> {
  switch (mention.kind) {
    case 'selection': {
      const spot = spotInFront();
      return spot ? placeText(spot.path, spot.lines) : 'no file of this project is open in front.';
    }
    case 'problems': {
      const problems = problemsHere();
      return problems.length === 0
        ? 'the editor shows no errors or warnings.'
        : `what the editor reports:\n${attached('problems', problemsText(problems))}`;
    }
    case 'diff': {
      const diff = await ownChanges();
      return diff === ''
        ? 'nothing is changed since the last commit.'
        : `what the person has changed since the last commit:\n${attached('diff', diff)}`;
    }
    default:
      return placeStands(mention, await kindOf(mention.path));
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const folder = workspaceFolder();
  const place = confine(path);
  if (folder === undefined || !place.ok) return undefined;
  return await vscode.workspace.fs.stat(vscode.Uri.joinPath(folder.uri, place.path)).then(
    ({ type }) => ((type & vscode.FileType.Directory) === 0 ? 'file' : 'folder'),
    () => undefined,
  );
}
