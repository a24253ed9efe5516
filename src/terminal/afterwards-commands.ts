/** Commands for a change that was handed over: apply it, take it back, commit it. Each returns the exit code. */
import type { EpilogueEnd } from '../core/run/contract.ts';
import { commitMessage } from '../core/run/handover/commit-message.ts';
import type { Desk } from './run-commands.ts';
import { askNeeds } from './session.ts';
import { needText } from './story.ts';
import { undoText } from './undo-text.ts';

/** Applies what waits; asks where it has to and somebody is there. */
export const applyRun = (desk: Desk, run: string): Promise<number> => afterwards(desk, run, 'apply');

/** Shows what an undo would do; then does it, unless it is a dry run or whoever is asked does not want it. */
export async function undoRun(desk: Desk, run: string): Promise<number> {
  const { house, console, options } = desk;
  const preview = await house.engine(console.ask !== undefined).previewUndo(run);
  const { dryRun } = options.collect;
  if (dryRun && options.json) console.line(JSON.stringify(preview));
  console.say(undoText(preview));
  if (dryRun) {
    console.say(`Nothing was changed. Take it back with: quartet undo ${run}`);
    return 0;
  }
  if (console.ask !== undefined) {
    const said = await console.ask('Take the change back? [y/N] ', new AbortController().signal);
    if (!/^\s*y(es)?\s*$/iu.test(said)) {
      console.say('Nothing was undone.');
      return 1;
    }
  }
  return afterwards(desk, run, 'undo');
}

async function afterwards(desk: Desk, run: string, what: 'apply' | 'undo'): Promise<number> {
  const { house, console } = desk;
  const engine = house.engine(console.ask !== undefined);
  const over = new AbortController();
  const asking = askNeeds(run, { engine, views: house.views, console }, over.signal);
  try {
    const end: EpilogueEnd = await engine[what](run);
    console.say(end.message);
    const view = await house.views.view(run);
    for (const need of view.needs)
      console.say(
        `\n${needText(need, view)}\n  quartet answer ${run} ${need.signal} VALUE, then: quartet ${what} ${run}`,
      );
    return end.done ? 0 : view.needs.length > 0 ? 3 : 1;
  } finally {
    over.abort();
    asking.dispose();
  }
}

/** Commits what the run applied, with a message written from its evidence. */
export async function commitRun({ house, console, options }: Desk, run: string): Promise<number> {
  const message = commitMessage(await house.views.view(run));
  const { branch } = options.commit;
  const engine = house.engine(console.ask !== undefined);
  if (!(await wantsMixed(console, (await engine.previewCommit(run)).mixed))) {
    console.say('Nothing was committed.');
    return 1;
  }
  const end = await engine.commit(run, { message, branch });
  console.say(end.message);
  return end.done ? 0 : 1;
}

/** Says what of the person's own a commit would hold; where somebody is there, they decide. */
async function wantsMixed(console: Desk['console'], mixed: readonly string[]): Promise<boolean> {
  if (mixed.length === 0) return true;
  console.warn(
    `Before the change was applied, ${mixed.join(', ')} held changes of yours that were not committed. The commit holds them, too.`,
  );
  if (console.ask === undefined) return true;
  const said = await console.ask('Commit them with it? [y/N] ', new AbortController().signal);
  return /^\s*y(es)?\s*$/iu.test(said);
}

/** After a run: commits where that was asked for and something was applied. */
export async function commitAfter(desk: Desk, run: string, code: number): Promise<number> {
  if (!desk.options.commit.wanted) return code;
  const { changes } = await desk.house.views.view(run);
  if (changes?.applied === undefined) {
    desk.console.say('Nothing was committed: no change was applied.');
    return code;
  }
  const committed = await commitRun(desk, run);
  return committed === 0 ? code : committed;
}
