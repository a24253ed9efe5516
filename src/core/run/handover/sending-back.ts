/** A new round: what a person sent back becomes a task of its own, on the change without what they rejected. */
import type { PlanSpec, TaskSpec } from '../../../protocol/plan.ts';
import { hunksOf } from '../../changes/hunks.ts';
import { decodeUtf8 } from '../../changes/encoding.ts';
import { acceptedTree, type Taking } from './accepting.ts';
import type { Work } from '../attempt.ts';
import { unitsOf } from '../plan/graph.ts';
import { createIntegration } from '../merge/integration.ts';
import { sentBackText, type SentBack } from './sent-back-text.ts';
import type { Run } from '../run.ts';
import { workOn } from '../work.ts';

/** What the next offer stands on, and what the person is told with it. */
export interface Reworked {
  readonly work: Work;
  readonly told: string;
}

/** Lets a coder work on what was sent back. What was not sent back stays, also where the rework fails. */
export async function sendBack(work: Work, taking: Taking): Promise<Reworked> {
  const { run } = work;
  const { plan, revision, tainted } = work.current;
  const tree = await acceptedTree(run, taking);
  const moved = tree === taking.tree;
  const integration = moved
    ? work.integration
    : createIntegration(run, { tree, verdict: undefined }, work.baseline);
  const task: TaskSpec = {
    id: `revision-${taking.revision}`,
    title: 'Rework what was sent back',
    description: sentBackText(await sentBack(run, taking), taking.answer.remarks ?? []),
    role: 'coder',
    depends_on: [],
    acceptance: [],
    priority: 0,
    gate: 'own',
    // One goes on with what is there: the person has seen it.
    candidates: 1,
  };
  const changed: PlanSpec = { ...plan, tasks: [...plan.tasks, task] };
  run.steps.record({
    type: 'plan.decided',
    key: task.id,
    data: { revision: taking.revision + 1000, approved: true, by: 'person', plan: changed },
  });
  const current = { plan: changed, revision, tainted, outgrown: new Set<string>() };
  const next: Work = { ...work, current, integration };
  const [unit] = unitsOf({ summary: '', tasks: [task] });
  const end = unit ? await workOn(next, unit) : 'failed';
  return { work: next, told: toldOf(end, moved) };
}

function toldOf(end: 'done' | 'failed', isWhole: boolean): string {
  if (end === 'done') return 'Reworked as you asked, and tested again.';
  const rest = isWhole
    ? 'It stands as it was.'
    : 'What you rejected is left out; what remains is tested before it is applied.';
  return `The rework of what you sent back failed. ${rest}`;
}

async function sentBack(run: Run, { revision, base, tree, answer }: Taking): Promise<readonly SentBack[]> {
  const whole = answer.rejected.filter(({ hunk }) => hunk === undefined);
  const parts = answer.rejected.filter(({ hunk }) => hunk !== undefined);
  if (parts.length === 0) return whole.map(({ path, reason }) => ({ path, reason, lines: [] }));
  const input = { base, tree, rejected: answer.rejected };
  const read = async (of: string, path: string): Promise<string> => {
    const bytes = await run.ports.copies.read(of, path);
    return (bytes && decodeUtf8(bytes)) ?? '';
  };
  const linesOf = async (path: string, id: string): Promise<string[]> => {
    const hunks = hunksOf(await read(base, path), await read(tree, path), 0);
    const lines = hunks.find((hunk) => hunk.id === id)?.lines ?? [];
    return lines.map(({ kind, text }) =>
      run.redactor.redact(`${kind === 'added' ? '+' : '-'} ${text.trimEnd()}`),
    );
  };
  return run.steps.step<SentBack[]>(
    `handover/${revision}/sent-back`,
    { kind: 'diff', title: 'Read what you sent back', input },
    async () => {
      const found: SentBack[] = [];
      for (const { path, hunk, reason } of answer.rejected)
        found.push({ path, reason, lines: hunk === undefined ? [] : await linesOf(path, hunk) });
      return found;
    },
  );
}
