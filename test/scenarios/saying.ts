/** A person who says or does something to a run at a moment of it: when a certain model is asked for the first time, or they are. */
import type { Models } from '../../src/core/models/contract.ts';
import { decodeJournal } from '../../src/core/run/journal/codec.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { Change } from '../../src/protocol/people.ts';
import { worldOf, type Scenario, type World } from './check.ts';

/** A change of the run, or what else the person does. */
type Doing = Change | ((run: string, world: World) => Promise<void> | void);

/** A world where a person does something when a model is first asked by `who` (role/task/attempt/turn), which waits for it. */
export function worldSaying(scenario: Scenario, said: Readonly<Record<string, Doing>>): World {
  const done = new Set<string>();
  const models = (scripted: Models): Models => ({
    async complete(request, context) {
      const who = `${request.role}/${request.task ?? ''}/${request.attempt}/${request.turn}`;
      const doing = said[who];
      if (doing && !done.has(who)) {
        done.add(who);
        const [run = ''] = await world.ports.store.list();
        if (typeof doing === 'function') await doing(run, world);
        else {
          await world.ports.store.putSignal(run, { name: 'change', value: doing, from: 'person' });
          await new Promise((resolve, reject) => {
            context.signal.addEventListener('abort', () => reject(context.signal.reason as Error));
            setTimeout(resolve, 300);
          });
        }
      }
      return scripted.complete(request, context);
    },
  });
  const world: World = worldOf({ ...scenario, models });
  return world;
}

/** Looks at the record until it holds what is waited for. */
export async function recorded(
  { ports }: World,
  run: string,
  is: (line: JournalLine) => boolean,
): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (decodeJournal(await ports.store.read(run), ports.hasher).lines.some(is)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('It was never recorded.');
}
