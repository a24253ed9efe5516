/** What several who were asked the same come to, and what makes a change risky enough to ask several. Pure. */
import type { AnsweredData, ConsensusData, ConsensusSettings, Vote } from '../../protocol/consensus.ts';
import type { Endpoint } from '../../protocol/settings.ts';
import type { ChangedFile, GateReport } from '../../protocol/events.ts';
import { protectedPath } from '../policy/protected.ts';

/** What more than half of the weight of all who were asked chose; who chose nothing is against everything. */
export function weigh(votes: readonly { readonly choice?: string | undefined; readonly weight: number }[]): {
  readonly winner: string | undefined;
  readonly split: boolean;
} {
  const all = votes.reduce((sum, { weight }) => sum + weight, 0);
  const choices = [...new Set(votes.flatMap(({ choice }) => choice ?? []))];
  const weightOf = (wanted: string): number =>
    votes.filter(({ choice }) => choice === wanted).reduce((sum, { weight }) => sum + weight, 0);
  return { winner: choices.find((choice) => weightOf(choice) * 2 > all), split: choices.length > 1 };
}

/** Who is asked: as many as the settings say, each another endpoint first where there are several. */
export const votersOf = (
  endpoints: readonly Endpoint[],
  { voters }: ConsensusSettings,
): readonly { readonly endpoint: string }[] =>
  Array.from({ length: voters }, (_, at) => ({ endpoint: endpoints[at % endpoints.length]?.id ?? '' }));

/** Whose vote it is and what it weighs: of the endpoint that gave it, which may stand in for the one that was asked. */
export function voterOf(
  { how, weights }: ConsensusSettings,
  asked: string | undefined,
  gave: string | undefined,
): { readonly endpoint: string; readonly weight: number } {
  const endpoint = gave ?? asked ?? '';
  return { endpoint, weight: how === 'weighted' ? (weights[endpoint] ?? 1) : 1 };
}

/** More than half of all who were asked must approve: who gave no vote did not. A tie asks for changes. */
export function tally(votes: readonly Vote[]): Pick<ConsensusData, 'verdict' | 'split'> {
  const { winner, split } = weigh(
    votes.map(({ verdict, weight }) => ({ choice: verdict === 'none' ? undefined : verdict, weight })),
  );
  return { verdict: winner === 'approve' ? 'approve' : 'request_changes', split };
}

/** Files from which on a change is large. */
const FILES_LARGE = 15;
/** Lines, added and removed. */
const LINES_LARGE = 600;

/** Why several are asked about a change; undefined: one is enough. */
export function whySeveral(
  settings: ConsensusSettings | undefined,
  files: readonly ChangedFile[],
  gate: GateReport | undefined,
): string | undefined {
  if (settings === undefined || settings.when === 'never') return undefined;
  const risk = riskOf(files, gate);
  return settings.when === 'always' ? (risk ?? 'the settings ask for it with every change') : risk;
}

/** Why several are asked a question; undefined: one is enough. `wanted`: whoever asks wants it. `files`: what they have changed so far. */
export function whySeveralAsked(
  settings: ConsensusSettings | undefined,
  { wanted, files }: { readonly wanted: boolean; readonly files: readonly ChangedFile[] },
): string | undefined {
  if (settings === undefined || settings.when === 'never') return undefined;
  if (wanted) return 'whoever asks wants more than one opinion';
  if (settings.when === 'always') return 'the settings ask for it with every question';
  const risk = riskOf(files);
  return risk === undefined ? undefined : `the change that it is about is risky: ${risk}`;
}

/** `gate`: absent where the change was not tested yet. */
function riskOf(files: readonly ChangedFile[], gate?: GateReport): string | undefined {
  const guarded = files.find(({ path }) => protectedPath(path) !== undefined);
  if (guarded) return `it touches ${guarded.path}, which is protected`;
  const deleted = files.find(({ kind }) => kind === 'deleted');
  if (deleted) return `it deletes ${deleted.path}`;
  if (gate?.verdict === 'notProved') return 'no test proves it';
  if ((gate?.weakened ?? []).length > 0) return 'it makes tests demand less or something else';
  if ((gate?.loosened ?? []).length > 0) return 'it loosens rules of the project';
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

/** What the answers of several tell a person. */
export function answeredText(data: AnsweredData): string {
  const { asker, role, question, votes, how, because } = data;
  const told = votes.map(
    ({ endpoint, weight, choice, text, silent }) =>
      `${endpoint}${weight === 1 ? '' : ` (weight ${String(weight)})`}: ${silent ? 'no answer' : (choice ?? 'answers')}${text === '' ? '' : `, ${text}`}`,
  );
  return [
    `${asker} asks ${String(votes.length)} of the role ${role}, because ${because}: ${question}`,
    ...told.map((each) => `  ${each}`),
    `  ${agreementOf(data)}, ${how}: ${data.decided ?? 'nothing is decided'}.`,
  ].join('\n');
}

/** Whether they agree, in words. */
export const agreementOf = ({ split, votes }: Pick<AnsweredData, 'split' | 'votes'>): string => {
  const silent = votes.filter((vote) => vote.silent).length;
  const heard = split ? 'they disagree' : 'they agree';
  if (silent === votes.length) return 'nobody answered';
  return silent === 0 ? heard : `${heard}, ${String(silent)} of ${String(votes.length)} gave no answer`;
};
