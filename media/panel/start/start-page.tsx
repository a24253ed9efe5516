import type { VNode } from 'preact';
import type { PanelContext } from '../../../src/protocol/panel.ts';
import { Icon } from '../icons.tsx';
import { countOf, Elsewhere, useElsewhere } from '../needs/elsewhere.tsx';
import { Button } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { t } from '../texts.ts';
import { GoalBox } from './goal-box.tsx';
import { RecentRuns } from './recent-runs.tsx';

/** Where a run starts: the goal, who will speak, what is in the way, and earlier runs. */
export function StartPage(): VNode {
  const context = usePanel().context.value;
  return (
    <main class="start" data-testid="run-status" data-status="idle">
      <div class="start-inner">
        <header class="start-head">
          <h1 class="start-title">{t('What should the team do?')}</h1>
          <p class="start-lead">
            {t(
              'It plans, codes in private copies, proves the change with your own tests and hands you a diff.',
            )}
          </p>
        </header>
        {context?.obstacle && <Obstacle obstacle={context.obstacle} />}
        <GoalBox />
        <RunsThatWait />
        {context && context.model === undefined && <NoModel />}
        {context?.trusted === true && context.workspace !== undefined && <RunTests />}
        {context?.isOneOfMany && context.workspace !== undefined && <WhichFolder name={context.workspace} />}
        {context && (context.model === undefined || context.demoOnly) && <DemoOffer />}
        {context && context.runs.length > 0 && <RecentRuns runs={context.runs} />}
      </div>
    </main>
  );
}

/** Runs that wait for the person, though none of them is open here. */
function RunsThatWait(): VNode | null {
  const waits = useElsewhere();
  if (waits.length === 0) return null;
  return (
    <section class="recent" data-testid="needs-you" aria-label={t('Needs you')}>
      <h2 class="recent-title">
        {t('Needs you')} <span class="count">{countOf(waits)}</span>
      </h2>
      <Elsewhere />
    </section>
  );
}

function WhichFolder({ name }: { name: string }): VNode {
  const { post } = usePanel();
  return (
    <p class="dim small" data-testid="which-folder">
      {t('Several folders are open. The team works on “{0}”.', name)}{' '}
      <Button kind="link" testid="choose-folder" onClick={() => post({ type: 'folder.choose' })}>
        {t('Choose another')}
      </Button>
    </p>
  );
}

function Obstacle({ obstacle }: { obstacle: NonNullable<PanelContext['obstacle']> }): VNode {
  const { post } = usePanel();
  return (
    <div class="note-box" data-tone="warn" data-testid="obstacle">
      <Icon name="warning" />
      <div class="note-box-body">
        <p>{obstacle.text}</p>
        {obstacle.action && (
          <Button onClick={() => post({ type: 'obstacle.act' })}>{obstacle.action.label}</Button>
        )}
      </div>
    </div>
  );
}

/** Needs no model. */
function RunTests(): VNode {
  const { post } = usePanel();
  return (
    <Button
      kind="link"
      icon="beaker"
      testid="run-tests"
      onClick={() => post({ type: 'tests.act', act: 'run' })}
    >
      {t('Run the tests')}
    </Button>
  );
}

function NoModel(): VNode {
  return (
    <p class="model-line">
      <span class="dot" data-tone="warn" />
      {t('No model yet')}
    </p>
  );
}

function DemoOffer(): VNode {
  const { post, start, starting, drafts } = usePanel();
  const goal = drafts.value.goal.trim();
  return (
    <section class="offer" aria-label={t('No model yet')}>
      <p>
        {t(
          'Quartet works with any OpenAI-compatible model, with a local server, or with the models of this editor.',
        )}
      </p>
      <div class="buttons">
        <Button kind="primary" testid="configure-models" onClick={() => post({ type: 'models.configure' })}>
          {t('Configure Models')}
        </Button>
        <Button
          testid="demo-offer"
          icon="play"
          disabled={starting.value}
          onClick={() =>
            start({ goal: goal === '' ? t('Show me what the team does') : goal, mode: 'team', demo: true })
          }
        >
          {t('Run the demo team')}
        </Button>
      </div>
      <p class="dim small">
        {t(
          'In the demo a script speaks for the models, on a small sample project. Its files, commands, tests and diffs are real.',
        )}
      </p>
    </section>
  );
}
