/** Commands that take runs away, and what no run needs. Each returns the exit code. */
import { MEGABYTE, sizeText, type Collected, type Survey } from '../core/run/keeping/retention.ts';
import type { Desk } from './run-commands.ts';
import type { Console } from './session.ts';
import { UsageError } from './usage-error.ts';

/** Tells what went, or would go, with the reason, and what the rest takes. Errors: `UsageError` where a run that is named is not there. */
export async function collect({ house, console, options }: Desk): Promise<number> {
  const { daysMax, megabytesMax, dryRun, unfinished } = options.collect;
  const runs = await house.ports.store.list();
  const unknown = unfinished.find((run) => !runs.includes(run));
  if (unknown !== undefined) throw new UsageError(`There is no run ${unknown}.`);
  const bytesMax = megabytesMax === undefined ? undefined : megabytesMax * MEGABYTE;
  const rules = { now: house.ports.clock.now(), daysMax, bytesMax, unfinished };
  const collected = await house.collect(rules, { dryRun });
  if (options.json) for (const each of collected) console.line(JSON.stringify(each));
  tellCollected(console, collected);
  const total = sizeText(collected.reduce((sum, { bytes }) => sum + bytes, 0));
  const nothing = dryRun ? 'Nothing would be removed.' : 'Nothing was removed.';
  if (collected.length === 0) console.say(nothing);
  else console.say(dryRun ? `${total} would be removed.` : `${total} removed.`);
  console.say(usageText(await house.survey()));
  return 0;
}

function tellCollected(console: Console, collected: readonly Collected[]): void {
  for (const { what, name, bytes, why } of collected)
    console.say(`${what.padEnd(8)} ${sizeText(bytes).padStart(8)}  ${name}: ${why}`);
}

function usageText({ runs, bytes }: Survey): string {
  const { copies, trees, caches } = bytes;
  return `In use: ${runs.length === 1 ? '1 run' : `${runs.length} runs`} ${sizeText(bytes.runs)}, working copies ${sizeText(copies)}, trees ${sizeText(trees)}, installed packages ${sizeText(caches)}.`;
}

/** Removes one run. Exit code 1 where a process works on it. */
export async function remove({ house, console }: Desk, run: string): Promise<number> {
  const rules = { now: house.ports.clock.now(), chosen: [run] };
  const collected = await house.collect(rules, { kinds: ['run', 'copy', 'scratch', 'trees'] });
  tellCollected(console, collected);
  if (collected.some(({ what, name }) => what === 'run' && name === run)) return 0;
  const owner = await house.ports.store.owner(run);
  if (owner === undefined) throw new UsageError(`There is no run ${run}.`);
  console.say(`${run} is owned by ${owner}. Stop it first: quartet stop ${run}`);
  return 1;
}
