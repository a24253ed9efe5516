/**
 * Where a change loosens the project's own rules instead of keeping them: checkers kept silent, rules turned off or down, more left out,
 * limits lowered, scripts and pipelines that prove less. Pure, and conservative: what the texts do not show is not claimed; moving,
 * formatting and stricter rules are no finding. Whether one blocks is the gate's to say.
 */
import type { Loosening, TextChange } from './change.ts';
import { weakerPipelines, weakerScripts } from './commands.ts';
import { looserRules } from './rules.ts';
import { newSuppressions } from './suppressions.ts';

/** Findings per change; what is beyond them says nothing new. */
const FOUND_MAX = 50;

/** All texts of one change, so that what moves from one file to another is known. */
export function findLoosened(changes: readonly TextChange[]): readonly Loosening[] {
  const scripts = changes.filter(({ path }) => /(^|\/)package\.json$/.test(path));
  const found = [
    ...looserRules(changes),
    ...scripts.flatMap(weakerScripts),
    ...weakerPipelines(changes),
    ...newSuppressions(changes),
  ];
  return found.slice(0, FOUND_MAX);
}
