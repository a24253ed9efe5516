/** From one open question to the next. */
import type { NeedView } from '../../../src/protocol/view.ts';

/** The question after the one named, oldest first and round again; undefined where nothing waits. */
export function needAfter(needs: readonly NeedView[], last: string | undefined): string | undefined {
  const at = needs.findIndex(({ signal }) => signal === last);
  return needs[(at + 1) % needs.length]?.signal;
}
