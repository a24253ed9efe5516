import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Actor } from '../../../src/protocol/events.ts';
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { IconButton } from '../parts/button.tsx';
import { isEnter } from '../parts/grow-text.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun, useRunNow } from '../run/use-run.ts';
import { agentsOf, filtered, NO_FILTER, speakersOf, type Filter } from '../state/filter.ts';
import { createFinder, nearest, stepFrom, wordsIn } from '../state/find.ts';
import { roleName, withCandidate } from '../state/names.ts';
import { t } from '../texts.ts';
import { partInSight } from './find.ts';

/** Leads through what the conversation says, and shows one agent or one task alone. */
export function SearchBar(): VNode | null {
  const { filter } = usePanel();
  const value = filter.value;
  return value === undefined ? null : <Bar value={value} />;
}

function Bar({ value }: { value: Filter }): VNode {
  const { filter, announce } = usePanel();
  const feed = useRun((run) => run.feed);
  const { found, go } = useFound(value);
  const input = useRef<HTMLInputElement>(null);
  const set = (more: Partial<Filter>): void => void (filter.value = { ...value, ...more });
  const close = (): void => void (filter.value = undefined);
  const count = countText(value, found, feed);
  // Of what the person looks for, not of what agents add to it.
  useEffect(() => announce(count), [value]);
  useFocusLent(input, value.called);
  return (
    <div
      class="search"
      role="search"
      data-testid="search"
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <input
        class="line-input search-text"
        type="text"
        ref={input}
        data-testid="search-text"
        aria-label={t('Search the conversation')}
        placeholder={t('Search the conversation…')}
        value={value.text}
        onInput={({ currentTarget }) => set({ text: currentTarget.value })}
        onKeyDown={(event) => {
          if (isEnter(event)) go(event.shiftKey ? -1 : 1);
        }}
      />
      <span class="search-ways">
        <IconButton
          icon="arrowUp"
          label={t('Previous match')}
          testid="search-previous"
          disabled={found.length === 0}
          onClick={() => go(-1)}
        />
        <IconButton
          icon="arrowDown"
          label={t('Next match')}
          testid="search-next"
          disabled={found.length === 0}
          onClick={() => go(1)}
        />
        <IconButton icon="close" label={t('Show everything')} testid="search-close" onClick={close} />
      </span>
      <Alone value={value} set={set} />
      <span class="dim small" data-testid="search-count">
        {count}
      </span>
    </div>
  );
}

interface AloneProps {
  readonly value: Filter;
  readonly set: (more: Partial<Filter>) => void;
}

/** Whose words and deeds are shown, and of which task. */
function Alone({ value, set }: AloneProps): VNode {
  const feed = useRun((run) => run.feed);
  const tasks = useRun((run) => run.tasks);
  return (
    <>
      <select
        class="select"
        data-testid="search-role"
        aria-label={t('Who')}
        value={value.role}
        onChange={({ currentTarget }) => set({ role: currentTarget.value, agent: undefined })}
      >
        <option value="">{t('Everybody')}</option>
        {speakersOf(feed).map((role) => (
          <option key={role} value={role}>
            {roleName(role)}
          </option>
        ))}
      </select>
      {tasks.length > 1 && (
        <select
          class="select search-task"
          data-testid="search-task"
          aria-label={t('Task')}
          value={value.task}
          onChange={({ currentTarget }) => set({ task: currentTarget.value, agent: undefined })}
        >
          <option value="">{t('Every task')}</option>
          {tasks.map(({ spec }) => (
            <option key={spec.id} value={spec.id}>
              {spec.title}
            </option>
          ))}
        </select>
      )}
      <OneAgent value={value} set={set} />
    </>
  );
}

/** Which of the agents that had the role in the task, where there were several: it was tried again, or several tried. */
function OneAgent({ value, set }: AloneProps): VNode | null {
  const agents = agentsOf(
    useRun((run) => run.feed),
    value,
  );
  if (agents.size < 2) return null;
  return (
    <select
      class="select"
      data-testid="search-agent"
      aria-label={t('Which attempt')}
      value={value.agent ?? ''}
      onChange={({ currentTarget: { value: id } }) => set({ agent: id === '' ? undefined : id })}
    >
      <option value="">{t('Every attempt')}</option>
      {[...agents].map(([id, who]) => (
        <option key={id} value={id}>
          {attemptText(who)}
        </option>
      ))}
    </select>
  );
}

const attemptText = ({ attempt, candidate, agent }: Actor): string =>
  attempt === undefined ? (agent ?? '') : withCandidate(t('attempt {0}', attempt), candidate);

const whole = (run: RunView): RunView => run;

/** How many parts have the words, and which of them is shown; without words how many entries are shown alone. */
function countText(value: Filter, found: readonly string[], feed: readonly FeedItem[]): string {
  if (wordsIn(value) !== '') {
    const at = found.indexOf(value.at?.part ?? '');
    return found.length === 0 ? t('No matches') : t('{0} of {1}', Math.max(0, at) + 1, found.length);
  }
  const shown = filtered(feed, value);
  return shown === feed ? '' : t('{0} of {1}', shown.length, feed.length);
}

interface Found {
  readonly found: readonly string[];
  /** Shows the next that has the words, or the one before. */
  go(by: 1 | -1): void;
}

/** What has the words, the nearest of which is shown at once. F3 leads from one to the next wherever the focus is. */
function useFound(value: Filter): Found {
  const { filter } = usePanel();
  const now = useRunNow();
  const words = wordsIn(value);
  const find = useMemo(() => createFinder(words), [words]);
  const found = find(useRun(whole), value);
  const show = (part: string | undefined): void => {
    filter.value = { ...value, at: part === undefined ? undefined : { part } };
  };
  const go = (by: 1 | -1): void => show(stepFrom(found, value.at?.part, by));
  useLayoutEffect(() => {
    if (value.at === undefined ? found.length > 0 : !found.includes(value.at.part))
      show(nearest(found, now(), partInSight()));
  }, [found.join(), value]);
  // A layout effect: keys may come faster than the page is painted.
  useLayoutEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key !== 'F3') return;
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  });
  return { found, go };
}

/** The focus is in `input` with each call, not where the search was open before the page was, and goes back to where it was when the search closes. */
function useFocusLent(input: { readonly current: HTMLInputElement | null }, called: Filter['called']): void {
  useLayoutEffect(() => {
    const lender = document.activeElement;
    return () => {
      const button = document.querySelector<HTMLElement>(`[data-testid="${BUTTON}"]`);
      const back =
        lender instanceof HTMLElement && lender.isConnected && lender !== document.body ? lender : button;
      back?.focus({ preventScroll: true });
    };
  }, []);
  useLayoutEffect(() => {
    if (called === undefined) return;
    input.current?.focus({ preventScroll: true });
    input.current?.select();
  }, [called]);
}

const BUTTON = 'search-button';

/** Opens the search, or closes it. */
export function SearchButton(): VNode {
  const { filter } = usePanel();
  return (
    <IconButton
      icon="search"
      label={t('Search the conversation')}
      testid={BUTTON}
      pressed={filter.value !== undefined}
      onClick={() => (filter.value = filter.value === undefined ? { ...NO_FILTER, called: {} } : undefined)}
    />
  );
}
