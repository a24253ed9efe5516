/**
 * Answers to what waits, from the palette. A question is shown as a whole before it is answered; one that is too long for that, or has
 * too many answers, is answered at its card.
 */
import * as vscode from 'vscode';
import { plainText } from '../../core/policy/terminal-text.ts';
import type { ApplyAnswer, PermissionAnswer, PlanAnswer, QuestionAnswer } from '../../protocol/answers.ts';
import type { Ask } from '../../protocol/events.ts';
import type { HandAnswer } from '../../protocol/people.ts';
import { partsOfPermission } from '../../protocol/permission-detail.ts';
import { suggestionFor } from '../../protocol/suggestion.ts';
import { t, told, toldWhy } from '../told.ts';
import type { Command, Commands } from './register.ts';
import { bring, pickWaiting, toReview, type Waiting, type WaitingNeeds } from './waiting.ts';

/** What a dialog shows as a whole, on every platform. */
const CHARS_MAX = 1_000;
const LINES_MAX = 15;
const BUTTONS_MAX = 4;

/** What comes of asking: an answer; the way to the card; or nothing, as the person backed out. */
type Asked = { readonly value: unknown } | 'card' | undefined;

interface Way extends vscode.MessageItem {
  readonly asked: () => Promise<Asked>;
}

const way = (title: string, value: unknown): Way => ({ title, asked: async () => ({ value }) });
const toCard = (): Way => ({ title: t('Show in the Panel'), asked: async () => 'card' });

const shown = (text: string): string => plainText(told(text));

/** In a dialog, whose buttons are the answers. */
async function inDialog(ask: Ask, detail: readonly string[], ways: readonly Way[]): Promise<Asked> {
  const [title, whole] = [shown(ask.title), detail.join('\n\n')];
  const text = `${title}\n${whole}`;
  const isTooMuch =
    text.length > CHARS_MAX || text.split('\n').length > LINES_MAX || ways.length > BUTTONS_MAX;
  if (isTooMuch) return 'card';
  const tell =
    ask.danger === undefined ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await tell(title, { modal: true, detail: whole }, ...ways, toCard());
  return await chosen?.asked();
}

/** In a list, for what is seen elsewhere as a whole. */
async function inList(ask: Ask, ways: readonly Way[]): Promise<Asked> {
  const items = [...ways, toCard()].map((each) => ({ label: each.title, each }));
  const chosen = await vscode.window.showQuickPick(items, { title: shown(ask.title) });
  return await chosen?.each.asked();
}

/** The words that an answer is made of; `undefined`: the person backed out. */
async function words(title: string, prompt: string): Promise<string | undefined> {
  return (await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true }))?.trim();
}

const detailOf = ({ detail }: Ask): readonly string[] =>
  detail === undefined || detail === '' ? [] : [shown(detail)];

async function permission({ need: { ask } }: Waiting): Promise<Asked> {
  const { what, why } = partsOfPermission(ask.detail ?? '');
  const { always = [], danger, role } = ask;
  const detail = [
    plainText(what),
    ...(danger === 'guarded' ? [t('Look closely: this touches a protected file.')] : []),
    ...(danger !== undefined && danger !== 'guarded'
      ? [t('Look closely: this may reach beyond the team’s working copy.')]
      : []),
    ...(why === undefined ? [] : [plainText(t('Why this asks: {0}.', toldWhy(why)))]),
    ...(role ? [t('Allow: the role is used as its file reads here, in later runs as well.')] : []),
    ...(always.length === 0
      ? []
      : [
          t(
            'Always allow this here: from now on in this workspace, without asking: {0}',
            plainText(always.join('; ')),
          ),
        ]),
  ];
  const withReason = async (): Promise<Asked> => {
    const reason = await words(t('Deny'), t('What should it do instead? Leave it empty to give no reason.'));
    if (reason === undefined) return undefined;
    return { value: { allow: false, ...(reason !== '' && { reason }) } satisfies PermissionAnswer };
  };
  // A role that is denied is replaced: nobody is there to read why.
  const deny = role
    ? way(t('Deny'), { allow: false } satisfies PermissionAnswer)
    : { title: t('Deny…'), asked: withReason };
  const allow = [
    way(t('Allow'), { allow: true } satisfies PermissionAnswer),
    ...(always.length === 0
      ? []
      : [way(t('Always allow this here'), { allow: true, always: true } satisfies PermissionAnswer)]),
  ];
  return await inDialog(ask, detail, danger === undefined ? [...allow, deny] : [deny, ...allow]);
}

