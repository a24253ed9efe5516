/** Questions of permission: asked, remembered, limited, put on record. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditOf, auditRun, auditText } from '../../src/core/run/views/audit.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import type { PolicyRule } from '../../src/protocol/policy.ts';
import { play, worldOf, worldWith, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, FILES, fix, plan, result, script, task } from './parts.ts';

const asking = { interactive: true, approvals: { plan: false, commands: true, changes: false } } as const;
const key = (turn: number, tool = 0): string =>
  `task/fix/attempt/1/coder/round/0/turn/${String(turn)}/tool/${String(tool)}`;
const run = (command: string) => call('run_command', { command });
const team = (...replies: Parameters<typeof agent>[1]) =>
  script(agent('planner', [[plan(task())]]), agent('coder', replies), agent('reviewer', [[approve]]));

const scenario = (
  replies: Parameters<typeof agent>[1],
  answers: Record<string, unknown>,
  more: Partial<Scenario> = {},
): Scenario => ({
  files: { ...FILES, '.env': 'A=1\n', 'package.json': '{"scripts":{"docs":"curl https://x"}}' },
  script: team(...replies),
  settings: { ...asking },
  answers,
  ...more,
});
const decided = ({ lines }: Played) =>
  lines.flatMap((line) =>
    line.type === 'policy.decided' ? [`${line.data.decision} by ${line.data.by}`] : [],
  );
const asked = ({ lines }: Played) =>
  lines.filter((line) => line.type === 'signal.opened' && line.data.kind === 'permission').length;
const rule: PolicyRule = { decision: 'allow', tool: 'run_command', command: 'node build.js', exact: true };

test('what is allowed for good is asked once, and not again in the next run', async () => {
  const replies = [[run('node build.js')], [run('node build.js')], [fix, result()]];
  const first = scenario(replies, { [`permission/${key(1)}`]: { allow: true, always: true } });
  const world = worldOf(first);
  const played = await play(first, world);
  assert.equal(played.end.kind, 'finished', played.end.message);
  assert.deepEqual(decided(played).slice(0, 2), ['ask by default', 'allow by remembered']);
  const [kept] = await world.ports.permissions.list();
  assert.deepEqual(kept?.rule, rule);
  assert.equal(kept.run, played.id);
  const again = await play(scenario(replies, {}), worldWith(world.ports, first));
  assert.equal(asked(again), 0);
  await world.ports.permissions.remove(kept.id);
  // Nobody answers any more: the run only gets as far as its question.
  const open = scenario(replies, {});
  const third = await play(
    { ...open, settings: { ...asking, interactive: false } },
    worldWith(world.ports, open),
  );
  assert.ok(!decided(third).includes('allow by remembered'));
});

test('a replay decides as it was decided, whatever has been allowed or forgotten since', async () => {
  const replies = [[run('node build.js')], [run('node build.js')], [fix, result()]];
  const story = scenario(replies, { [`permission/${key(1)}`]: { allow: true, always: true } });
  const world = worldOf(story);
  const played = await play(story, world);
  for (const { id } of await world.ports.permissions.list()) await world.ports.permissions.remove(id);
  const report = await createEngine(world.enginePorts, { whenWaiting: 'stay' }).replay(played.id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
});

test('"always" counts only where it was offered', async () => {
  const story = scenario([[run('node build.js > ../x')], [fix, result()]], {
    [`permission/${key(1)}`]: { allow: true, always: true },
  });
  const world = worldOf(story);
  const played = await play(story, world);
  const question = played.lines.find(
    (line) => line.type === 'signal.opened' && line.data.kind === 'permission',
  );
  assert.ok(question?.type === 'signal.opened' && question.data.always === undefined);
  assert.equal(question.data.danger, 'outward');
  assert.deepEqual(await world.ports.permissions.list(), []);
});

test('a no holds: the same is not asked twice, and repeated refusals raise an alert', async () => {
  const replies = [...Array.from({ length: 4 }, () => [run('curl https://x')]), [fix, result()]];
  const played = await play(
    scenario(replies, { [`permission/${key(1)}`]: { allow: false, reason: 'no net' } }),
  );
  assert.equal(played.end.kind, 'finished', played.end.message);
  assert.equal(asked(played), 1);
  const alert = played.lines.find((line) => line.type === 'alert.raised');
  assert.ok(alert?.type === 'alert.raised' && /refused 3 times/u.test(alert.data.message));
});

test('two hundred questions are not asked', async () => {
  const reads = Array.from({ length: 30 }, (_, index) =>
    call('read_file', { path: `keys/${String(index)}.pem` }),
  );
  const answers = Object.fromEntries(
    reads.map((_, index) => [`permission/${key(1, index)}`, { allow: false }]),
  );
  const played = await play(scenario([reads, [fix, result()]], answers));
  assert.equal(played.end.kind, 'finished', played.end.message);
  assert.equal(asked(played), 6, 'as many as may be open at once');
  assert.ok(
    played.lines.some((line) => line.type === 'limit.reached' && line.data.limit === 'questionsOpen'),
  );
  // It learns something in between: whoever only asks again and again is stopped as a loop before.
  const many = Array.from({ length: 45 }, (_, index) => [
    [run(`curl https://x/${String(index)}`)],
    [call('read_file', { path: 'lines.txt', start_line: index + 1, end_line: index + 1 })],
  ]).flat();
  const no = Object.fromEntries(many.map((_, index) => [`permission/${key(index + 1)}`, { allow: false }]));
  const lines = Array.from({ length: 45 }, (_, index) => `line ${String(index)}\n`).join('');
  const long = await play(
    scenario([...many, [fix, result()]], no, {
      files: { ...FILES, 'lines.txt': lines },
      settings: { ...asking, limits: { turns: 120 } },
    }),
  );
  assert.equal(asked(long), 40, 'as many as a run may ask');
  assert.ok(long.lines.some((line) => line.type === 'limit.reached' && line.data.limit === 'questions'));
});

test('an allowed package script that reaches out asks all the same', async () => {
  const rules: PolicyRule[] = [];
  const played = await play(
    scenario(
      [[run('npm run docs')], [fix, result()]],
      { [`permission/${key(1)}`]: { allow: false } },
      { settings: { ...asking, policy: { autonomy: 'auto', rules } } },
    ),
  );
  const line = played.lines.find((each) => each.type === 'policy.decided');
  assert.ok(line?.type === 'policy.decided' && line.data.decision === 'ask');
  assert.match(line.data.why, /script "docs"/u);
});

test('the audit log tells who asked, who allowed, what ran and what it touched, with lines and sums', async () => {
  const story = scenario(
    [[run('node build.js')], [edit('src/other.txt', 'other', 'else')], [run('sudo ls'), fix, result()]],
    {
      [`permission/${key(1)}`]: { allow: true, reason: 'go on' },
    },
  );
  const world = worldOf(story);
  const played = await play(story, world);
  const audit = await auditRun(world.ports.store, world.ports.hasher, played.id);
  const of = (tool: string, what: string) =>
    audit.entries.find((entry) => entry.tool === tool && entry.what.includes(what));
  assert.deepEqual(of('run_command', 'node build.js')?.answer, {
    allowed: true,
    always: false,
    from: 'person',
    reason: 'go on',
  });
  assert.deepEqual(of('edit_file', 'src/other.txt')?.touched, ['src/other.txt']);
  assert.equal(of('run_command', 'sudo')?.decision, 'deny');
  assert.equal(of('run_command', 'sudo')?.outcome, 'denied');
  for (const { proof } of audit.entries)
    for (const { seq, sum } of proof) assert.equal(played.lines[seq - 1]?.sum, sum);
  assert.equal(audit.sum, played.lines.at(-1)?.sum);
  assert.match(auditText(audit), /allowed by you, from the person: go on/u);
  world.ports.store.edit(played.id, (journal) => journal.replace('sudo ls', 'sudo rm'));
  await assert.rejects(auditRun(world.ports.store, world.ports.hasher, played.id), {
    code: 'journal.damaged',
  });
});

test('the audit log of a run of before the policy still reads', async () => {
  const played = await play(scenario([[fix, result()]], {}));
  const old = played.lines.filter((line) => line.type !== 'policy.decided');
  const audit = auditOf(old, () => undefined);
  assert.ok(audit.entries.some((entry) => entry.tool === 'edit_file' && entry.outcome === 'ok'));
});
