import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { badgeMeans, badgeOf, type Enforced } from '../../../src/protocol/enforced.ts';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { Icon, Spinner, type IconName } from '../icons.tsx';
import { editShown } from './edit.tsx';
import { OpenRecord } from './open-record.tsx';
import { useFold } from '../parts/use-fold.ts';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { progressText } from '../state/evidence.ts';
import { entryName } from '../state/feed.ts';
import { duration } from '../state/format.ts';
import { visible } from '../state/visible.ts';
import { t, told } from '../texts.ts';

type Call = Extract<FeedItem, { kind: 'tool' }>;

const TOOLS: readonly (readonly [RegExp, IconName])[] = [
  [/^run_tests$/, 'beaker'],
  [/^(run_|shell|terminal)/, 'terminal'],
  [/^(edit|apply|write|delete|move)_/, 'edit'],
  [/^(search|find|web_search)/, 'search'],
  [/^browse_/, 'compass'],
  [/^(read|list|fetch|get)_/, 'file'],
  [/^git_/, 'merge'],
  [/^ask_/, 'question'],
  [/^post_/, 'ask'],
  [/^submit_/, 'check'],
];

const toolIcon = (tool: string): IconName => TOOLS.find(([name]) => name.test(tool))?.[1] ?? 'bolt';

const STATES = {
  running: () => t('running'),
  ok: () => t('done'),
  error: () => t('failed'),
  denied: () => t('denied'),
  interrupted: () => t('interrupted, outcome unknown'),
} as const;

const TROUBLE: Partial<Record<Call['state'], IconName>> = {
  error: 'error',
  denied: 'shield',
  interrupted: 'pause',
};

/** Durations below this are of no interest, in milliseconds. */
const WORTH_SAYING_MS = 100;

/** One use of a tool in a line that opens to what went in and what came back. */
export function ToolCall({ item }: { item: Call }): VNode {
  const fold = useFold(entryName(item));
  const state = STATES[item.state]();
  const trouble = TROUBLE[item.state];
  return (
    <details
      class="tool"
      data-testid="tool-call"
      data-entry={entryName(item)}
      data-tool={item.tool}
      data-state={item.state}
      {...fold}
    >
      <summary class="tool-line" title={`${item.tool}: ${state}`}>
        {item.state === 'running' ? <Spinner /> : <Icon name={toolIcon(item.tool)} />}
        <span class="tool-title">{visible(told(item.title))}</span>
        {trouble && (
          <span class="tool-trouble">
            <Icon name={trouble} />
            {state}
          </span>
        )}
        <span class="unseen">{state}</span>
        {item.state === 'running' && <Progress item={item} />}
        {item.enforced && <Badge enforced={item.enforced} />}
        <Icon name="chevron" class="chevron" />
        {item.durationMs !== undefined && item.durationMs >= WORTH_SAYING_MS && (
          <span class="tool-time">{duration(item.durationMs)}</span>
        )}
      </summary>
      {fold.open && (
        <div class="tool-body">
          {editShown(item.tool, item.args) ?? <Exact title={item.tool} text={item.args} />}
          {item.enforced && (
            <p class="tool-means">
              {badgeOf(item.enforced)}. {badgeMeans(item.enforced)}
            </p>
          )}
          {item.pictured && <Picture call={item.id} title={item.title} />}
          {item.result !== undefined && <Exact title={t('Result')} text={item.result} />}
          <OpenRecord seq={item.id} part="output" label={t('Open in an editor')} />
        </div>
      )}
    </details>
  );
}

/** How far the tests of a running call have come, where their runner tells. */
function Progress({ item }: { item: Call }): VNode | null {
  const { tests } = usePanel();
  const key = useRun(
    ({ active }) => active.find(({ since, title }) => since === item.at && title === item.title)?.key,
  );
  const progress = key === undefined ? undefined : tests.value.get(key);
  if (progress === undefined) return null;
  const { done, total, failed } = progress;
  return (
    <span class="tool-progress" data-testid="test-progress" data-tone={failed > 0 ? 'bad' : 'none'}>
      {total !== undefined && <progress value={done} max={total} aria-hidden="true" />}
      {progressText(progress)}
    </span>
  );
}

/** What a call saw. It is asked for when the call is opened: pictures are large, and lie in the record of the run. */
function Picture({ call, title }: { call: number; title: string }): VNode {
  const panel = usePanel();
  const run = panel.view.value?.id;
  const data = panel.pictures.value.get(call);
  useEffect(() => {
    if (data === undefined && run !== undefined) panel.post({ type: 'picture.show', run, call });
  }, [call, run, data === undefined]);
  if (data === undefined) return <Spinner />;
  if (data === null) return <p class="tool-means">{t('The picture is not in the record any more.')}</p>;
  const said = t('Screenshot: {0}', visible(title));
  return <img class="tool-picture" data-testid="tool-picture" src={data} alt={said} title={said} />;
}

/** Whether the operating system held the command; the open call says to what. */
function Badge({ enforced }: { enforced: Enforced }): VNode {
  const isFree = enforced.by === 'none';
  return (
    <span
      class={isFree ? 'tool-held tool-free' : 'tool-held'}
      data-testid="tool-enforced"
      data-by={enforced.by}
      title={`${badgeOf(enforced)}. ${badgeMeans(enforced)}`}
    >
      <Icon name={isFree ? 'warning' : 'shield'} />
      <span>{isFree ? t('not sandboxed') : t('sandboxed')}</span>
    </span>
  );
}

function Exact({ title, text }: { title: string; text: string }): VNode | null {
  if (text === '') return null;
  return (
    <>
      <h4 class="label">{title}</h4>
      <pre class="exact" tabIndex={0} aria-label={title}>
        {visible(text)}
      </pre>
    </>
  );
}
