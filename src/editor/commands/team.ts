/** What a person tells a team at work: a message, one of theirs that nobody read, another plan, a task that they do themselves. */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import { readSaid } from '../../protocol/people.ts';
import { deadText, isDead, isUnread, type MessageView } from '../../protocol/team-view.ts';
import type { RunEntry, RunView } from '../../protocol/view.ts';
import { mayTake, openNeed } from '../context-keys.ts';
import type { Desk } from '../desk.ts';
import { canResume, isAtWork } from '../run-status.ts';
import { chooseAmong } from './choose-run.ts';
import { tellNothing, type Command, type Commands } from './register.ts';
import { roleName } from '../role-name.ts';
import { t, told } from '../told.ts';

export interface TeamCommandNeeds {
  readonly desk: Desk;
  readonly showPanel: () => Promise<void>;
}

/** The run meant, as it is now. */
async function runFor(
  desk: Desk,
  given: unknown,
  title: string,
  fits: (entry: RunEntry) => boolean = ({ status }) => isAtWork(status),
): Promise<RunView | undefined> {
  const run = await chooseAmong(desk, given, { title, fits });
  return run === undefined ? undefined : await (await desk.connect()).views.view(run);
}

/** `text` and `to` come from other extensions and tests. */
function steer({ desk }: TeamCommandNeeds): Command {
  return async (given, text, to) => {
    const title = t('Message the Team');
    const view = await runFor(desk, given, title);
    if (view === undefined) return undefined;
    const said = typeof text === 'string' ? text : await askForText(view, title);
    if (said === undefined || said.trim() === '') return undefined;
    const meant = typeof to === 'string' ? { text: said, to } : readSaid(said);
    await desk.steer(view.id, meant.text, meant.to);
    return view.id;
  };
}

function askForText({ agents }: RunView, title: string): Thenable<string | undefined> {
  const roles = [...new Set(agents.map(({ role }) => `@${role}`))];
  return vscode.window.showInputBox({
    title,
    prompt: roles.length === 0 ? '' : t('Begin with {0} to tell one of them only.', roles.join(', ')),
    placeHolder: t('It is read between two turns.'),
    ignoreFocusOut: true,
  });
}

/** Says to whom a message may go: whoever it was for first. */
async function askForReader(
  { agents }: RunView,
  { to }: MessageView,
  title: string,
): Promise<string | undefined> {
  const roles = [...new Set([to, ...agents.map(({ role }) => role), 'team'])];
  const items = roles.map((role) => ({
    role,
    label: roleName(role),
    ...(role === to && { description: t('as before') }),
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder: t('Who is to read it?') }))?.role;
}

async function chooseMessage(
  { team }: RunView,
  given: unknown,
  title: string,
): Promise<MessageView | undefined> {
  const unread = (team?.messages ?? []).filter(isUnread);
  if (given !== undefined) return unread.find(({ id }) => id === given);
  const items = unread.map((message) => ({
    message,
    label: plainText(message.text).split('\n')[0] ?? '',
    description: `${roleName(message.from)} → ${roleName(message.to)}`,
    ...(isDead(message) && { detail: told(deadText(message)) }),
  }));
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true }))?.message;
}

/** `message` is its id, `to` whoever is to read it; what is absent is asked for. */
function resend({ desk }: TeamCommandNeeds): Command {
  return async (given, message, to) => {
    const title = t('Send an Unread Message Again');
    const view = await runFor(desk, given, title, ({ status }) => canResume(status));
    if (view === undefined) return undefined;
    if (!(view.team?.messages ?? []).some(isUnread)) {
      tellNothing(t('Every message of this run was read.'));
      return undefined;
    }
    const chosen = await chooseMessage(view, message, title);
    if (chosen === undefined) return undefined;
    const reader = typeof to === 'string' ? to : await askForReader(view, chosen, title);
    if (reader === undefined) return undefined;
    await desk.resend(view.id, chosen.id, reader);
    return chosen.id;
  };
}

/** Opens the plan in the panel to be changed: the one that waits, or the one that is carried out. */
function changePlan({ desk, showPanel }: TeamCommandNeeds): Command {
  return async (given) => {
    const view = await runFor(desk, given, t('Change the Plan'));
    if (view === undefined) return undefined;
    if (openNeed(view, 'plan') === undefined && view.plan?.decided !== 'approved') {
      tellNothing(t('This run has no plan yet.'));
      return undefined;
    }
    await desk.show({ run: view.id, place: 'plan' });
    await showPanel();
    return view.id;
  };
}

/** Opens the search of the conversation in the panel. */
function searchTalk({ desk, showPanel }: TeamCommandNeeds): Command {
  return async (given) => {
    const view = await runFor(desk, given, t('Search the Conversation'), () => true);
    if (view === undefined) return undefined;
    await desk.show({ run: view.id, place: 'search' });
    await showPanel();
    return view.id;
  };
}

/** `task` comes from other extensions and tests. */
function takeTask({ desk, showPanel }: TeamCommandNeeds): Command {
  return async (given, task) => {
    const title = t('Do a Task Yourself');
    const view = await runFor(desk, given, title);
    if (view === undefined) return undefined;
    const tasks = view.tasks.filter((each) => mayTake(view, each));
    if (tasks.length === 0) {
      tellNothing(t('No task of this run can be taken over now.'));
      return undefined;
    }
    const items = tasks.map(({ spec }) => ({
      label: plainText(spec.title),
      description: roleName(spec.role),
      id: spec.id,
    }));
    const chosen =
      typeof task === 'string' ? task : (await vscode.window.showQuickPick(items, { title }))?.id;
    if (chosen === undefined) return undefined;
    await desk.change(view.id, { do: 'take', task: chosen });
    await showPanel();
    return chosen;
  };
}

/** Opens the working copy of a task that the person does, in a window of its own; `signal` names the task's question. */
function openByHand({ desk }: TeamCommandNeeds): Command {
  return async (given, signal) => {
    const title = t('Open the Working Copy of Your Task');
    const view = await runFor(desk, given, title, ({ status }) => canResume(status));
    const hands = (view?.needs ?? []).filter(({ ask }) => ask.kind === 'hand' && ask.folder !== undefined);
    if (hands.length === 0) {
      tellNothing(t('You do no task of this run.'));
      return undefined;
    }
    const items = hands.map((need) => ({ label: plainText(told(need.ask.title)), need }));
    const named = hands.find((need) => need.signal === signal);
    const need =
      named ?? (items.length === 1 ? hands[0] : (await vscode.window.showQuickPick(items, { title }))?.need);
    if (need?.ask.folder === undefined) return undefined;
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(need.ask.folder), {
      forceNewWindow: true,
    });
    return need.signal;
  };
}

/** All need a trusted folder. */
export const teamCommands = (needs: TeamCommandNeeds) =>
  ({
    steer: steer(needs),
    resendMessage: resend(needs),
    changePlan: changePlan(needs),
    searchTalk: searchTalk(needs),
    takeTask: takeTask(needs),
    openByHand: openByHand(needs),
  }) satisfies Commands;
