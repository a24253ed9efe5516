/**
 * A question of the plan, a task that only reads, put to several: each works on it for itself, asking another model first where there are
 * several. Verdicts are weighed as votes; words are judged by one more who reads them all. What they do not agree on is told and shown.
 */
import type { AnsweredData, ConsensusSettings, Opinion } from '../../../protocol/consensus.ts';
import { AnswerHandover, ReviewHandover } from '../../../protocol/handover.ts';
import type { TaskSpec } from '../../../protocol/plan.ts';
import { plainText } from '../../policy/terminal-text.ts';
import { tellerOf, type Agent, type Teller } from '../../team/agent.ts';
import { agreementOf, voterOf, votersOf, weigh } from '../../team/consensus.ts';
import { endpointsFor } from '../../team/routes.ts';
import { answering } from '../agents/answering.ts';
import { whyNoAgent } from '../agents/own-roles.ts';
import { taskText } from '../agents/prompts.ts';
import { recruit, type Recruit } from '../agents/recruit.ts';
import { JUDGED, OPINION_CHARS, QUESTION_CHARS } from '../agents/several.ts';
import { keyOf, saidIn, type AttemptEnd } from '../attempt.ts';
import { tellFindings } from '../perform.ts';
import { createPlace } from '../place.ts';
import { candidatesOf } from './how-many.ts';
import { countFor, inTurn, type Trying } from './try.ts';

/** What one of several came to. */
interface Said {
  readonly agent: Agent;
  readonly text: string;
  /** Of a role that reviews: its verdict, which can be counted. */
  readonly choice?: string;
  readonly silent?: true;
}

interface Asking extends Trying {
  readonly task: TaskSpec;
  readonly consensus: ConsensusSettings;
  readonly recruit: Omit<Recruit, 'role' | 'key'>;
  /** What all of them are told. */
  readonly say: string;
}

export async function askAll(trying: Trying): Promise<AttemptEnd> {
  const { work, unit, number, former } = trying;
  const { run, current, integration, base } = work;
  const [task] = unit.tasks;
  const { consensus } = run.settings;
  if (!task || !consensus)
    return { kind: 'failed', why: 'Several are asked only where the settings say how.' };
  const strange = whyNoAgent(run, task.role);
  if (strange !== undefined) return { kind: 'failed', why: strange };
  trying.tell('working');
  const wanted = candidatesOf(run, unit);
  const tree = integration.tree();
  const place = createPlace(run, { id: `${unit.id}-${String(number)}`, base, tree, scope: [] });
  work.sites.set(unit.id, { place, attempt: number, start: tree });
  const asking: Asking = {
    ...trying,
    task,
    consensus: { ...consensus, voters: await countFor(trying, { wanted, role: task.role }) },
    recruit: {
      attempt: number,
      place,
      task: task.id,
      scope: [],
      requires: task.requires,
      baseline: await work.baseline,
    },
    say: taskText(run, task, { attempt: number, plan: current.plan, scope: [], former }),
  };
  const end = await decide(asking, await opinionsOn(asking));
  await place.dispose(`task/${unit.id}/attempt/${String(number)}/discard`);
  return end;
}

type Voters = ReturnType<typeof votersOf>;

async function opinionsOn(
  asking: Asking,
): Promise<{ readonly said: readonly Said[]; readonly voters: Voters }> {
  const { work, task, consensus } = asking;
  const { settings, roles } = work.run;
  const voters = votersOf(endpointsFor({ ...roles.get(task.role), first: task.model }, settings), consensus);
  const said = await inTurn(voters, settings.limits.concurrency, ({ endpoint }, at) =>
    askOne(asking, at + 1, endpoint),
  );
  return { said, voters };
}

async function askOne(asking: Asking, candidate: number, model: string): Promise<Said> {
  const { work, task, number, say } = asking;
  const key = `${keyOf({ number, candidate: { number: candidate, variant: {} } }, task.id)}/${task.role}`;
  const agent = recruit(work.run, { ...asking.recruit, role: task.role, key, candidate, model });
  hear(asking, agent);
  const end = await agent.work(`${say}\n\nSeveral work on this, each for itself.`, 0);
  const text = plainText(saidIn(end));
  if (end.kind === 'failed') return { agent, text, silent: true };
  const review = ReviewHandover.safeParse(end.value);
  return { agent, text, ...(review.success && { choice: review.data.verdict }) };
}

const hear = ({ work }: Asking, agent: Agent): void => {
  agent.hearFrom({ who: { role: 'planner', agent: 'plan' }, taint: { by: work.current.tainted } });
};

