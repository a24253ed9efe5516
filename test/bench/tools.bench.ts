/** What it costs to judge a tool call, and what the door of tools adds to a call. */
import { POSIX } from '../../src/core/policy/commands.ts';
import { decide, type Deed, type Stance } from '../../src/core/policy/decide.ts';
import { Policy, type PolicyRule } from '../../src/protocol/policy.ts';
import type { Steps, StepContext } from '../../src/core/ports.ts';
import { defineTool, ok } from '../../src/core/tools/contract.ts';
import { invoke } from '../../src/core/tools/invoke.ts';
import { createShelf } from '../../src/core/tools/more.ts';
import { createReadings } from '../../src/core/tools/readings.ts';
import { createTaint } from '../../src/core/tools/outward.ts';
import { createCrew } from '../../src/core/team/crew.ts';
import { createFacts } from '../../src/core/team/facts.ts';
import { createBus } from '../../src/core/team/bus.ts';
import { createLedger } from '../../src/core/tools/ledger.ts';
import type { ToolUse } from '../../src/core/tools/use.ts';
import { createRedactor } from '../../src/core/policy/redact.ts';
import { Limits } from '../../src/protocol/settings.ts';
import { nodeHasher } from '../../src/node/hasher.ts';
import * as z from 'zod';
import { InMemoryPermissions } from '../support/in-memory/small.ts';
import { HARMLESS } from '../unit/core/policy/harmless.ts';
import { figure, median, timed } from './figures.ts';
import { searchFigures } from './tree-search.ts';

const TURNS = 5;

const rules = Array.from({ length: 200 }, (_, n): PolicyRule => ({
  decision: 'deny',
  command: `tool-${String(n)} *`,
}));
const stance = (policy: Partial<Policy>): Stance => ({
  approvals: { commands: true },
  interactive: true,
  policy: Policy.parse(policy),
});
const deed = (command: string): Deed => ({ tool: 'run_command', effect: 'command', role: 'coder', command });

/** Microseconds a decision over the everyday commands. */
async function perDecision(policy: Partial<Policy>): Promise<number> {
  const known = { commands: POSIX, permissions: [] };
  const held = stance(policy);
  const ms = await median(TURNS, () =>
    timed(async () => {
      for (const line of HARMLESS) decide(deed(line), held, known);
    }),
  );
  return (ms * 1000) / HARMLESS.length;
}

/** A tool that does nothing: what is left is the door. */
const nothing = defineTool({
  name: 'nothing',
  description: 'Nothing.',
  args: z.object({ path: z.string() }),
  effect: 'read',
  title: ({ path }) => `Nothing at ${path}`,
  subject: ({ path }) => ({ paths: [path] }),
  run: () => Promise.resolve(ok('nothing')),
});

const context: StepContext = { signal: new AbortController().signal, key: '' };
const steps = {
  step: (_key: string, _spec: unknown, effect: (c: StepContext) => Promise<unknown>) => effect(context),
  record: () => undefined,
} as unknown as Steps;

function useOf(): ToolUse {
  const place = { root: '/', scope: [], base: '', ready: () => Promise.resolve() };
  return {
    steps,
    who: { role: 'coder' },
    granted: new Map([['nothing', nothing]]),
    world: { place, limits: Limits.parse({}) } as unknown as ToolUse['world'],
    stance: stance({}),
    taint: createTaint(),
    permits: {
      shell: { dialect: 'posix' },
      permissions: new InMemoryPermissions(),
      clock: { now: () => 0 },
      hasher: nodeHasher,
      run: 'run',
    },
    ledger: createLedger({ questionsOpenMax: 6, questionsMax: 40 }, () => undefined),
    classMax: 'secret',
    redactor: createRedactor(),
    shelf: createShelf(),
    bus: createBus({ dead: () => undefined }),
    crew: createCrew(),
    facts: createFacts(),
    ask: () => Promise.reject(new Error('nobody is asked')),
    readings: createReadings(),
  };
}

async function perInvoke(): Promise<number> {
  const use = useOf();
  const calls = 2000;
  const ms = await median(TURNS, () =>
    timed(async () => {
      for (let n = 0; n < calls; n++)
        await invoke(
          `k/tool/${String(n)}`,
          { id: '1', name: 'nothing', arguments: '{"path":"src/a.ts"}' },
          use,
        );
    }),
  );
  return (ms * 1000) / calls;
}

figure('decision on a command', await perDecision({}), 'µs', { max: 2000 });
figure('decision on a command, with 200 rules', await perDecision({ rules }), 'µs', { max: 5000 });
figure('the door of tools around a call that does nothing', await perInvoke(), 'µs', { max: 1000 });
await searchFigures([10_000, 100_000]);
