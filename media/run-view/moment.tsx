import type { VNode } from 'preact';
import type { Timeline } from '../../src/protocol/timeline.ts';
import type { FeedItem, RunView } from '../../src/protocol/view.ts';
import { Avatar } from '../panel/parts/avatar.tsx';
import { TaskIcon } from '../panel/parts/status-icon.tsx';
import { cost, duration, tokens } from '../panel/state/format.ts';
import { roleName, stepTitle, taskState } from '../panel/state/names.ts';
import { healthName } from '../panel/state/registry.ts';
import { verdictName } from '../panel/state/evidence.ts';
import { visible } from '../panel/state/visible.ts';
import { factsIn, FactSource } from '../panel/run/known.tsx';
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
      <Words feed={view.feed} />
    </div>
  );
}

function Needs({ view }: { view: RunView }): VNode | null {
  if (view.needs.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Waits for you')}</h3>
      <ul class="rv-list">
        {view.needs.map(({ signal, ask }) => (
          <li key={signal}>{visible(told(ask.title))}</li>
        ))}
      </ul>
    </section>
  );
}

function Working({ view, at }: { view: RunView; at: number }): VNode | null {
  if (view.active.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Going on')}</h3>
      <ul class="rv-list">
        {view.active.map(({ key, kind, title, who, since }) => (
          <li key={key} class="rv-row">
            <Avatar name={who?.role ?? 'host'} />
            <span class="rv-grow">{visible(stepTitle(kind, title, who?.role))}</span>
            <span class="dim">{duration(Math.max(0, at - since))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How models did, where one was not well or several were asked. */
function Models({ view }: { view: RunView }): VNode | null {
  const endpoints = view.registry?.endpoints ?? [];
  const shown = endpoints.filter(
    ({ health, load }) => health !== 'fine' || (load > 0 && endpoints.length > 1),
  );
  if (shown.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Models')}</h3>
      <ul class="rv-list">
        {shown.map(({ id, name, health, why, load }) => (
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

function Tasks({ view }: { view: RunView }): VNode | null {
  if (view.tasks.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Tasks')}</h3>
      <ul class="rv-list">
        {view.tasks.map(({ spec, state, attempt }) => (
          <li key={spec.id} class="rv-row" data-testid="moment-task" data-task={spec.id} data-state={state}>
            <TaskIcon state={state} />
            <span class="rv-grow">{spec.title}</span>
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
function Facts({ view }: { view: RunView }): VNode | null {
  const { select } = useLife();
  const facts = factsIn(view);
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

const taskTitle = ({ tasks }: RunView, id: string | undefined): string | undefined =>
  tasks.find(({ spec }) => spec.id === id)?.spec.title ?? id;

/** Entries of the conversation that are shown of a moment. */
const WORDS = 8;

function Words({ feed }: { feed: readonly FeedItem[] }): VNode | null {
  const last = feed.slice(-WORDS);
  if (last.length === 0) return null;
  return (
    <section>
      <h3 class="label">{t('Said and done last')}</h3>
      <ul class="rv-list">
        {last.map((item) => (
          <li key={`${item.kind}:${item.id}`} class="rv-word">
            <Word item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Word({ item }: { item: FeedItem }): VNode {
  const { select } = useLife();
  const [who, text] = wordOf(item);
  return (
    <button type="button" class="rv-word-button" onClick={() => select(item.id)}>
      {who !== '' && <strong>{who} </strong>}
      {visible(text).slice(0, 240)}
    </button>
  );
}

function wordOf(item: FeedItem): readonly [who: string, text: string] {
  switch (item.kind) {
    case 'said':
      return [roleName(item.who.role), item.text];
    case 'tool':
      return [roleName(item.who.role), told(item.title)];
    case 'message':
      return [t('{0} to {1}', roleName(item.from), roleName(item.to)), item.text];
    case 'gate':
      return [
        t('Tests'),
        item.report.reasons[0] === undefined
          ? verdictName(item.report.verdict)
          : told(item.report.reasons[0]),
      ];
    case 'review':
      return [t('Review'), item.verdict === 'approve' ? t('Approved') : t('Changes requested')];
    case 'consensus':
      return [item.about === 'review' ? t('Review') : t('Question'), item.text];
    case 'note':
      return ['', told(item.text)];
  }
}
