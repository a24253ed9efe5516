/** What the doctor found: of which area, how bad it is, and what to do. */

export type Level = 'ok' | 'warning' | 'problem';

export interface Finding {
  readonly area:
    | 'Versions'
    | 'Folder'
    | 'Tools'
    | 'Storage'
    | 'Models'
    | 'Network'
    | 'Tests'
    | 'Team'
    | 'Project'
    | 'Runs';
  readonly level: Level;
  /** What was found. */
  readonly text: string;
  /** What to do; never missing where something stands in the way. */
  readonly advice?: string;
}

/** Something stands in the way of a run. */
export const isIll = (findings: readonly Finding[]): boolean =>
  findings.some(({ level }) => level === 'problem');

type Area = Finding['area'];
type Bad = (area: Area, text: string, advice: string) => Finding;

export const ok = (area: Area, text: string): Finding => ({ area, level: 'ok', text });
export const warning: Bad = (area, text, advice) => ({ area, level: 'warning', text, advice });
export const problem: Bad = (area, text, advice) => ({ area, level: 'problem', text, advice });
