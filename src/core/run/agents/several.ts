/**
 * A question that is put to several: each made to answer it, each asking another model first where there are several. What they choose is
 * weighed as reviews are; where there is nothing to choose from, or the settings say so, one more reads all answers and judges. What they do
 * not agree on is told to whoever asked, and shown.
 */
import type { AnsweredData, ConsensusSettings, Opinion } from '../../../protocol/consensus.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { agreementOf, voterOf, votersOf, weigh, whySeveralAsked } from '../../team/consensus.ts';
import type { Message } from '../../team/message.ts';
import { endpointsFor } from '../../team/routes.ts';
import { error, ok, type Observation } from '../../tools/contract.ts';
import { haveHeard } from '../../tools/outward.ts';
import type { AskTeammate } from '../../tools/talk.ts';
import { changedFiles } from '../merge/differences.ts';
import type { Run } from '../run.ts';
import {
  answerFrom,
  changedSoFar,
  questionText,
  respond,
  sayMessage,
  type Asker,
  type Given,
} from './answering.ts';

/** Why a question is put to several; undefined: to one. */
export async function whySeveral(
  run: Run,
  { place }: Asker,
  key: string,
  { several = false }: AskTeammate,
): Promise<string | undefined> {
  const { consensus } = run.settings;
  const isLooked = consensus?.when === 'risky' && !several && place.tree() !== place.start;
  const files = isLooked
    ? await changedFiles(run, `${key}/files`, { from: place.start, to: place.tree() })
    : [];
  return whySeveralAsked(consensus, { wanted: several, files });
}

interface Put {
  readonly request: Message;
  readonly role: string;
  readonly ask: AskTeammate;
  readonly because: string;
}

type Answered = Exclude<Given, { failed: string }>;

export async function askSeveral(run: Run, asker: Asker, put: Put): Promise<Observation> {
  const { request, role, because, ask } = put;
  const { consensus } = run.settings;
  if (!consensus) return error('Several are asked only where the settings say how they decide.');
  const options = ask.options?.map(plainText);
  sayMessage(run, request);
  const diff = await changedSoFar(run, asker, request);
  const told = questionText(run, asker, { request, diff });
  const say = (): string => `${told}\n\nSeveral are asked this, each for itself.${choosing(options)}`;
  const voters = votersOf(endpointsFor(run.roles.get(role), run.settings), consensus);
  const deputies = voters.map((_, at) => voteKey(request, at));
  const given = await run.away({ key: `${request.id}/answer`, who: asker.who, deputies }, () =>
    Promise.all(
      voters.map(({ endpoint: model }, at) =>
        answerFrom(run, asker, { request, role, key: voteKey(request, at), model, say, diff }),
      ),
    ),
  );
  const votes = given.map((each, at) =>
    opinionOf(each, {
      ...voterOf(consensus, voters[at]?.endpoint, 'failed' in each ? undefined : each.agent.endpoint),
      agent: voteKey(request, at),
      options,
    }),
  );
  const answers = given.flatMap((each) => ('failed' in each ? [] : [each]));
  for (const [at, each] of given.entries())
    if (!('failed' in each)) {
      respond(run, asker, { request, key: `${voteKey(request, at)}/response`, given: each });
      haveHeard(role, each.agent.taint.by, asker.taint);
    }
  const decision = await decide(run, asker, { put, consensus, options, told, diff, answers, votes });
  const data: AnsweredData = {
    asker: request.from,
    ...(request.task !== undefined && { task: request.task }),
    role,
    question: plainText(ask.question).slice(0, QUESTION_CHARS),
    ...(options && { options }),
    because,
    votes: [...votes],
    ...decision,
  };
  run.steps.record({ type: 'consensus.answered', key: request.id, data });
  return answers.length === 0
    ? error(`None of ${String(votes.length)} answered. Decide yourself, or ask the person.`)
    : ok(run.fence(`the answers of ${String(votes.length)} of the role ${role}`, outcomeText(data)));
}

export const QUESTION_CHARS = 1000;
export const OPINION_CHARS = 600;

const voteKey = ({ id }: Message, at: number): string => `${id}/answer/vote/${String(at + 1)}`;

const choosing = (options: readonly string[] | undefined): string =>
  options ? ' Hand over the option that you choose as `choice`, word for word, and why as `answer`.' : '';

