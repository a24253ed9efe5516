/** Commands that take a run, by their names. */
import { applyRun, commitRun, undoRun } from './afterwards-commands.ts';
import type { OnARun } from './arguments.ts';
import { remove } from './keeping-commands.ts';
import { kept } from './kept-command.ts';
import { audit } from './policy-commands.ts';
import { review } from './review-command.ts';
import { exportTo, fork, replay, resume, stop, verify, type Desk } from './run-commands.ts';
import { show } from './show-command.ts';

/** Returns the exit code. */
export async function onARun(name: OnARun, run: string, desk: Desk): Promise<number> {
  switch (name) {
    case 'resume':
      return resume(desk, run);
    case 'show':
      return show(desk, run);
    case 'stop':
      return stop(desk, run);
    case 'replay':
      return replay(desk, run);
    case 'verify':
      return verify(desk, run);
    case 'fork':
      return fork(desk, run);
    case 'export':
      return exportTo(desk, run);
    case 'delete':
      return remove(desk, run);
    case 'kept':
      return kept(desk, run);
    case 'audit':
      return audit(desk, run);
    case 'review':
      return review(desk, run);
    case 'apply':
      return applyRun(desk, run);
    case 'undo':
      return undoRun(desk, run);
    case 'commit':
      return commitRun(desk, run);
  }
}
