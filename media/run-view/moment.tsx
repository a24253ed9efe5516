import type { VNode } from 'preact';
import type { MomentView, WordView } from '../../src/protocol/run-view.ts';
import type { Timeline } from '../../src/protocol/timeline.ts';
import { Avatar } from '../panel/parts/avatar.tsx';
import { TaskIcon } from '../panel/parts/status-icon.tsx';
import { cost, duration, tokens } from '../panel/state/format.ts';
import { decidedText, roleName, stepTitle, taskState } from '../panel/state/names.ts';
import { healthName } from '../panel/state/registry.ts';
import { verdictName } from '../panel/state/evidence.ts';
import { visible } from '../panel/state/visible.ts';
import { FactSource } from '../panel/run/known.tsx';
import { t, told, toldWhy } from '../panel/texts.ts';
import { useLife } from './use-life.ts';

/** The run as it was at the moment that is looked at. */
export function MomentPane({ timeline }: { timeline: Timeline }): VNode | null {
  const { moment } = useLife();
  const at = moment.value;
  if (at === undefined) return null;
  const { view } = at;
  const passed = timeline.offsets[at.seq - 1] ?? 0;
  return (
    <div data-testid="moment" data-seq={at.seq}>
      <h2 class="rv-title">{t('After {0}', duration(passed))}</h2>
      <p class="facts dim small">
        <span>{t('{0} tokens', tokens(view.spent.inputTokens + view.spent.outputTokens))}</span>
        <span>{view.spent.costUsd === null ? t('cost unknown') : cost(view.spent.costUsd)}</span>
        <span>{t('{0} model calls', view.spent.calls)}</span>
      </p>
      <Needs view={view} />
      <Working view={view} at={timeline.startedAt + passed} />
      <Models view={view} />
      <Tasks view={view} />
      <Facts view={view} />
      <Words words={view.words} />
    </div>
  );
}

function Needs({ view }: { view: MomentView }): VNode | null {
  if (view.needs.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Waits for you')}</h3>
      <ul class="rv-list">
        {view.needs.map(({ signal, title }) => (
          <li key={signal}>{visible(told(title))}</li>
        ))}
      </ul>
    </section>
  );
}

function Working({ view, at }: { view: MomentView; at: number }): VNode | null {
  if (view.active.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Going on')}</h3>
      <ul class="rv-list">
        {view.active.map(({ key, kind, title, role, since }) => (
          <li key={key} class="rv-row">
            <Avatar name={role ?? 'host'} />
            <span class="rv-grow">{visible(stepTitle(kind, title, role))}</span>
            <span class="dim">{duration(Math.max(0, at - since))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How models did, where there is something to tell. */
function Models({ view }: { view: MomentView }): VNode | null {
  if (view.endpoints.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Models')}</h3>
      <ul class="rv-list">
        {view.endpoints.map(({ id, name, health, why, load }) => (
          <li
            key={id}
            class="rv-row"
            data-testid="moment-endpoint"
            data-health={health}
            title={why && toldWhy(why)}
          >
            <span class="rv-grow">{name}</span>
            <span class="dim">
              {healthName(health)} · {t('{0} under way', load)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tasks({ view }: { view: MomentView }): VNode | null {
  if (view.tasks.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Tasks')}</h3>
      <ul class="rv-list">
        {view.tasks.map(({ id, title, state, attempt }) => (
          <li key={id} class="rv-row" data-testid="moment-task" data-task={id} data-state={state}>
            <TaskIcon state={state} />
            <span class="rv-grow">{title}</span>
            <span class="dim">
              {attempt > 1 ? t('{0}, attempt {1}', taskState(state), attempt) : taskState(state)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the team had established by then. */
function Facts({ view }: { view: MomentView }): VNode | null {
  const { select } = useLife();
  const { facts } = view;
  if (facts.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('What the team knows')}</h3>
      <ul class="rv-list">
        {facts.map((fact) => (
          <li key={fact.key} class="rv-fact" data-testid="moment-fact" data-key={fact.key}>
            <button type="button" class="rv-word-button" onClick={() => select(fact.id)}>
              <strong>{visible(fact.key)} </strong>
              {visible(fact.text)}
            </button>
            <FactSource fact={fact} task={taskTitle(view, fact.task)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const taskTitle = ({ tasks }: MomentView, wanted: string | undefined): string | undefined =>
  tasks.find(({ id }) => id === wanted)?.title ?? wanted;

function Words({ words }: { words: readonly WordView[] }): VNode | null {
  if (words.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Said and done last')}</h3>
      <ul class="rv-list">
        {words.map((word) => (
          <li key={`${word.kind}:${word.id}`} class="rv-word">
            <Word word={word} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Word({ word }: { word: WordView }): VNode {
  const { select } = useLife();
  const [who, text] = wordOf(word);
  return (
    <button type="button" class="rv-word-button" onClick={() => select(word.id)}>
      {who !== '' && <strong>{who} </strong>}
      {visible(text).slice(0, 240)}
    </button>
  );
}

function wordOf(word: WordView): readonly [who: string, text: string] {
  switch (word.kind) {
    case 'said':
      return [roleName(word.role), word.text];
    case 'tool':
      return [roleName(word.role), told(word.text)];
    case 'message':
      return [t('{0} to {1}', roleName(word.from), roleName(word.to)), word.text];
    case 'gate':
      return [t('Tests'), word.text === undefined ? verdictName(word.verdict) : told(word.text)];
    case 'review':
      return [t('Review'), word.verdict === 'approve' ? t('Approved') : t('Changes requested')];
    case 'consensus':
      return [
        word.about === 'review' ? t('Several reviewed') : t('Question'),
        [word.question ?? '', decidedText(word.decided)].join(' ').trim(),
      ];
    case 'note':
      return ['', told(word.text)];
  }
}