function opinionOf(
  given: Given,
  {
    endpoint,
    weight,
    agent,
    options,
  }: {
    readonly endpoint: string;
    readonly weight: number;
    readonly agent: string;
    readonly options: readonly string[] | undefined;
  },
): Opinion {
  const vote = { agent, endpoint, weight };
  if ('failed' in given) return { ...vote, text: given.failed.slice(0, OPINION_CHARS), silent: true };
  const text = plainText(given.answer).slice(0, OPINION_CHARS);
  const choice = chosenOf(options, given);
  if (options && choice === undefined)
    return { ...vote, text: `it chose none of the options: ${text}`.slice(0, OPINION_CHARS), silent: true };
  return { ...vote, text, ...(choice !== undefined && { choice }) };
}

/** The option that an answer names, however it is spelled. */
function chosenOf(options: readonly string[] | undefined, { choice, answer }: Answered): string | undefined {
  const plain = (text: string): string => plainText(text).trim().toLowerCase();
  return (
    options?.find((option) => plain(option) === plain(choice ?? '')) ??
    options?.find((option) => plain(option) === plain(answer))
  );
}

interface Deciding {
  readonly put: Put;
  readonly consensus: ConsensusSettings;
  readonly options: readonly string[] | undefined;
  readonly told: string;
  readonly diff: string;
  readonly answers: readonly Answered[];
  readonly votes: readonly Opinion[];
}

type Decision = Pick<AnsweredData, 'how' | 'decided' | 'said' | 'split'>;

/** What the answers come to. Free words cannot be counted: they are judged. */
async function decide(run: Run, asker: Asker, deciding: Deciding): Promise<Decision> {
  const { consensus, options, answers, votes } = deciding;
  const { winner, split } = weigh(votes);
  if (options && consensus.how !== 'judged')
    return { how: consensus.how, split, ...(winner !== undefined && { decided: winner }) };
  if (answers.length === 0) return { how: 'judged', split: false };
  const judged = await judge(run, asker, deciding);
  if ('failed' in judged) return { how: 'judged', split, said: judged.failed.slice(0, OPINION_CHARS) };
  const said = plainText(judged.answer).slice(0, OPINION_CHARS);
  const choice = chosenOf(options ?? Object.values(JUDGED), judged);
  return options
    ? { how: 'judged', split, said, ...(choice !== undefined && { decided: choice }) }
    : { how: 'judged', split: choice === JUDGED.differ, decided: said };
}

/** What whoever judges words says of them. */
export const JUDGED = { agree: 'they agree', differ: 'they differ' } as const;

/** One more, who reads all answers, not knowing whose they are. */
async function judge(
  run: Run,
  asker: Asker,
  { put: { request, role }, options, told, diff, answers }: Deciding,
): Promise<Given> {
  const said = answers.map(({ answer, choice }, at) =>
    run.fence(`answer ${String(at + 1)}`, [...(choice === undefined ? [] : [choice]), answer].join('\n')),
  );
  const choice = options
    ? 'As `choice` hand over the option that is right, word for word, and why as `answer`.'
    : `As \`answer\` hand over what is right, as \`choice\` "${Object.values(JUDGED).join('" or "')}".`;
  const say = (): string =>
    `${told}\n\nSeveral before you answered:\n${said.join('\n')}\n\nWeigh their arguments, not their number, and look for yourself where they differ. ${choice}`;
  const key = `${request.id}/answer/judge`;
  const given = await run.away({ key, who: asker.who, deputies: [key] }, () =>
    answerFrom(run, asker, { request, role, key, say, diff }),
  );
  if (!('failed' in given)) {
    respond(run, asker, { request, key: `${request.id}/answer/judge/response`, given });
    haveHeard(role, given.agent.taint.by, asker.taint);
  }
  return given;
}

/** What whoever asked is told: what it comes to, then every answer. */
function outcomeText(data: AnsweredData): string {
  const { votes, how, decided, said } = data;
  const told = votes.map(
    ({ choice, text, silent }, at) =>
      `${String(at + 1)}. ${silent ? 'no answer: ' : choice === undefined ? '' : `${choice}: `}${text}`,
  );
  const end =
    decided === undefined
      ? 'Nothing has more than half of the votes: decide yourself with what they say, or ask the person.'
      : `Decided (${how}): ${decided}`;
  return [
    `${agreementOf(data)}. ${end}`,
    ...(said === undefined || said === decided ? [] : [said]),
    ...told,
  ].join('\n');
}
