/** Commands about tests: run alone, and what is kept of how they are run. Each returns the exit code. */
import { commandIn } from '../core/qa/checks/check.ts';
import { findChecks } from '../core/qa/checks/find.ts';
import { lacksPackages } from '../core/qa/packages.ts';
import type { KnownTests } from '../core/qa/known.ts';
import { fixGoal, writeGoal } from '../core/run/gate/test-goals.ts';
import { knownIn, workspaceView } from '../core/run/gate/workspace-tests.ts';
import type { QuarantinedTest, TestsKept } from '../protocol/tests-kept.ts';
import type { RunView } from '../protocol/view.ts';
import type { RunOptions } from './arguments.ts';
import { install } from './install-command.ts';
import type { Desk } from './run-commands.ts';
import type { Console } from './session.ts';
import type { KeptAct, TestAct } from './test-arguments.ts';
import { UsageError } from './usage-error.ts';

/** Starts a run, accompanies it to its end, and shows it. */
export type Begin = (
  goal: string,
  options: RunOptions,
) => Promise<{ readonly code: number; readonly view: RunView }>;

/** 0: all pass. 1: some fail. 5: no result that proves anything. Else what the run that was started for it ends with. */
export async function testAlone(test: TestAct, options: RunOptions, begin: Begin): Promise<number> {
  const change: RunOptions = { ...options, mode: options.mode === 'quick' ? 'quick' : 'team' };
  if (test.act === 'write') return (await begin(writeGoal(test.file), change)).code;
  const qa = { ...options.qa, diagnose: test.act === 'diagnose' };
  const { code, view } = await begin('Run the tests', { ...options, mode: 'qa', qa });
  const found = view.finished && view.evidence.integrated;
  if (found === undefined) return code;
  const ended = found.verdict === 'green' ? 0 : found.verdict === 'red' ? 1 : 5;
  if (test.act !== 'fix' || ended !== 1) return ended;
  return (
    await begin(fixGoal([...found.newlyFailing, ...found.stillFailing]), {
      ...change,
      qa: { ...qa, only: undefined },
    })
  ).code;
}

export async function keptTests(act: KeptAct, desk: Desk): Promise<number> {
  const { tests } = desk.house.ports;
  switch (act.act) {
    case 'show':
      return await show(desk);
    case 'flaky':
      return tellFlaky((await tests.kept()).quarantine, desk);
    case 'install':
      return await install(desk, (await known(desk)).setup);
    case 'release':
      return await release(act.id, desk);
    case 'forget':
      await tests.keep(({ command: _former, ...kept }) => kept);
      desk.console.say('Forgotten: the command is found anew.');
      return 0;
    case 'set':
      await keepCommand(desk, act.command, 'set');
      return 0;
    case 'confirm': {
      const { setup } = await known(desk);
      if (!setup.found) throw new UsageError(`There is nothing to confirm. ${setup.why}`);
      await keepCommand(desk, setup.label, 'confirmed');
      return 0;
    }
  }
}

async function keepCommand(
  { house: { ports }, console }: Desk,
  command: string,
  how: 'set' | 'confirmed',
): Promise<void> {
  await ports.tests.keep((kept) => ({ ...kept, command: { command, how, at: ports.clock.now() } }));
  console.say(`Kept for this workspace: ${command}`);
}

const known = ({ house: { ports }, options }: Desk): Promise<KnownTests> =>
  knownIn(ports, options.testCommand);

async function show(desk: Desk): Promise<number> {
  const { house, console, options } = desk;
  const { setup, said } = await known(desk);
  const files = workspaceView(house.ports);
  const checks = await findChecks(files);
  const kept = await house.ports.tests.kept();
  if (options.json) {
    const { found, label, runner, why, setupCommands = [] } = setup;
    const command = found ? label : undefined;
    const json = { found, command, runner, why, said, setupCommands, checks, quarantine: kept.quarantine };
    console.line(JSON.stringify(json));
    return setup.found ? 0 : 1;
  }
  if (!setup.found) {
    console.say(`${setup.why}\nOr set it for this workspace: quartet tests --set "CMD"`);
    return 1;
  }
  console.say(
    [
      setup.label,
      `  ${setup.why}`,
      `  Read as: ${setup.runner === 'unknown' ? 'whatever its output says' : setup.runner}`,
      ...(setup.setupCommands ? [`  Packages come from: ${setup.setupCommands.join(' && ')}`] : []),
      ...((await lacksPackages(setup, files)) ? [LACKING] : []),
      ...checks.map((check) => `  Also ${check.kind}: ${commandIn(check)} (${check.why})`),
      ...quarantineLine(kept),
      SAID[said],
    ].join('\n'),
  );
  if (said === 'found' && console.ask) await confirm(desk, console.ask, setup.label);
  return 0;
}

const LACKING =
  '  They are not installed here. Working copies can have their own, once for these lock files: quartet tests --install';

const SAID: Readonly<Record<KnownTests['said'], string>> = {
  setting: '  --test-command says so.',
  set: '  You set it. Take it back: quartet tests --forget',
  confirmed: '  You confirmed it.',
  found: '  Found. Say that it is right: quartet tests --confirm, or set another: quartet tests --set "CMD"',
};

function quarantineLine({ quarantine }: TestsKept): readonly string[] {
  if (quarantine.length === 0) return [];
  return [`  In quarantine, as they depend on chance: ${quarantine.length} (quartet tests --flaky)`];
}

async function confirm(desk: Desk, ask: NonNullable<Console['ask']>, command: string): Promise<void> {
  const question =
    'Is that how your tests are run? Type yes, another command, or nothing to decide later.\n> ';
  const answer = (await ask(question, new AbortController().signal)).trim();
  if (answer === '') return;
  if (/^y(es)?$/i.test(answer)) await keepCommand(desk, command, 'confirmed');
  else await keepCommand(desk, answer, 'set');
}

function tellFlaky(quarantine: readonly QuarantinedTest[], { console, options }: Desk): number {
  if (options.json) for (const test of quarantine) console.line(JSON.stringify(test));
  else if (quarantine.length === 0) console.say('No test is known to depend on chance.');
  else for (const test of quarantine) console.say(flakyText(test));
  return 0;
}

function flakyText({ id, sightings }: QuarantinedTest): string {
  const seen = sightings.map(({ run, at, passed, failed }) => {
    const day = new Date(at).toISOString().slice(0, 10);
    return `  ${day} ${run}: failed in ${failed} of ${failed + passed} runs of the same files`;
  });
  return [id, ...seen].join('\n');
}

async function release(id: string, { house, console }: Desk): Promise<number> {
  const { quarantine } = await house.ports.tests.kept();
  if (!quarantine.some((test) => test.id === id))
    throw new UsageError(`No test in quarantine is called "${id}". "quartet tests --flaky" lists them.`);
  await house.ports.tests.keep((kept) => ({
    ...kept,
    quarantine: kept.quarantine.filter((test) => test.id !== id),
  }));
  console.say(`Released: the next time it fails by chance, that counts again.`);
  return 0;
}
