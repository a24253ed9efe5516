/** Loops of every kind in whole runs, beside work of the same shape that gets on and is left alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../src/core/run/engine.ts';
import { play } from './check.ts';
import { agent, approve, call, edit, FILES, fix, plan, result, script, task } from './parts.ts';

type Turns = readonly (readonly ReturnType<typeof call>[])[];

const look = (max: number) => [call('list_files', { max })];
const read = (path: string) => [call('read_file', { path })];
const of = (count: number, turn: (n: number) => Turns[number]): Turns =>
  Array.from({ length: count }, (_, n) => turn(n));

const CASES: readonly (readonly [what: string, turns: Turns, guards: readonly string[]])[] = [
  ['back and forth between two looks', of(6, (n) => look((n % 2) + 1)), ['alternating told']],
  [
    'back and forth between two files, each edited anew',
    of(6, (n) => {
      const [path, word] = n % 2 === 0 ? ['src/a.txt', 'a'] : ['src/b.txt', 'b'];
      return [call('write_file', { path, content: word.repeat(n + 1) })];
    }),
    [],
  ],
  [
    'the same failure by other arguments',
    of(4, (n) => [edit('src/none.txt', `line ${String(n)}`, 'x')]),
    ['failing told'],
  ],
  ['other failures each time', ['red', 'blue', 'green', 'grey'].map((name) => read(`src/${name}.txt`)), []],
  ['nothing new for long', of(14, (n) => look((n % 4) + 1)), ['idle told']],
  [
    'as long, with something new now and then',
    of(14, (n) => (n === 9 ? read('src/other.txt') : look((n % 4) + 1))),
    [],
  ],
];

for (const [what, turns, expected] of CASES)
  test(`${what}: ${expected.join(', ') || 'left alone'}`, async () => {
    const played = await play({
      files: FILES,
      script: script(
        agent('planner', [[plan(task())]]),
        agent('coder', [...turns, [fix, result()]]),
        agent('reviewer', [[approve]]),
      ),
    });
    assert.equal(played.end.kind === 'finished' && played.end.outcome, 'done', played.end.message);
    assert.deepEqual(
      (played.view.team?.guards ?? []).map(({ guard, rung }) => `${guard} ${rung}`),
      expected,
    );
    const report = await createEngine(played.enginePorts, { whenWaiting: 'pause' }).replay(played.id);
    assert.equal(report.divergence, undefined);
  });
