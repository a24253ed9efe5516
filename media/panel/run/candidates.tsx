import type { VNode } from 'preact';
import type { ReviewAnswer } from '../../../src/protocol/answers.ts';
import type { CandidateView, NeedView, RunView, TaskView } from '../../../src/protocol/view.ts';
import { Badge, VerdictBadge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Section } from '../parts/section.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { cost, tokens } from '../state/format.ts';
import { t, told } from '../texts.ts';
import { useRun } from './use-run.ts';

/** The score boards of tasks that several work on. While the run waits for it, another's work can be taken. */
export function Candidates(): VNode | null {
  const tasks = useRun((run) => run.tasks.filter(({ candidates = [] }) => candidates.length > 0));
  const needs = useRun((run) => run.needs);
  return tasks.length === 0 ? null : (
    <>
      {tasks.map((task) => (
        <Board key={task.spec.id} task={task} need={needFor(task, needs)} />
      ))}
    </>
  );
}

/** The open question that this board can answer: who goes on, or the review of the whole change. */
function needFor({ spec }: TaskView, needs: RunView['needs']): NeedView | undefined {
  const ofTask = ({ signal, ask }: NeedView): boolean =>
    /(^|\/)choose\//.test(signal) && ask.who?.task === spec.id;
  return needs.find(ofTask) ?? needs.find(({ ask }) => ask.kind === 'review');
}

function Board({ task, need }: { task: TaskView; need: NeedView | undefined }): VNode {
  const { spec, candidates = [] } = task;
  const chosen = candidates.find((each) => each.chosen);
  return (
    <Section
      title={t('Candidates: {0}', spec.title)}
      testid="candidates"
      fold={`candidates:${spec.id}`}
      aside={`${candidates.length}`}
    >
      <ul class="candidates">
        {candidates.map((each) => (
          <Row key={each.candidate} candidate={each} task={spec.id} need={need} />
        ))}
      </ul>
      {chosen?.chosen && (
        <p class="dim small" data-testid="candidate-why">
          {chosen.chosen.by === 'person'
            ? t('You chose {0}.', chosen.candidate)
            : t('The rule chose {0}.', chosen.candidate)}{' '}
          {told(chosen.chosen.why)}
        </p>
      )}
    </Section>
  );
}

interface RowProps {
  readonly candidate: CandidateView;
  readonly task: string;
  readonly need: NeedView | undefined;
}

function Row({ candidate: each, task, need }: RowProps): VNode {
  const { sent, answer } = usePanel();
  const { candidate, state, score, chosen, note } = each;
  const canTake = need !== undefined && state === 'ready' && (need.ask.kind === 'question' || !chosen);
  return (
    <li
      class="candidate"
      data-testid="candidate"
      data-candidate={candidate}
      data-chosen={chosen !== undefined}
    >
      <div class="candidate-head">
        <span class="candidate-name">{t('Candidate {0}', candidate)}</span>
        {score ? (
          <VerdictBadge verdict={score.verdict} />
        ) : (
          <Badge tone={state === 'failed' ? 'bad' : 'calm'}>{stateName(state)}</Badge>
        )}
        {chosen && <Badge tone="good">{chosen.by === 'person' ? t('Your choice') : t('Chosen')}</Badge>}
        {canTake && (
          <Button
            kind="link"
            testid="candidate-take"
            disabled={sent.value.has(need.signal)}
            onClick={() => answer(need.signal, answerTo(need, task, candidate))}
          >
            {t('Take this one')}
          </Button>
        )}
      </div>
      <p class="facts dim small">
        {factsOf(each).map((fact, index) => (
          <span key={index}>{fact}</span>
        ))}
      </p>
      {!score && note !== undefined && <p class="dim small">{told(note)}</p>}
    </li>
  );
}

const answerTo = ({ ask }: NeedView, task: string, candidate: number): unknown =>
  ask.kind === 'question'
    ? { text: `Candidate ${candidate}` }
    : ({
        decision: 'choose',
        choice: { task, candidate },
        accepted: [],
        rejected: [],
        edited: {},
      } satisfies ReviewAnswer);

function stateName(state: CandidateView['state']): string {
  const names: Readonly<Record<CandidateView['state'], string>> = {
    working: t('Working'),
    testing: t('Testing'),
    reviewing: t('Under review'),
    ready: t('Ready'),
    failed: t('Failed'),
    leftOut: t('Left out'),
  };
  return names[state];
}

/** Tests, size, review, who it is, and what it cost. */
function factsOf({ score, endpoint, temperature, tokens: used, costUsd }: CandidateView): readonly string[] {
  const reviews = {
    approve: t('approved'),
    request_changes: t('changes requested'),
    none: t('not reviewed'),
  };
  return [
    ...(score
      ? [
          score.failed > 0
            ? t('{0} passed, {1} failed', score.passed, score.failed)
            : t('{0} passed', score.passed),
          `+${score.additions} −${score.deletions}`,
          reviews[score.review],
        ]
      : []),
    ...(endpoint === undefined ? [] : [endpoint]),
    ...(temperature === undefined ? [] : [t('temperature {0}', temperature)]),
    ...(used === 0
      ? []
      : [t('{0} tokens', tokens(used)), costUsd === null ? t('cost unknown') : cost(costUsd)]),
  ];
}
