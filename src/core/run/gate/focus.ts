/** Which part of the tests a person asked for. */
import { relatedTo, testFilesIn } from '../../qa/related.ts';
import type { FoundTests } from './find-tests.ts';
import { viewOf } from './find-tests.ts';
import type { Focus } from './gate.ts';
import type { Run } from '../run.ts';

/** A part, or why all of them run. */
export interface Part {
  readonly focus?: Focus;
  /** One sentence for people; absent where all were asked for. */
  readonly note?: string;
}

/** As the settings of the run say, in a step where files have to be looked at. */
export async function partAskedFor(run: Run, base: string, setup: FoundTests): Promise<Part> {
  const only = run.settings.qa?.only;
  if (only === undefined || !setup.found) return {};
  const { name } = only;
  const byName =
    name === undefined ? {} : { focus: { filter: name }, note: `Only tests named "${name}" ran.` };
  if (only.files === undefined && only.changed !== true) return byName;
  return run.steps.step<Part>(
    'gate/base/part',
    { kind: 'detect', title: 'Find the tests that belong to the files', input: { base, only } },
    async ({ signal }) => {
      const paths = [
        ...(only.files ?? []),
        ...(only.changed === true ? await changedPaths(run, signal) : []),
      ];
      if (paths.length === 0) return { note: 'No file is changed since the last commit, so all tests ran.' };
      if (setup.only?.files === undefined)
        return { note: 'This test command cannot be told to run some files, so all tests ran.' };
      const files = relatedTo(paths, await testFilesIn(viewOf(run, base)), setup.only.unit);
      if (files.length === 0)
        return { note: `No test file is named after ${paths.slice(0, 3).join(', ')}, so all tests ran.` };
      return { focus: { files }, note: `Only a part ran: ${files.join(', ')}.` };
    },
  );
}

async function changedPaths({ ports }: Run, signal: AbortSignal): Promise<readonly string[]> {
  const unsaved = await ports.workspace.unsaved();
  return [...((await ports.history?.changed(signal)) ?? []), ...unsaved.keys()];
}
