/** Cut off at every line from the moment a person has worked by hand, the run goes on and what they did is there: in the result, or kept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { play, type Played, type Scenario } from './check.ts';
import { recordRun, type Cut } from './crash.ts';
import { agent, approve, edit, plan, result, script, task } from './parts.ts';
import { worldSaying } from './saying.ts';

const MINE = 'an hour of work by hand\n';
const LATER = 'and an hour more\n';
const coder = (attempt: number, text: string): Record<string, unknown> =>
  agent('coder', [[edit('src/b.txt', 'b', text), result()]], { task: 'b', attempt });
const SCENARIO: Scenario = {
  files: { 'src/b.txt': 'b\n', 'test/all.spec': 'b stays: src/b.txt lacks never\n' },
  settings: { interactive: true, approvals: { plan: false, commands: false, changes: false } },
  script: script(
    agent('planner', [[plan(task({ id: 'b', title: 'Change b', files: ['src/b.txt'] }))]]),
    coder(1, 'never'),
    coder(3, 'by the team'),
    agent('reviewer', [[approve]]),
  ),
};

/** The person writes before they answer, and once more while what they gave back is reviewed. */
async function recorded(decision: 'give' | 'drop') {
  const scenario = { ...SCENARIO, answers: { 'hand/b/2/0': { decision } } };
  const world = worldSaying(scenario, {
    'coder/b/1/1': { do: 'take', task: 'b' },
    'reviewer/b/2/1': (run, { ports }) =>
      ports.disk.put(ports.copies.rootOf(`${run}-b-2`), 'src/b.txt', LATER),
  });
  const { store, disk, copies } = world.ports;
  const put = store.putSignal.bind(store);
  store.putSignal = async (run, signal) => {
    if (signal.name === 'hand/b/2/0') disk.put(copies.rootOf(`${run}-b-2`), 'src/b.txt', MINE);
    await put(run, signal);
  };
  return { scenario, ...(await recordRun(scenario, world)) };
}

async function keptText({ lines, ports }: Played): Promise<readonly string[]> {
  const trees = lines.flatMap((line) => (line.type === 'hand.kept' ? [line.data.tree] : []));
  const texts = trees.map((tree) => ports.copies.read(tree, 'src/b.txt'));
  return (await Promise.all(texts)).map((bytes) => new TextDecoder().decode(bytes));
}

const isAnswered = (line: JournalLine): boolean =>
  line.type === 'signal.received' && line.key === 'hand/b/2/0';
for (const [decision, isThere] of [
  ['drop', MINE],
  ['give', LATER],
] as const)
  for (const cut of ['before', 'inside', 'after'] satisfies Cut[])
    test(`a crash ${cut} each line, ${decision}`, async () => {
      const { scenario, whole, count, crashAt } = await recorded(decision);
      assert.deepEqual(await keptText(whole), [isThere]);
      const first = whole.lines.findIndex(isAnswered) + 1;
      const written = whole.lines.findIndex(
        ({ type, key }) => type === 'step.finished' && key?.includes('/reviewer/') === true,
      );
      const failures: string[] = [];
      for (let line = decision === 'give' ? written + 1 : first; line <= count; line++) {
        const crashed = crashAt(line, cut);
        assert.ok(crashed, `line ${String(line)} was not recorded`);
        const played = await play(scenario, crashed.world, crashed.run);
        const texts = await keptText(played);
        if (texts.join() !== isThere) failures.push(`line ${String(line)}: ${JSON.stringify(texts)}`);
        const result = decision === 'give' ? MINE : 'by the team\n';
        if (played.file('src/b.txt') !== result) failures.push(`line ${String(line)}: ${played.end.message}`);
      }
      assert.deepEqual(failures, []);
    });
