import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Panel } from '../panel.ts';

export const PanelContext = createContext<Panel | undefined>(undefined);

/** The panel that a component stands in. */
export function usePanel(): Panel {
  const panel = useContext(PanelContext);
  if (panel === undefined) throw new Error('No panel around this component.');
  return panel;
}