interface Outcome {
  readonly text: string;
  /** Whose words it is told in. */
  readonly teller: Teller;
  readonly how: ConsensusSettings['how'];
  readonly split: boolean;
  readonly decided?: string;
  readonly said?: string;
}

async function decide(
  asking: Asking,
  { said, voters }: { readonly said: readonly Said[]; readonly voters: Voters },
): Promise<AttemptEnd> {
  const { work, task, number } = asking;
  const votes = said.map(({ agent, text, choice, silent }, at): Opinion => {
    const voter = voterOf(asking.consensus, voters[at]?.endpoint, agent.endpoint);
    const vote = { agent: agent.who.agent, ...voter, text: text.slice(0, OPINION_CHARS) };
    return { ...vote, ...(choice !== undefined && { choice }), ...(silent && { silent }) };
  });
  const heard = said.filter(({ silent }) => silent === undefined);
  const outcome = heard.length === 0 ? undefined : await outcomeOf(asking, heard, votes);
  const data: AnsweredData = {
    asker: 'planner',
    task: task.id,
    role: task.role,
    question: plainText(`${task.title}\n${task.description}`).slice(0, QUESTION_CHARS),
    how: outcome?.how ?? asking.consensus.how,
    because: whyAsked(asking),
    votes,
    split: outcome?.split ?? false,
    ...(outcome?.decided !== undefined && { decided: outcome.decided.slice(0, OPINION_CHARS) }),
    ...(outcome?.said !== undefined && { said: outcome.said.slice(0, OPINION_CHARS) }),
  };
  work.run.steps.record({ type: 'consensus.answered', key: keyOf({ number }, task.id), data });
  if (!outcome) return { kind: 'failed', why: `None of ${String(votes.length)} came to an end.` };
  work.results.set(task.id, { text: outcome.text, teller: tellerOf(outcome.teller) });
  tellFindings(work, task, { which: String(number), said: outcome.text, agent: outcome.teller });
  asking.tell('done');
  return { kind: 'done' };
}

const whyAsked = ({ task, consensus }: Asking): string =>
  task.candidates === undefined
    ? 'the settings ask for it with every question'
    : `the plan wants ${String(task.candidates)} opinions${consensus.voters < task.candidates ? `, and the budget has room for ${String(consensus.voters)}` : ''}`;

/** Verdicts are counted; where nothing has more than half, and of words, one more judges. */
async function outcomeOf(
  asking: Asking,
  heard: readonly Said[],
  votes: readonly Opinion[],
): Promise<Outcome> {
  const { consensus } = asking;
  const { winner, split } = weigh(votes);
  const isCounted = heard.every(({ choice }) => choice !== undefined) && consensus.how !== 'judged';
  const of = heard.find(({ choice }) => choice === winner);
  if (isCounted && winner !== undefined && of) {
    const told = heard.map(({ text }, at) => `${String(at + 1)}. ${text}`);
    const text = [`${winner} (${agreementOf({ split, votes: [...votes] })})`, ...told].join('\n');
    return { text, teller: of.agent, how: consensus.how, split, decided: winner };
  }
  const judged = await judge(asking, heard);
  if (!judged.answer) {
    const text = heard.map((each, at) => `${String(at + 1)}. ${each.text}`).join('\n');
    return { text, teller: judged.agent, how: 'judged', split, said: 'Nobody came to a judgement.' };
  }
  const { answer, choice = '' } = judged.answer;
  const isSplit = split || choice.trim().toLowerCase() === JUDGED.differ;
  return { text: answer, teller: judged.agent, how: 'judged', split: isSplit, decided: answer };
}

/** One more of the role, who reads all answers, not knowing whose they are. */
async function judge(
  asking: Asking,
  heard: readonly Said[],
): Promise<{ readonly agent: Agent; readonly answer: AnswerHandover | undefined }> {
  const { work, task, number, say } = asking;
  const { run } = work;
  const key = `${keyOf({ number }, task.id)}/judge`;
  const agent = recruit(run, { ...asking.recruit, role: task.role, key, as: answering });
  hear(asking, agent);
  for (const each of heard) agent.hearFrom(each.agent);
  const told = heard.map(({ text }, at) => run.fence(`answer ${String(at + 1)}`, text));
  const end = await agent.work(
    `${say}\n\nSeveral before you worked on this, each for itself, and handed over:\n${told.join('\n')}\n\nWeigh their arguments, not their number, and look for yourself where they differ. As \`answer\` hand over what is right, as \`choice\` "${JUDGED.agree}" or "${JUDGED.differ}".`,
    0,
  );
  const handed = end.kind === 'handover' ? AnswerHandover.safeParse(end.value) : undefined;
  return { agent, answer: handed?.success ? handed.data : undefined };
}
