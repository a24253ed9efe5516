/** Hostile input, as data: each case states what must happen. `auto` is the most that can be set; nothing here may pass even then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, type Deed, type Stance } from '../../../../src/core/policy/decide.ts';
import type { CommandFacts } from '../../../../src/core/policy/commands.ts';
import { Policy } from '../../../../src/protocol/policy.ts';
import { COMMANDS } from './hostile/commands.ts';
import { PATHS } from './hostile/paths.ts';
import { SHELLS } from './hostile/shells.ts';
import { WAYS_OUT } from './hostile/ways-out.ts';
import { WINDOWS } from './hostile/windows.ts';

const HOSTILE = { ...COMMANDS, ...WAYS_OUT, ...SHELLS };

const AUTO: Stance = {
  approvals: { commands: true },
  interactive: true,
  policy: Policy.parse({ autonomy: 'auto' }),
};
const NOBODY: Stance = { ...AUTO, interactive: false };
const deed = (command: string): Deed => ({ tool: 'run_command', effect: 'command', role: 'coder', command });

/** What must happen where a person can be asked, and where none can. */
function check(line: string, must: 'ask' | 'deny', dialect: CommandFacts['dialect']): void {
  const known = { commands: { dialect, scripts: () => undefined }, permissions: [] };
  const asked = decide(deed(line), AUTO, known);
  assert.equal(asked.decision, must, `${JSON.stringify(line)}: ${asked.why}`);
  const alone = decide(deed(line), NOBODY, known);
  // A lock file is the one protected file that changes without a person.
  if (!line.includes('package-lock'))
    assert.equal(alone.decision, 'deny', `${JSON.stringify(line)}, alone: ${alone.why}`);
}

for (const [what, lines] of Object.entries(HOSTILE))
  test(`commands: ${what} (${String(lines.length)})`, () => {
    for (const [line, must] of lines) check(line, must, 'posix');
  });

test(`commands of Windows (${String(WINDOWS.length)})`, () => {
  for (const [line, must] of WINDOWS) check(line, must, 'cmd');
});

for (const [what, paths] of Object.entries(PATHS))
  test(`paths: ${what} (${String(paths.length)})`, () => {
    for (const [path, read, edit] of paths)
      for (const [effect, must] of [
        ['read', read],
        ['edit', edit],
      ] as const) {
        const { decision, why } = decide({ tool: 'x', effect, role: 'coder', path }, AUTO);
        assert.equal(decision, must, `${effect} ${JSON.stringify(path)}: ${why}`);
      }
  });

test('the table is as long as it is said to be', () => {
  const count = (table: Readonly<Record<string, readonly unknown[]>>): number =>
    Object.values(table).flat().length;
  assert.ok(
    count(HOSTILE) + count(PATHS) + WINDOWS.length >= 560,
    String(count(HOSTILE) + count(PATHS) + WINDOWS.length),
  );
});
