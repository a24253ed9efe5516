import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from '../parts/button.tsx';
import { usePanel } from '../parts/use-panel.ts';
import { useRun } from '../run/use-run.ts';
import { filtered, NO_FILTER, speakersOf, type Filter } from '../state/filter.ts';
import { roleName } from '../state/names.ts';
import { t } from '../texts.ts';

/** Searches the conversation, and shows one agent or one task alone. */
export function SearchBar(): VNode | null {
  const { filter } = usePanel();
  const value = filter.value;
  return value === undefined ? null : <Bar value={value} />;
}

function Bar({ value }: { value: Filter }): VNode {
  const { filter } = usePanel();
  const feed = useRun((run) => run.feed);
  const tasks = useRun((run) => run.tasks);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  const set = (more: Partial<Filter>): void => void (filter.value = { ...value, ...more });
  const close = (): void => void (filter.value = undefined);
  const shown = filtered(feed, value).length;
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
      />
      <IconButton icon="close" label={t('Show everything')} testid="search-close" onClick={close} />
      <select
        class="select"
        data-testid="search-role"
        aria-label={t('Who')}
        value={value.role}
        onChange={({ currentTarget }) => set({ role: currentTarget.value })}
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
          onChange={({ currentTarget }) => set({ task: currentTarget.value })}
        >
          <option value="">{t('Every task')}</option>
          {tasks.map(({ spec }) => (
            <option key={spec.id} value={spec.id}>
              {spec.title}
            </option>
          ))}
        </select>
      )}
      <span class="dim small" role="status" data-testid="search-count">
        {t('{0} of {1}', shown, feed.length)}
      </span>
    </div>
  );
}

/** Opens the search, or closes it. */
export function SearchButton(): VNode {
  const { filter } = usePanel();
  return (
    <IconButton
      icon="search"
      label={t('Search the conversation')}
      testid="search-button"
      pressed={filter.value !== undefined}
      onClick={() => (filter.value = filter.value === undefined ? NO_FILTER : undefined)}
    />
  );
}
