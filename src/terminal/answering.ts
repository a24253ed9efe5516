/** From what a person types to the answer a question takes. */
import { ANSWERS } from '../protocol/answers.ts';
import type { NeedView, RunView } from '../protocol/view.ts';

/** The answer, or what would be one. */
export type Typed =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly hint: string };

const YES = /^(y|yes|allow|apply|approve|ok)$/i;
const ALWAYS = /^(a|always)$/i;
const NO = /^(n|no|deny|discard|end|reject)$/i;

const HINTS: Readonly<Record<NeedView['ask']['kind'], string>> = {
  plan: 'Type "approve", "end", or what should be different.',
  permission: 'Type "allow", "always" (allow this here from now on, where it is offered) or "deny".',
  question: 'Type your answer.',
  review: 'Type "apply", "discard", or what should be different.',
  apply: 'Type "apply" or "discard".',
  hand: 'Work in the folder named above. Type what you changed to give it back, or "drop" to leave it to the team.',
};

export function hintFor(need: NeedView, view: RunView): string {
  const isChoice =
    need.ask.kind === 'review' && view.tasks.some(({ candidates }) => candidates !== undefined);
  if (need.ask.role) return roleHint(need.ask.role);
  return `${HINTS[need.ask.kind]}${isChoice ? ' "candidate 2 of TASK" takes the work of another candidate.' : ''}`;
}

const roleHint = ({ instead }: NonNullable<NeedView['ask']['role']>): string =>
  `Type "allow" (the role is used as its file reads above, in later runs as well) or "deny" (${instead === undefined ? 'it is planned without' : `${instead} is asked instead`}).`;

/** Reads words, or JSON of the answer's own form. */
export function readAnswer(need: NeedView, typed: string, view: RunView): Typed {
  const text = typed.trim();
  const value = text.startsWith('{') ? fromJson(text) : fromWords(need, text, view);
  const checked = ANSWERS[need.ask.kind].safeParse(value);
  return checked.success ? { ok: true, value: checked.data } : { ok: false, hint: hintFor(need, view) };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "candidate 2", or "candidate 2 of fix" where several tasks had candidates. */
const CHOICE = /^(?:take |choose )?candidate (\d+)(?: of ([a-z0-9-]+))?$/iu;

function choiceIn(text: string, { tasks }: RunView): unknown {
  const [, number, named] = CHOICE.exec(text) ?? [];
  const boards = tasks.filter(({ candidates = [] }) => candidates.length > 0);
  const task = named ?? (boards.length === 1 ? boards[0]?.spec.id : undefined);
  if (task === undefined) return undefined;
  return { decision: 'choose', accepted: [], rejected: [], choice: { task, candidate: Number(number) } };
}

function fromWords(need: NeedView, text: string, view: RunView): unknown {
  const [yes, no] = [YES.test(text), NO.test(text)];
  const paths = (view.changes?.files ?? []).map((file) => file.path);
  switch (need.ask.kind) {
    case 'plan':
      if (yes || no) return { decision: yes ? 'approve' : 'end' };
      return { decision: 'revise', reason: text };
    case 'permission':
      if (ALWAYS.test(text)) return need.ask.always ? { allow: true, always: true } : undefined;
      return yes || no ? { allow: yes } : undefined;
    case 'question':
      return text === '' ? undefined : { text };
    case 'review':
      if (CHOICE.test(text)) return choiceIn(text, view);
      if (yes) return { decision: 'apply', accepted: paths, rejected: [] };
      if (no || text === '')
        return no
          ? { decision: 'discard', accepted: [], rejected: paths.map((path) => ({ path })) }
          : undefined;
      return { decision: 'revise', accepted: [], rejected: [], remarks: [{ body: text }] };
    case 'hand':
      return /^drop$/i.test(text)
        ? { decision: 'drop' }
        : { decision: 'give', ...(text !== '' && { summary: text }) };
    case 'apply':
      return yes || no ? { apply: yes } : undefined;
  }
}
