/** Commands for the change that a run applied: take it back, commit it, tell of it in a pull request. */
import * as vscode from 'vscode';
import type { UndoPreview } from '../../core/run/contract.ts';
import { commitMessage, pullRequestText } from '../../core/run/handover/commit-message.ts';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { RunEntry, RunView } from '../../protocol/view.ts';
import type { Desk } from '../desk.ts';
import { chooseAmong } from './choose-run.ts';
import { t, told } from '../told.ts';
import { tellNothing } from './register.ts';

const tell = (text: string): void => void vscode.window.showInformationMessage(`Quartet: ${told(text)}`);

const isOver = ({ status }: RunEntry): boolean => status === 'finished' || status === 'failed';

/** A run whose change is applied; undefined where the person chose none, or nothing is applied. */
async function appliedRun(desk: Desk, given: unknown, title: string): Promise<RunView | undefined> {
  const run = await chooseAmong(desk, given, { title, fits: isOver });
  if (run === undefined) return undefined;
  const { views } = await desk.connect();
  const view = await views.view(run);
  if (view.changes?.applied !== undefined && view.changes.undone !== true) return view;
  tellNothing(t('No change of this run is applied.'));
  return undefined;
}

/** Shows what would be put back, then does it. */
export async function undo(desk: Desk, given: unknown, sure: unknown): Promise<boolean> {
  const view = await appliedRun(desk, given, t('Undo Applied Change'));
  if (view === undefined) return false;
  const engine = await desk.engine();
  const yes = t('Undo');
  const message = t('Put these files back to how they were before the run? What you changed since is kept.');
  const options = {
    modal: true,
    detail: sure === true ? '' : previewText(await engine.previewUndo(view.id)),
  };
  const answer = sure === true ? yes : await vscode.window.showWarningMessage(message, options, yes);
  if (answer !== yes) return false;
  const end = await engine.undo(view.id);
  tell(end.message);
  return end.done;
}

function previewText({ files, changedSince, conflicts }: UndoPreview): string {
  const since = new Set(changedSince);
  const said = { 'put back': t('put back'), 'brought back': t('brought back'), removed: t('removed') };
  const lines = files.map(({ path, how }) =>
    since.has(path)
      ? t('{0}: {1}, keeping what you changed since', path, said[how])
      : `${path}: ${said[how]}`,
  );
  const left = conflicts.map(({ path, why }) => t('{0}: stays as you have it ({1})', path, told(why)));
  return [...lines, ...left].join('\n');
}

/** Asks where to, shows the message to be changed, commits. `where` answers for the person: a new branch, or "" for the present one. */
export async function commitChange(desk: Desk, given: unknown, where: unknown): Promise<boolean> {
  const view = await appliedRun(desk, given, t('Commit Applied Changes'));
  if (view === undefined) return false;
  const engine = await desk.engine();
  const { mixed, branch: present } = await engine.previewCommit(view.id);
  const branch = typeof where === 'string' ? where : await chooseBranch(view, present);
  if (branch === undefined) return false;
  const written = commitMessage(view);
  const title = commitTitle(branch === '' ? present : branch);
  const message = typeof where === 'string' ? written : await editedMessage(written, title);
  if (message === undefined) return false;
  if (mixed.length > 0 && typeof where !== 'string' && !(await wantsMixed(mixed, title))) return false;
  const request = { message, ...(branch !== '' && { branch }) };
  const end = await engine.commit(view.id, request);
  if (end.done) tell(mixed.length > 0 ? `${end.message} ${mixedText(mixed)}` : end.message);
  else void vscode.window.showWarningMessage(`Quartet: ${told(end.message)}`);
  return end.done;
}

/** What is asked about, with the branch that it goes to, as far as that has a name. */
function commitTitle(branch: string | undefined): string {
  const what = t('Commit Applied Changes');
  return branch === undefined ? what : `${what}: ${plainText(branch)}`;
}

const mixedText = (paths: readonly string[]): string =>
  t('Changes of yours that were not committed before are in it: {0}', paths.join(', '));

/** The commit would hold what the person had not committed; they decide. */
async function wantsMixed(paths: readonly string[], title: string): Promise<boolean> {
  const yes = t('Commit Both');
  const message = t('Commit your own changes together with those of the run?');
  const detail = t(
    'Before the change was applied, these files held changes of yours that were not committed: {0}',
    paths.join(', '),
  );
  return (
    (await vscode.window.showWarningMessage(message, { modal: true, detail: `${title}\n${detail}` }, yes)) ===
    yes
  );
}

/** "" for the branch that is checked out, which is `present`. */
async function chooseBranch({ id }: RunView, present: string | undefined): Promise<string | undefined> {
  const here = {
    label: t('On the branch that is checked out'),
    ...(present !== undefined && { description: plainText(present) }),
    fresh: false,
  };
  const fresh = { label: t('On a new branch…'), fresh: true };
  const title = t('Commit Applied Changes');
  const placeHolder = t('Only the files of the run are committed. Your hooks run; nothing is pushed.');
  const chosen = await vscode.window.showQuickPick([here, fresh], { title, placeHolder });
  if (chosen?.fresh !== true) return chosen === undefined ? undefined : '';
  const name = await vscode.window.showInputBox({
    title,
    prompt: t('Name of the new branch'),
    value: `quartet/${id.slice(-8)}`,
    validateInput: (value) => (value.trim() === '' ? t('A branch needs a name.') : undefined),
  });
  return name?.trim();
}

/** The first line may be changed; the rest is the evidence. */
async function editedMessage(written: string, title: string): Promise<string | undefined> {
  const [first = '', ...rest] = written.split('\n');
  const line = await vscode.window.showInputBox({
    title,
    prompt: t('First line of the message. What was done and the test evidence follow.'),
    value: first,
    validateInput: (value) => (value.trim() === '' ? t('A commit needs a message.') : undefined),
  });
  return line === undefined ? undefined : [line.trim(), ...rest].join('\n');
}

/** Puts the text for a pull request on the clipboard. */
export async function copyPullRequest(desk: Desk, given: unknown): Promise<boolean> {
  const run = await chooseAmong(desk, given, { title: t('Copy Pull Request Text') });
  if (run === undefined) return false;
  const { views } = await desk.connect();
  await vscode.env.clipboard.writeText(pullRequestText(await views.view(run)));
  tell(t('The pull request text is on the clipboard.'));
  return true;
}
