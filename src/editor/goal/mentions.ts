/** Mentions in a goal: what they may be, and what they stand for when the run begins. */
import * as vscode from 'vscode';
import type { Mention } from '../../protocol/mentions.ts';
import { attached, placeText, problemsText } from './attach.ts';
import { ownChanges, pathOf, problemsHere, spotInFront } from './surroundings.ts';

/** Files that are offered at a time, and that are looked through for it. */
const OFFERED_MAX = 12;
const SEARCHED_MAX = 400;

/** Signs that mean something in a pattern of files. */
const PATTERN_SIGNS = /[^\w./@ -]/gu;

/** Files and folders whose path holds `query`. */
export async function findPlaces(query: string): Promise<readonly Mention[]> {
  const plain = query.replace(PATTERN_SIGNS, '');
  const loose = plain.split('').join('*');
  const found = await vscode.workspace.findFiles(
    `**/*${loose}*`,
    '**/{node_modules,.git,dist,out}/**',
    SEARCHED_MAX,
  );
  const inFolders =
    plain === ''
      ? []
      : await vscode.workspace.findFiles(
          `**/*${loose}*/**`,
          '**/{node_modules,.git,dist,out}/**',
          SEARCHED_MAX,
        );
  const paths = found.flatMap((uri) => pathOf(uri) ?? []);
  const folders = new Set([...found, ...inFolders].flatMap((uri) => foldersOf(pathOf(uri) ?? '')));
  const fits = (path: string): boolean => path.toLowerCase().includes(plain.toLowerCase());
  const byLength = (one: string, other: string): number =>
    one.length - other.length || one.localeCompare(other);
  return [
    ...paths
      .filter(fits)
      .toSorted(byLength)
      .slice(0, OFFERED_MAX)
      .map((path) => ({ kind: 'file', path }) as const),
    ...[...folders]
      .filter(fits)
      .toSorted(byLength)
      .slice(0, 4)
      .map((path) => ({ kind: 'folder', path }) as const),
  ];
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

const MENTION = /(?:^|(?<=\s))#(selection|problems|diff|(?:file|folder):(?:"[^"\n]+"|\S+))/gu;

/** The goal with what it mentions after it. Mentions of what is not there say so: the team must not guess. */
export async function expandGoal(goal: string): Promise<string> {
  const named = new Set([...goal.matchAll(MENTION)].map(([, name = '']) => name.replace(/[.,;:!?]+$/u, '')));
  if (named.size === 0) return goal;
  const parts: string[] = [];
  for (const name of named) parts.push(`#${name}: ${await standsFor(name)}`);
  return `${goal}\n\nWhat is mentioned above:\n\n${parts.join('\n\n')}`;
}

async function standsFor(name: string): Promise<string> {
  const [kind, named = ''] = name.split(/:(.*)/su);
  const path = named.replace(/^"(.*)"$/u, '$1');
  switch (kind) {
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
    case 'folder':
      return `the folder ${path}`;
    default:
      return `the file ${path}`;
  }
}
