/** Small random stories over a journal, to look at its promises apart from everything else a run does. */
import type { OwnedRun, Steps } from '../../../src/core/ports.ts';
import { createJournal } from '../../../src/core/run/journal/journal.ts';
import { pastOf } from '../../../src/core/run/journal/past.ts';
import { readJournal } from '../../../src/core/run/journal/reader.ts';
import { createWriter, type JournalWriter } from '../../../src/core/run/journal/writer.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';
import { ManualClock } from '../../support/in-memory/clock.ts';
import { InMemoryRunStore } from '../../support/in-memory/run-store.ts';
import { encodeLine, CHAIN_START } from '../../../src/core/run/journal/codec.ts';
import { RunSettings } from '../../../src/protocol/settings.ts';

/** Steps of branches that work beside each other: how many turns each effect takes. */
export type Branches = readonly (readonly number[])[];

export const RUN = 'run-00000001-0000';

/** What a story came to: the order in which it heard of ends, and which effects ran. */
export interface Heard {
  readonly order: readonly string[];
  readonly effects: readonly string[];
  readonly end: 'done' | 'cut' | { readonly broken: string };
}

export interface Playing {
  readonly branches: Branches;
  /** Effects after which the process is killed; absent: it lives. */
  readonly killAfter?: number;
  /** A bug to be noticed. */
  readonly writer?: (writer: JournalWriter) => JournalWriter;
  readonly keyOf?: (branch: number, step: number) => string;
}

export async function newStore(): Promise<InMemoryRunStore> {
  const store = new InMemoryRunStore();
  const settings = RunSettings.parse({
    endpoints: [{ id: 'script', kind: 'scripted', model: 'script' }],
    routes: { default: ['script'] },
  });
  const data = {
    run: RUN,
    goal: 'x',
    mode: 'team',
    settings,
    engine: '1',
    workspace: 'w',
    demo: true,
  } as const;
  const first = encodeLine({ type: 'run.started', data }, 1, CHAIN_START, nodeHasher);
  await (await store.create(RUN, first.text)).close();
  return store;
}

const turns = async (count: number): Promise<void> => {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
};

/** One process plays the story, from wherever the journal stands. */
export async function playStory(store: InMemoryRunStore, playing: Playing): Promise<Heard> {
  const { branches, killAfter = Infinity, keyOf = (branch, step) => `b${branch}/s${step}` } = playing;
  const owned: OwnedRun = await store.own(RUN);
  const { lines, end } = await readJournal(owned, nodeHasher);
  const clock = new ManualClock();
  const plain = createWriter(owned, end, clock, nodeHasher);
  const writer = playing.writer?.(plain) ?? plain;
  const journal = createJournal({ run: owned, past: pastOf(lines), writer, clock, hasher: nodeHasher });
  const heard = { order: [] as string[], effects: [] as string[] };
  const cut = Promise.withResolvers<'cut'>();
  const work = async (steps: Steps, branch: number): Promise<void> => {
    for (const [step, lateness] of (branches[branch] ?? []).entries()) {
      const key = keyOf(branch, step);
      const said = await steps.step<string>(key, { kind: 'tool', title: key, input: key }, async () => {
        await turns(lateness);
        heard.effects.push(key);
        if (heard.effects.length === killAfter) {
          store.crash();
          cut.resolve('cut');
        }
        return `${key}!`;
      });
      heard.order.push(said);
    }
  };
  const story = Promise.all(branches.map((_, branch) => work(journal, branch))).then(() => 'done' as const);
  const halted = journal.halted.then((halt) => ({
    broken: halt.kind === 'broken' ? halt.error.message : halt.kind,
  }));
  const ended = await Promise.race([story, cut.promise, halted]);
  if (ended !== 'cut') await owned.close();
  return { ...heard, end: ended };
}
