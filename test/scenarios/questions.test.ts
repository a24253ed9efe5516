/** How often a person is asked while tasks of ordinary work get done: too often teaches them to say yes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shell } from '../../src/core/ports.ts';
import type { Autonomy } from '../../src/protocol/policy.ts';
import { HARMLESS } from '../unit/core/policy/harmless.ts';
import { play, worldOf, type Scenario } from './check.ts';
import { agent, approve, call, FILES, plan, result, script, task } from './parts.ts';

const TASKS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
const COMMANDS_A_REPLY = 6;
const SANDBOXED = { by: 'bubblewrap', network: 'none' } as const;

/** Each task runs its share of the commands, some in one reply, then writes a file and hands over. */
function workOf(id: string): Parameters<typeof agent>[1] {
  const mine = HARMLESS.filter((_, at) => at % TASKS.length === TASKS.indexOf(id));
  const replies: ReturnType<typeof call>[][] = [];
  for (let at = 0; at < mine.length; at += COMMANDS_A_REPLY)
    replies.push(mine.slice(at, at + COMMANDS_A_REPLY).map((command) => call('run_command', { command })));
  return [...replies, [call('create_file', { path: `${id}.txt`, content: `${id}\n` }), result()]];
}

const everyAnswer = (): Record<string, unknown> =>
  Object.fromEntries(
    TASKS.flatMap((id) =>
      [...Array(12).keys()].flatMap((turn) =>
        [...Array(COMMANDS_A_REPLY).keys()].map((tool) => [
          `permission/task/${id}/attempt/1/coder/round/0/turn/${String(turn)}/tool/${String(tool)}`,
          { allow: true },
        ]),
      ),
    ),
  );

/** As where the system has a sandbox: only then does `auto` let programs of the project run unasked. */
function held(shell: Shell): Shell {
  return {
    dialect: shell.dialect,
    background: shell.background,
    enforced: async () => SANDBOXED,
    run: async (command, signal) => ({ ...(await shell.run(command, signal)), enforced: SANDBOXED }),
  };
}

/** Questions per finished task that each level may bring, where a task runs some twenty commands. */
const MOST: Readonly<Record<Autonomy, number>> = { auto: 0.5, guided: 5, ask: 20 };

for (const [autonomy, most] of Object.entries(MOST) as [Autonomy, number][])
  test(`questions per finished task with ${autonomy}: at most ${String(most)}`, async (t) => {
    const story: Scenario = {
      files: FILES,
      script: script(
        agent('planner', [[plan(...TASKS.map((id) => task({ id, files: [`${id}.txt`] })))]]),
        ...TASKS.map((id) => agent('coder', workOf(id), { task: id })),
        ...TASKS.map((id) => agent('reviewer', [[approve]], { task: id })),
        agent('synthesizer', [[call('submit_summary', { title: 'Done', body: 'Done.' })]]),
      ),
      settings: {
        interactive: true,
        approvals: { plan: false, commands: true, changes: false },
        policy: { autonomy, questionsMax: 1000 },
      },
      answers: everyAnswer(),
    };
    const world = worldOf(story);
    const shell = held(world.enginePorts.shell);
    const played = await play(story, {
      ...world,
      enginePorts: { ...world.enginePorts, shell },
    });
    assert.equal(played.end.kind, 'finished', JSON.stringify(played.end));
    const done = played.view.tasks.filter(({ state }) => state === 'done').length;
    assert.equal(done, TASKS.length);
    const asked = played.lines.filter(
      (line) => line.type === 'signal.opened' && line.data.kind === 'permission',
    ).length;
    const ran = played.lines.filter(
      (line) => line.type === 'policy.decided' && line.data.tool === 'run_command',
    ).length;
    t.diagnostic(`${String(asked)} questions in ${String(done)} tasks with ${String(ran)} commands`);
    assert.ok(ran >= HARMLESS.length, String(ran));
    assert.ok(asked / done <= most, `${String(asked)} questions`);
    if (autonomy !== 'auto') assert.ok(asked > 0);
  });
