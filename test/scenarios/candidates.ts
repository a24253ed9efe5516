/** Pieces of scenarios in which several coders work on one task. */
import assert from 'node:assert/strict';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { EventData } from '../../src/protocol/events.ts';
import type { Played, Scenario } from './check.ts';
import { agent, approve, call, edit, FILES, plan, result, script, task } from './parts.ts';

export const THREE = { candidates: 3 };
export const author = (candidate: number, ...replies: Parameters<typeof agent>[1]) =>
  agent('coder', replies, { candidate });
export const greet = (text: string) => [edit('src/greet.txt', 'helo', text), result(`Wrote ${text}.`)];
export const reviewer = (candidate: number, verdict = approve) =>
  agent('reviewer', [[verdict]], { candidate });
export const PLANNER = agent('planner', [[plan(task(THREE))]]);
const REMARK = { path: 'src/greet.txt', line: 1, severity: 'blocking', body: 'Say it nicer.' };
export const changes = call('submit_review', { verdict: 'request_changes', comments: [REMARK] });

/** The first is red for good, the second is green and long, the third green and short. */
export const AGENTS = [
  author(1, greet('damn'), [result('Still.')], [result('Still.')], [result('Still.')]),
  author(2, greet('hello\nand more\nand more')),
  author(3, greet('hello')),
];
export const DIAGNOSIS = agent(
  'qa',
  [1, 2, 3].map(() => [call('submit_diagnosis', { summary: 'It is rude.', causes: [] })]),
);
const TEAM = script(PLANNER, ...AGENTS, DIAGNOSIS, agent('reviewer', [[approve]]));
export const BASIC: Scenario = { files: FILES, script: TEAM };

export const chosenIn = ({ lines }: Played): readonly EventData<'candidate.chosen'>[] =>
  lines.flatMap((line) => (line.type === 'candidate.chosen' ? [line.data] : []));
export const boardOf = ({ view }: Played) => view.tasks[0]?.candidates ?? [];

export async function replays({ ports, id }: Played): Promise<void> {
  const report = await replayRun(ports, id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
  assert.ok(report.finished);
}
