import { useComputed } from '@preact/signals';
import type { TargetedEvent } from 'preact';
import { withFold } from '../state/reading.ts';
import { usePanel } from './use-panel.ts';

/** For the `details` of a fold. */
export interface Fold {
  readonly open: boolean;
  readonly onToggle: (event: TargetedEvent<HTMLDetailsElement>) => void;
  readonly 'data-fold': string;
}

/** A fold that stays as the person left it, also where it leaves the page and comes back. `name` is its own in the whole page. */
export function useFold(name: string, begins = false): Fold {
  const { folds } = usePanel();
  return {
    open: useComputed(() => folds.value[name]).value ?? begins,
    onToggle: ({ currentTarget: { open } }) => (folds.value = withFold(folds.peek(), name, open, begins)),
    'data-fold': name,
  };
}
