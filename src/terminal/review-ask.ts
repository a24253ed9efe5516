/** `quartet review RUN --ask PATH:N=QUESTION`: the team is asked about a part of a change, in a run of its own that changes nothing. */
import { randomBytes } from 'node:crypto';
import { attachedText } from '../core/policy/untrusted.ts';
import { explain } from '../core/run/handover/provenance.ts';
import { questionText } from '../core/run/handover/question-text.ts';
import { offeredBy } from './review-command.ts';
import { named } from './review-choices.ts';
import type { Desk } from './run-commands.ts';
import type { Begin } from './test-commands.ts';
import { UsageError } from './usage-error.ts';

/** Exit code of the run that answers. `begin` starts it where the change is proposed. */
export async function askAboutChange(desk: Desk, run: string, begin: Begin): Promise<number> {
  const [, place, question] = /^([^=]+)=(.*\S.*)$/su.exec(desk.options.review.ask ?? '') ?? [];
  if (place === undefined || question === undefined)
    throw new UsageError('--ask takes PATH:N=QUESTION, with the number that "quartet review" shows.');
  const view = await desk.house.views.view(run);
  const offered = await offeredBy(desk, view);
  const { path, number } = named(place, offered);
  const hunks = offered.find(({ file }) => file.path === path)?.hunks ?? [];
  const hunk =
    number === undefined && hunks.length === 1 ? hunks[0] : hunks.find((each) => each.number === number);
  if (hunk === undefined)
    throw new UsageError(
      hunks.length === 0
        ? `${path} has no parts to ask about.`
        : `Say which part of ${path} is meant: --ask "${path}:1=…" to ${hunks.length}.`,
    );
  const about = { path, hunk, record: explain(view, path, hunk) };
  const goal = questionText(question.trim(), about, (origin, text) =>
    attachedText(text, origin, randomBytes(6).toString('hex')),
  );
  return (await begin(goal, { ...desk.options, mode: 'ask' })).code;
}
