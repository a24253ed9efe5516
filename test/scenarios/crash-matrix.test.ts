/** Cut off at every line of a rich run, in every way, the run goes on where it was. */
import { before, test } from 'node:test';
import { play, type Played } from './check.ts';
import { crashAt, goOn, type Cut } from './crash.ts';
import { RICH } from './rich.ts';

let whole: Played;
before(async () => {
  whole = await play(RICH);
});

for (const cut of ['before', 'inside', 'after'] satisfies Cut[]) {
  test(`a crash ${cut} each line`, async (t) => {
    for (let line = 2; ; line++) {
      const crashed = await crashAt(RICH, line, cut);
      if (!crashed) break;
      await t.test(`line ${line}`, () => goOn(RICH, crashed, whole));
    }
  });
}
