/** What is typed about tests: `test`, `tests`, and how a run proves its change. */
import type { ParseArgsConfig } from 'node:util';
import { CheckKind, CheckWeight, QaSettings } from '../protocol/qa-settings.ts';
import { numberOf } from './limits.ts';
import { UsageError } from './usage-error.ts';

export const TEST_OPTIONS = {
  file: { type: 'string', multiple: true },
  changed: { type: 'boolean' },
  name: { type: 'string' },
  diagnose: { type: 'boolean' },
  fix: { type: 'boolean' },
  'write-for': { type: 'string' },
  set: { type: 'string' },
  confirm: { type: 'boolean' },
  forget: { type: 'boolean' },
  flaky: { type: 'boolean' },
  install: { type: 'boolean' },
  release: { type: 'string' },
  check: { type: 'string', multiple: true },
  suites: { type: 'string' },
  'checks-max': { type: 'string' },
  'rerun-base': { type: 'boolean' },
  'changed-first': { type: 'string' },
  'no-coverage': { type: 'boolean' },
  'no-probe': { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** As `parseArgs` gives them. */
export interface TestValues {
  readonly file?: readonly string[] | undefined;
  readonly changed?: boolean | undefined;
  readonly name?: string | undefined;
  readonly diagnose?: boolean | undefined;
  readonly fix?: boolean | undefined;
  readonly 'write-for'?: string | undefined;
  readonly set?: string | undefined;
  readonly confirm?: boolean | undefined;
  readonly forget?: boolean | undefined;
  readonly flaky?: boolean | undefined;
  readonly install?: boolean | undefined;
  readonly release?: string | undefined;
  readonly check?: readonly string[] | undefined;
  readonly suites?: string | undefined;
  readonly 'checks-max'?: string | undefined;
  readonly 'rerun-base'?: boolean | undefined;
  readonly 'changed-first'?: string | undefined;
  readonly 'no-coverage'?: boolean | undefined;
  readonly 'no-probe'?: boolean | undefined;
}

/** What `quartet test` does beyond running them. `write`: the file that lacks tests. */
export type TestAct =
  { readonly act: 'run' | 'diagnose' | 'fix' } | { readonly act: 'write'; readonly file: string };

/** What `quartet tests` shows or changes of what is kept. */
export type KeptAct =
  | { readonly act: 'show' | 'confirm' | 'forget' | 'flaky' | 'install' }
  | { readonly act: 'set'; readonly command: string }
  | { readonly act: 'release'; readonly id: string };

/** Errors: `UsageError`. */
export function testActOf(values: TestValues): TestAct {
  const file = values['write-for'];
  const wants = [values.diagnose === true, values.fix === true, file !== undefined];
  if (wants.filter(Boolean).length > 1)
    throw new UsageError('test takes one of --diagnose, --fix and --write-for.');
  if (file !== undefined) return { act: 'write', file };
  return { act: values.fix === true ? 'fix' : values.diagnose === true ? 'diagnose' : 'run' };
}

/** Errors: `UsageError`. */
export function keptActOf(values: TestValues): KeptAct {
  const { set, confirm, forget, flaky, install, release } = values;
  const acts: readonly (KeptAct | false)[] = [
    set !== undefined && { act: 'set', command: filled('--set', set) },
    release !== undefined && { act: 'release', id: filled('--release', release) },
    confirm === true && { act: 'confirm' },
    forget === true && { act: 'forget' },
    flaky === true && { act: 'flaky' },
    install === true && { act: 'install' },
  ];
  const [act, ...others] = acts.filter((each) => each !== false);
  if (others.length > 0)
    throw new UsageError('tests takes one of --set, --confirm, --forget, --flaky, --install and --release.');
  return act ?? { act: 'show' };
}

function filled(option: string, text: string): string {
  if (text.trim() !== '') return text.trim();
  throw new UsageError(`${option} takes a text.`);
}

/** Errors: `UsageError`. */
export function qaOf(values: TestValues): QaSettings {
  const { file, changed, name, suites } = values;
  const only = {
    ...(file && { files: file.map((path) => path.replaceAll('\\', '/').replace(/^\.\//, '')) }),
    ...(changed === true && { changed }),
    ...(name !== undefined && { name }),
  };
  const first = numberOf('--changed-first', values['changed-first'], { whole: false });
  const asked = QaSettings.safeParse({
    reuseBase: values['rerun-base'] !== true,
    coverage: values['no-coverage'] !== true,
    probe: values['no-probe'] !== true,
    suites: numberOf('--suites', suites, { whole: true }),
    checksMax: numberOf('--checks-max', values['checks-max'], { whole: true }),
    changedFirstSeconds: first,
    checks: Object.fromEntries((values.check ?? []).map(checkOf)),
    diagnose: values.diagnose === true,
    ...(Object.keys(only).length > 0 && { only }),
  });
  if (asked.success) return asked.data;
  const [issue] = asked.error.issues;
  throw new UsageError(`An option is out of bounds: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

/** `types=block`. */
function checkOf(text: string): readonly [CheckKind, CheckWeight] {
  const [kind, weight] = text.split('=');
  const read = [CheckKind.safeParse(kind), CheckWeight.safeParse(weight)] as const;
  if (read[0].success && read[1].success) return [read[0].data, read[1].data];
  throw new UsageError(
    `--check takes ${CheckKind.options.join(', ')} with ${CheckWeight.options.join(', ')}, such as lint=block; not "${text}".`,
  );
}
