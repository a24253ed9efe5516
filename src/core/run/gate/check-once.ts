/** One type check, lint or build of one tree, as a step. */
import type { CheckRun } from '../../qa/checks/compare.ts';
import { commandIn, type Check } from '../../qa/checks/check.ts';
import { readCheck } from '../../qa/checks/read.ts';
import type { StepContext } from '../../ports.ts';
import { redactAll } from '../../policy/redact.ts';
import { confinementOf } from '../confinement.ts';
import type { CopyPlace } from '../place.ts';
import type { Run } from '../run.ts';

const OUTPUT_CHARS = 400_000;
/** A machine format tells more than there is to see. */
const MACHINE_CHARS = 4_000_000;
const END_CHARS = 2000;

/** What is checked: a recorded tree, or an agent's working copy at it. */
export interface Checked {
  readonly key: string;
  readonly tree: string;
  readonly task?: string | undefined;
  readonly place?: CopyPlace | undefined;
}

/** One check of one tree. */
export async function checkOnce(
  run: Run,
  check: Check,
  { key, tree, task, place }: Checked,
): Promise<CheckRun> {
  const { kind, command, folder, run: asks } = check;
  const title = { types: 'Check the types', lint: 'Look for lint', build: 'Build' }[kind];
  const spec = {
    kind: 'tests' as const,
    title,
    input: { tree, command, ...(folder !== undefined && { folder }), ...(asks !== undefined && { asks }) },
    note: { tool: 'run_check', args: JSON.stringify({ command: commandIn(check) }) },
    who: { role: 'qa', ...(task !== undefined && { task }) },
    brief: ({ exitCode, findings, output }: CheckRun) =>
      `exit code ${String(exitCode)}, ${findings.length} findings\n\n${output}`,
  };
  const result = await run.steps.step<CheckRun>(key, spec, (context) =>
    place ? inPlace(run, check, { place, context }) : onTree(run, check, { key, tree, context }),
  );
  place?.spoilt();
  return result;
}

async function inPlace(
  run: Run,
  check: Check,
  { place, context }: { place: CopyPlace; context: StepContext },
): Promise<CheckRun> {
  const copy = await place.open();
  return runIn(run, check, { cwd: copy.root, context });
}

async function onTree(
  run: Run,
  check: Check,
  { key, tree, context }: { key: string; tree: string; context: StepContext },
): Promise<CheckRun> {
  const { copies, hasher } = run.ports;
  const id = `${run.id}-check-${hasher.sha256(key).slice(0, 16)}`;
  const copy = await copies.create(id, tree);
  try {
    return await runIn(run, check, { cwd: copy.root, context });
  } finally {
    await copies.discard(id);
  }
}

async function runIn(
  run: Run,
  check: Check,
  { cwd, context: { signal } }: { cwd: string; context: StepContext },
): Promise<CheckRun> {
  const { shell, tests } = run.ports;
  const { command, run: asks = command, folder, format } = check;
  const turn = await tests.turn(run.settings.qa?.suites ?? 1, signal);
  try {
    const timeoutMs = run.settings.limits.testSeconds * 1000;
    const result = await shell.run(
      {
        command: asks,
        cwd: folder === undefined ? cwd : `${cwd}/${folder}`,
        timeoutMs,
        outputChars: format === undefined ? OUTPUT_CHARS : MACHINE_CHARS,
        label: 'checks',
        confined: confinementOf(run, [cwd]),
      },
      signal,
    );
    const said = `${result.stdout}\n${result.stderr}`;
    const { exitCode, timedOut, durationMs } = result;
    const findings = readCheck(said, { root: cwd, folder, format });
    const output = said.replaceAll(`${cwd}/`, '');
    return redactAll(
      { exitCode, timedOut, durationMs, findings, output: output.slice(-END_CHARS) },
      run.redactor,
    );
  } finally {
    await turn.end();
  }
}
