/** How a workspace's tests are run: by a setting, by what a person said once, or by its own files. */
import type { KeptCommand } from '../../protocol/tests-kept.ts';
import { detectTests, setupFromCommand } from './detect.ts';
import type { DetectOptions, FilesView, TestSetup } from './test-setup.ts';

/** Who says so. `setting`: the run's settings. `set`: the person, for this workspace. `confirmed`: found, and they agreed. */
export type SaidBy = 'setting' | 'set' | 'confirmed' | 'found';

export interface KnownTests {
  readonly setup: TestSetup;
  readonly said: SaidBy;
}

export interface Sayings {
  /** The setting; empty is none. */
  readonly setting: string | undefined;
  readonly kept: KeptCommand | undefined;
}

/** Errors: what the view throws. */
export async function knowTests(
  view: FilesView,
  { setting = '', kept }: Sayings,
  options: DetectOptions = {},
): Promise<KnownTests> {
  if (setting.trim() !== '') return { setup: await setupFromCommand(setting, view), said: 'setting' };
  if (kept?.how === 'set') {
    const why = `You set it for this workspace: ${kept.command}`;
    return { setup: await setupFromCommand(kept.command, view, why), said: 'set' };
  }
  const setup = await detectTests(view, options);
  if (kept === undefined || !setup.found) return { setup, said: 'found' };
  if (kept.command === setup.label) return { setup, said: 'confirmed' };
  const before = `You confirmed "${kept.command}" before; what the files say has changed since.`;
  return { setup: { ...setup, why: `${setup.why} ${before}` }, said: 'found' };
}