async function question({ need: { ask } }: Waiting): Promise<Asked> {
  const { options = [], detail } = ask;
  // An agent's question has no detail; what the run itself asks has one, and its answers are ours.
  const asSaid = detail === undefined ? plainText : shown;
  const own = async (): Promise<Asked> => {
    const text = await words(t('Your answer'), [shown(ask.title), ...detailOf(ask)].join(' '));
    return text === undefined || text === '' ? undefined : { value: { text } satisfies QuestionAnswer };
  };
  const ways = [
    ...options.map((text) => way(asSaid(text), { text } satisfies QuestionAnswer)),
    { title: t('Answer in Your Own Words…'), asked: own },
  ];
  return await inDialog(ask, detailOf(ask), ways);
}

async function plan({ view, need: { ask, signal } }: Waiting): Promise<Asked> {
  const kind = suggestionFor(view, signal)?.kind;
  const end =
    kind === undefined
      ? t('End the run')
      : kind === 'breakdown'
        ? t('Do it in one go')
        : t('Leave the plan as it is');
  const sendBack = async (): Promise<Asked> => {
    const reason = await words(t('Send back'), t('What should the planner change?'));
    if (reason === undefined || reason === '') return undefined;
    return { value: { decision: 'revise', reason } satisfies PlanAnswer };
  };
  return await inList(ask, [
    way(t('Approve'), { decision: 'approve' } satisfies PlanAnswer),
    { title: t('Send back…'), asked: sendBack },
    way(end, { decision: 'end' } satisfies PlanAnswer),
  ]);
}

async function apply({ need: { ask } }: Waiting): Promise<Asked> {
  const [yes = t('Apply anyway'), no = t('Do not apply')] = ask.options ?? [];
  // Its files are resolved first, by the buttons of the card.
  if (ask.conflict !== undefined) return 'card';
  return await inDialog(ask, detailOf(ask), [
    way(shown(no), { apply: false } satisfies ApplyAnswer),
    way(shown(yes), { apply: true } satisfies ApplyAnswer),
  ]);
}

async function hand({ need: { ask } }: Waiting): Promise<Asked> {
  const give = async (): Promise<Asked> => {
    const summary = await words(t('Give back'), t('What did you change, and why? The reviewer reads it.'));
    if (summary === undefined) return undefined;
    return { value: { decision: 'give', ...(summary !== '' && { summary }) } satisfies HandAnswer };
  };
  return await inList(ask, [
    { title: t('Give back'), asked: give },
    way(t('Leave it to the team'), { decision: 'drop' } satisfies HandAnswer),
  ]);
}

/** A review is no question for a dialog: it leads to the change itself. */
const ASKED: Readonly<Record<Exclude<Ask['kind'], 'review'>, (waiting: Waiting) => Promise<Asked>>> = {
  permission,
  question,
  plan,
  apply,
  hand,
};

interface Given {
  readonly run: string;
  readonly signal: string;
  readonly value?: unknown;
}

const isGiven = (given: unknown): given is Given =>
  typeof given === 'object' &&
  given !== null &&
  'run' in given &&
  typeof given.run === 'string' &&
  'signal' in given &&
  typeof given.signal === 'string';

/** `given` comes from other extensions and tests, in place of asking. Resolves to the signal that was answered, or led to. */
function answerNeed(needs: WaitingNeeds): Command {
  const { desk } = needs;
  return async (given) => {
    if (isGiven(given)) {
      await desk.answer(given.run, given.signal, given.value);
      return given.signal;
    }
    const waiting = await pickWaiting(desk, t('Answer What Waits'));
    if (waiting === undefined) return undefined;
    const { view, need } = waiting;
    if (need.ask.kind === 'review') {
      await toReview(desk, waiting);
      return need.signal;
    }
    const asked = await ASKED[need.ask.kind](waiting);
    if (asked === undefined) return undefined;
    await (asked === 'card' ? bring(needs, waiting) : desk.answer(view.id, need.signal, asked.value));
    return need.signal;
  };
}

export const answeringCommands = (needs: WaitingNeeds) =>
  ({ answerNeed: answerNeed(needs) }) satisfies Commands;
