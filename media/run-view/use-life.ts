import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { RunLife } from './life.ts';

export const RunLifeContext = createContext<RunLife | undefined>(undefined);

/** The run view that a component stands in. */
export function useLife(): RunLife {
  const life = useContext(RunLifeContext);
  if (life === undefined) throw new Error('No run view around this component.');
  return life;
}
