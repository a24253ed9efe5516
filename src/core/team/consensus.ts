/** What several who were asked the same come to, and what makes a change risky enough to ask several. Pure. */
import type { ConsensusData, ConsensusSettings, Vote } from '../../protocol/consensus.ts';
import type { ChangedFile, GateReport } from '../../protocol/events.ts';
import { protectedPath } from '../policy/protected.ts';

/** More than half of all who were asked must approve: who gave no vote did not. A tie asks for changes. */
export function tally(votes: readonly Vote[]): Pick<ConsensusData, 'verdict' | 'split'> {
  const weightOf = (verdict: Vote['verdict']): number =>
    votes.filter((vote) => vote.verdict === verdict).reduce((sum, { weight }) => sum + weight, 0);
  const [approve, against, none] = [weightOf('approve'), weightOf('request_changes'), weightOf('none')];
  return {
    verdict: approve > against + none ? 'approve' : 'request_changes',
    split: approve > 0 && against > 0,
  };
}

/** Files from which on a change is large. */
const FILES_LARGE = 15;
/** Lines, added and removed. */
const LINES_LARGE = 600;

/** Why several are asked about a change; undefined: one is enough. */
export function whySeveral(
  settings: ConsensusSettings | undefined,
  files: readonly ChangedFile[],
  gate: GateReport,
): string | undefined {
  if (settings === undefined || settings.when === 'never') return undefined;
  const risk = riskOf(files, gate);
  return settings.when === 'always' ? (risk ?? 'the settings ask for it with every change') : risk;
}

function riskOf(files: readonly ChangedFile[], gate: GateReport): string | undefined {
  const guarded = files.find(({ path }) => protectedPath(path) !== undefined);
  if (guarded) return `it touches ${guarded.path}, which is protected`;
  const deleted = files.find(({ kind }) => kind === 'deleted');
  if (deleted) return `it deletes ${deleted.path}`;
  if (gate.verdict === 'notProved') return 'no test proves it';
  if ((gate.weakened ?? []).length > 0) return 'it makes tests demand less or something else';
  if ((gate.loosened ?? []).length > 0) return 'it loosens rules of the project';
  const lines = files.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0);
  if (files.length >= FILES_LARGE || lines >= LINES_LARGE)
    return `it is large: ${String(files.length)} files, ${String(lines)} lines`;
  return undefined;
}

/** What a consensus tells a person. */
export function consensusText({ task, how, because, votes, verdict, split }: ConsensusData): string {
  const told = votes.map(
    ({ endpoint, verdict: vote, weight, why }) =>
      `${endpoint}${weight === 1 ? '' : ` (weight ${String(weight)})`}: ${VERDICTS[vote]}${why === '' ? '' : `, ${why}`}`,
  );
  const came = `${task}: ${String(votes.length)} reviewers were asked, because ${because}; ${split ? 'they disagree' : 'they agree'}, ${how}: ${VERDICTS[verdict]}.`;
  return [came, ...told.map((each) => `  ${each}`)].join('\n');
}

const VERDICTS = { approve: 'approve', request_changes: 'changes requested', none: 'no review' };
