/** Runs that change nothing: a question to the team, and the tests with QA's diagnosis. */
import { DiagnosisHandover, FindingsHandover } from '../../protocol/handover.ts';
import type { GateReport } from '../../protocol/events.ts';
import { takeBaseline, type Baseline } from './gate/baseline.ts';
import { goalText } from './attached.ts';
import { conversationText, startTree } from './following.ts';
import { report } from './gate/gate.ts';
import { judge } from './gate/judging.ts';
import type { Finish } from './handover/handover.ts';
import { createPlace } from './place.ts';
import { answeringRole, asked } from './agents/named.ts';
import { diagnosisText } from './agents/prompts.ts';
import { recruit } from './agents/recruit.ts';
import type { Run } from './run.ts';

/** A researcher, or whom the person names, answers from the code, with sources. */
export async function answerQuestion(run: Run, base: string): Promise<Finish> {
  const { tree } = await startTree(run, base);
  const place = createPlace(run, { id: 'ask', base, tree, scope: [] });
  const role = await answeringRole(run);
  const fit = role === 'researcher' ? {} : { as: asked };
  const agent = recruit(run, { role, key: 'ask', attempt: 1, place, ...fit });
  const before = conversationText(run);
  const say = [...(before === '' ? [] : [before]), `Question: ${goalText(run)}`].join('\n\n');
  const end = await agent.work(say, 0, run.images);
  run.team.bus.leave(agent.who.agent);
  await place.dispose('ask/discard');
  const found = end.kind === 'handover' ? FindingsHandover.safeParse(end.value) : undefined;
  if (!found?.success)
    return {
      outcome: 'failed',
      message: `There is no answer: ${end.kind === 'failed' ? end.why : 'it cannot be read'}`,
      partial: false,
    };
  const { summary, sources } = found.data;
  run.steps.record({ type: 'answer.written', key: 'answer', data: { text: summary, sources } });
  return { outcome: 'answered', message: 'Answered.', partial: false };
}

/** Runs the tests as they are; QA reads what fails, where that is wanted. All green costs no model call. */
export async function testAndDiagnose(run: Run, base: string): Promise<Finish> {
  const baseline = await takeBaseline(run, base);
  const found = alone(run, baseline);
  report(run, { scope: 'integrated', round: 0, report: found });
  const { passed, failed, skipped } = baseline.run.report.totals;
  const counted = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  const end = (text: string, message: string): Finish => {
    const isSaid =
      baseline.run.reached !== undefined && baseline.note !== undefined && text.includes(baseline.note);
    const part = baseline.note === undefined || isSaid ? '' : ` ${baseline.note}`;
    say(run, text + part);
    return { outcome: 'answered', message: message + part, partial: false };
  };
  if (!baseline.setup.found || baseline.run.report.status === 'none') {
    const why = baseline.setup.found
      ? `No results could be read. ${found.reasons.join(' ')}`
      : baseline.setup.why;
    return { ...end(why, why), outcome: 'notProved' };
  }
  if (failed + baseline.run.report.errors.length === 0) {
    if (run.settings.qa === undefined || found.verdict === 'green')
      return end(`All green: ${counted}.`, `The tests pass: ${counted}.`);
    const why = `Not proved: ${counted}. ${found.reasons.join(' ')}`;
    return { ...end(why, why), outcome: 'notProved' };
  }
  if (run.settings.qa?.diagnose === false) return end(`${counted}.`, `The tests fail: ${counted}.`);
  await diagnose(run, base, found);
  return { outcome: 'answered', message: `The tests fail: ${counted}.`, partial: false };
}

function say(run: Run, text: string): void {
  run.steps.record({ type: 'answer.written', key: 'answer', data: { text, sources: [] } });
}

/** There is nothing to compare with: what fails is red. */
function alone(run: Run, baseline: Baseline): GateReport {
  const found = judge(baseline, baseline.run, '');
  if (run.settings.qa === undefined) return found;
  const { totals, errors } = baseline.run.report;
  const broken = totals.failed + errors.length;
  const part = baseline.note === undefined ? [] : [baseline.note];
  // Where its time was up, what is missing of it is not the base's doing.
  const own = found.reasons.filter(
    (reason) => baseline.run.reached === undefined || !reason.startsWith('The run on the base '),
  );
  const reasons = [...part, ...own].map((reason) => reason.replace(/ fails as on the base\b/, ' fails'));
  return {
    ...found,
    reasons,
    ...(broken > 0 && { verdict: 'red' as const }),
    ...(part.length > 0 && { part: true }),
  };
}

async function diagnose(run: Run, base: string, found: GateReport): Promise<void> {
  const place = createPlace(run, { id: 'qa', base, tree: base, scope: [] });
  const agent = recruit(run, { role: 'qa', key: 'qa', attempt: 1, place });
  const end = await agent.work(
    diagnosisText({ task: 'qa', attempt: 1, report: found, diff: '' }, run.fence),
    0,
  );
  run.team.bus.leave(agent.who.agent);
  await place.dispose('qa/discard');
  const diagnosis = end.kind === 'handover' ? DiagnosisHandover.safeParse(end.value) : undefined;
  if (!diagnosis?.success) return;
  const causes = diagnosis.data.causes.map(
    (cause) => `- **${cause.test}**: ${cause.cause}\n  ${cause.suggestion}`,
  );
  say(run, [diagnosis.data.summary, ...causes].join('\n'));
}
