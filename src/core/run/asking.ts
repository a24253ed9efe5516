/** Runs that change nothing: a question to the team, and the tests with QA's diagnosis. */
import { DiagnosisHandover, FindingsHandover } from '../../protocol/handover.ts';
import type { GateReport } from '../../protocol/events.ts';
import { conversationText, startTree } from './following.ts';
import { report, takeBaseline } from './gate.ts';
import { judge } from './judging.ts';
import type { Finish } from './handover.ts';
import { createPlace } from './place.ts';
import { diagnosisText } from './prompts.ts';
import { recruit } from './recruit.ts';
import type { Run } from './run.ts';

/** A researcher answers from the code, with sources. */
export async function answerQuestion(run: Run, base: string): Promise<Finish> {
  const { tree } = await startTree(run, base);
  const place = createPlace(run, { id: 'ask', base, tree, scope: [] });
  const agent = recruit(run, { role: 'researcher', key: 'ask', attempt: 1, place });
  const before = conversationText(run);
  const say = [...(before === '' ? [] : [before]), `Question: ${run.goal}`].join('\n\n');
  const end = await agent.work(say, 0, run.images);
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

/** Runs the tests as they are; QA reads what fails. All green costs no model call. */
export async function testAndDiagnose(run: Run, base: string): Promise<Finish> {
  const baseline = await takeBaseline(run, base);
  const found = judge(baseline, baseline.run, '');
  report(run, { scope: 'integrated', round: 0, report: found });
  const { passed, failed, skipped } = baseline.run.report.totals;
  const counted = `${passed} passed, ${failed} failed, ${skipped} skipped`;
  if (!baseline.setup.found || baseline.run.report.status === 'none') {
    const why = baseline.setup.found
      ? `No results could be read. ${found.reasons.join(' ')}`
      : baseline.setup.why;
    run.steps.record({ type: 'answer.written', key: 'answer', data: { text: why, sources: [] } });
    return { outcome: 'notProved', message: why, partial: false };
  }
  if (failed + baseline.run.report.errors.length === 0) {
    run.steps.record({
      type: 'answer.written',
      key: 'answer',
      data: { text: `All green: ${counted}.`, sources: [] },
    });
    return { outcome: 'answered', message: `The tests pass: ${counted}.`, partial: false };
  }
  await diagnose(run, base, found);
  return { outcome: 'answered', message: `The tests fail: ${counted}.`, partial: false };
}

async function diagnose(run: Run, base: string, found: GateReport): Promise<void> {
  const place = createPlace(run, { id: 'qa', base, tree: base, scope: [] });
  const agent = recruit(run, { role: 'qa', key: 'qa', attempt: 1, place });
  const end = await agent.work(
    diagnosisText({ task: 'qa', attempt: 1, report: found, diff: '' }, run.fence),
    0,
  );
  await place.dispose('qa/discard');
  const diagnosis = end.kind === 'handover' ? DiagnosisHandover.safeParse(end.value) : undefined;
  if (!diagnosis?.success) return;
  const causes = diagnosis.data.causes.map(
    (cause) => `- **${cause.test}**: ${cause.cause}\n  ${cause.suggestion}`,
  );
  run.steps.record({
    type: 'answer.written',
    key: 'answer',
    data: { text: [diagnosis.data.summary, ...causes].join('\n'), sources: [] },
  });
}
