/** What a run asks a person, and what they answer, as part of the conversation. */
import { PlanAnswer, QuestionAnswer, ReviewAnswer } from '../../../protocol/answers.ts';
import type { Ask, JournalLine } from '../../../protocol/events.ts';
import type { FeedItem, NeedView } from '../../../protocol/view.ts';

const PERSON = 'person';

/** What is said by a line about a question to the person; undefined: nothing. `need` is the question that the line answers. */
export function askedOf(line: JournalLine, need: NeedView | undefined): FeedItem | undefined {
  if (line.type === 'signal.opened') {
    if (line.data.kind !== 'question') return undefined;
    return messageOf(
      line,
      { from: askerOf(line.data), to: PERSON, text: questionText(line.data) },
      line.data,
    );
  }
  if (line.type !== 'signal.received' || !need) return undefined;
  const answer = answerTo(need.ask, line.data.value);
  return answer && messageOf(line, { from: PERSON, ...answer }, need.ask);
}

function messageOf(
  { seq, at }: JournalLine,
  said: { readonly from: string; readonly to: string; readonly text: string },
  { who }: Ask,
): FeedItem {
  const task = who?.task;
  return { kind: 'message', id: seq, at, ...said, ...(task !== undefined && { task }) };
}

const askerOf = ({ who }: Ask): string => who?.role ?? 'host';

const questionText = ({ title, options = [] }: Ask): string =>
  [title, ...(options.length === 0 ? [] : ['', ...options.map((option) => `- ${option}`)])].join('\n');

/** Words of a person that are not told elsewhere: a plan that is approved and a permission show as what follows from them. */
function answerTo(ask: Ask, value: unknown): { readonly to: string; readonly text: string } | undefined {
  if (ask.kind === 'question') {
    const answer = QuestionAnswer.safeParse(value);
    return answer.success ? { to: askerOf(ask), text: answer.data.text } : undefined;
  }
  if (ask.kind === 'plan') {
    const answer = PlanAnswer.safeParse(value);
    if (!answer.success || answer.data.decision !== 'revise') return undefined;
    return { to: ask.who?.role ?? 'planner', text: answer.data.reason };
  }
  if (ask.kind !== 'review') return undefined;
  const answer = ReviewAnswer.safeParse(value);
  if (!answer.success || answer.data.decision !== 'revise') return undefined;
  const text = remarksText(answer.data);
  return text === '' ? undefined : { to: 'team', text };
}

function remarksText({ remarks = [], rejected }: ReviewAnswer): string {
  const places = remarks.map(({ path, line, body }) => {
    const place = path === undefined ? '' : `\`${line === undefined ? path : `${path}:${line}`}\`: `;
    return `- ${place}${body}`;
  });
  const reasons = rejected.flatMap(({ path, reason }) =>
    reason === undefined ? [] : [`- \`${path}\`: ${reason}`],
  );
  return [...places, ...reasons].join('\n');
}
