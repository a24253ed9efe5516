/** The other side: commands of ordinary work that are asked or refused. A policy that asks too often teaches people to say yes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POSIX } from '../../../../src/core/policy/commands.ts';
import { decide } from '../../../../src/core/policy/decide.ts';
import { Policy, type Autonomy } from '../../../../src/protocol/policy.ts';
import { HARMLESS } from './harmless.ts';

/** Shares that may ask, by level. With `ask` every command that does more than look does. */
const MOST: Readonly<Record<Autonomy, number>> = { auto: 0.02, guided: 0.2, ask: 0.8 };

for (const [autonomy, most] of Object.entries(MOST))
  test(`harmless commands with ${autonomy}: at most ${String(most * 100)} % ask`, (t) => {
    const commands = POSIX;
    const stance = { approvals: { commands: true }, interactive: true, policy: Policy.parse({ autonomy }) };
    const asked = HARMLESS.filter((command) => {
      const deed = { tool: 'run_command', effect: 'command' as const, role: 'coder', command };
      return decide(deed, stance, { commands, permissions: [] }).decision !== 'allow';
    });
    const share = asked.length / HARMLESS.length;
    t.diagnostic(
      `${String(asked.length)} of ${String(HARMLESS.length)} (${(share * 100).toFixed(1)} %): ${asked.slice(0, 8).join(' · ')}`,
    );
    assert.ok(HARMLESS.length >= 200);
    assert.ok(share < most, asked.join('\n'));
  });
