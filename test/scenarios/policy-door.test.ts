/** The policy at the terminal door as it ships: levels, rules, a workspace that tries to widen them, the audit log, permissions. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
});
after(() => door.close());

const fixture = join(import.meta.dirname, '../fixtures/small');

/** A workspace, and a script whose coder runs a command first. */
async function prepare(
  name: string,
  command: string,
  policy?: object,
): Promise<{ workspace: string; script: string }> {
  const workspace = join(door.room, name);
  await fs.cp(join(fixture, 'project'), workspace, { recursive: true });
  if (policy) {
    await fs.mkdir(join(workspace, '.quartet'));
    await fs.writeFile(join(workspace, '.quartet/policy.json'), JSON.stringify(policy));
  }
  const script = JSON.parse(await fs.readFile(join(fixture, 'script.json'), 'utf8')) as {
    agents: { role: string; replies: unknown[] }[];
  };
  const coder = script.agents.find(({ role }) => role === 'coder');
  coder?.replies.unshift({ content: '', calls: [{ tool: 'run_command', args: { command } }] });
  const file = join(door.room, `${name}.json`);
  await fs.writeFile(file, JSON.stringify(script));
  return { workspace, script: file };
}

async function decisionsOf(
  name: string,
  command: string,
  options: readonly string[],
  policy?: object,
): Promise<{ run: string; why: string; decision: string; by: string; out: string }> {
  const { workspace, script } = await prepare(name, command, policy);
  const started = door.start(
    'run',
    'Greet everybody',
    '--workspace',
    workspace,
    '--script',
    script,
    '--json',
    // What policy says where nothing else holds a command.
    '--sandbox',
    'off',
    ...options,
  );
  await started.ended;
  const lines = started.said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: Record<string, string> });
  const decided =
    lines.find(({ type, data }) => type === 'policy.decided' && data['tool'] === 'run_command')?.data ?? {};
  const run = lines.find(({ type }) => type === 'run.started')?.data['run'] ?? '';
  return {
    run,
    why: decided['why'] ?? '',
    decision: decided['decision'] ?? '',
    by: decided['by'] ?? '',
    out: started.said.out,
  };
}

test(
  'rules and levels hold, a workspace only tightens, and the audit log tells it',
  { timeout: 240_000 },
  async () => {
    const rules = join(door.room, 'rules.json');
    await fs.writeFile(
      rules,
      JSON.stringify({ rules: [{ decision: 'deny', command: 'node other.js *', why: 'not this one' }] }),
    );
    const denied = await decisionsOf('a', 'for f in a b; do node other.js $f; done', [
      '--approve',
      'none',
      '--policy',
      rules,
    ]);
    assert.deepEqual([denied.decision, denied.by, denied.why], ['deny', 'rule', 'not this one'], denied.out);

    const widened = await decisionsOf(
      'b',
      'curl https://example.com',
      ['--approve', 'none', '--autonomy', 'auto'],
      {
        autonomy: 'auto',
        rules: [{ decision: 'allow', command: '*' }],
      },
    );
    assert.equal(widened.decision, 'deny');
    assert.match(widened.out, /cannot allow anything/u);

    const asked = await decisionsOf(
      'c',
      'node --version',
      ['--approve', 'commands', '--autonomy', 'guided'],
      { rules: [{ decision: 'ask', command: 'node *' }] },
    );
    assert.deepEqual([asked.decision, asked.by], ['ask', 'workspace'], asked.out);

    const log = door.start('audit', denied.run);
    assert.equal(await log.ended, 0, log.said.err);
    assert.match(log.said.out, /refused by your rule \(deny command node other.js \*\): not this one/u);
    const json = door.start('audit', denied.run, '--json');
    await json.ended;
    const audit = JSON.parse(json.said.out) as { entries: { proof: { sum: string }[] }[]; sum: string };
    assert.ok(
      audit.entries.length > 0 &&
        audit.entries.every(({ proof }) => proof.every(({ sum }) => /^[0-9a-f]{64}$/u.test(sum))),
    );
  },
);

test(
  'what is allowed for good at the terminal is listed, holds, and can be taken back',
  { timeout: 240_000 },
  async () => {
    const asked = await decisionsOf('d', 'node -p 1', ['--approve', 'commands']);
    const signal = /"type":"signal.opened","key":"(permission[^"]*)"/u.exec(asked.out)?.[1] ?? '';
    const answered = door.start('answer', asked.run, signal, 'always');
    assert.equal(await answered.ended, 0, answered.said.err + asked.out);
    await door.start('resume', asked.run).ended;
    const listed = door.start('permissions', '--workspace', join(door.room, 'd'));
    await listed.ended;
    const id = /^(\w+) .*node -p 1/mu.exec(listed.said.out)?.[1] ?? '';
    assert.ok(id !== '', listed.said.out + listed.said.err);
    const again = await decisionsOf('e', 'node -p 1', ['--approve', 'commands']);
    assert.deepEqual([again.decision, again.by], ['allow', 'remembered']);
    assert.equal(await door.start('permissions', '--remove', id).ended, 0);
    assert.equal(await door.start('permissions', '--remove', id).ended, 2);
  },
);
