/** Which checks a change asks for. */
import type { Check } from './check.ts';
import { isBelow } from './folders.ts';

export interface Touched {
  readonly chosen: readonly Check[];
  /** Touched too, and over the limit. */
  readonly left: readonly Check[];
}

/** True where which of them are asked depends on what changed. */
export function dependOnChange(checks: readonly Check[]): boolean {
  return checks.some(({ folder, endings }) => folder !== undefined || endings !== undefined);
}

/** `paths`: what changed. What changed itself comes before what only leans on it. At most `max`. */
export function touchedBy(checks: readonly Check[], paths: readonly string[], max: number): Touched {
  const own = checks.filter((check) => concerns(check, [check.folder ?? ''], paths));
  const leaning = checks.filter(
    (check) => !own.includes(check) && concerns(check, check.leansOn ?? [], paths),
  );
  const all = [...own, ...leaning];
  return { chosen: all.slice(0, max), left: all.slice(max) };
}

function concerns({ endings }: Check, folders: readonly string[], paths: readonly string[]): boolean {
  return paths.some(
    (path) =>
      (folders.some((folder) => isBelow(path, folder)) || (folders.length > 0 && SHARED.test(path))) &&
      (endings === undefined || endings.some((ending) => path.endsWith(ending))),
  );
}

/** What configures from the root on down. */
const SHARED = /^(\.[\w.-]*rc[\w.-]*|[\w.-]+\.config\.\w+|[^/]+\.(json|jsonc|ya?ml|toml|lock|cfg|ini|work))$/;
