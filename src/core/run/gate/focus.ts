/** Which part of the tests a person asked for. */
import { relatedNames, relatedTo, testFilesIn, unfolded } from '../../qa/related.ts';
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
        ...(await unfolded(viewOf(run, base), only.files ?? [])),
        ...(only.changed === true ? await changedPaths(run, signal) : []),
      ];
      if (paths.length === 0) return { note: 'No file is changed since the last commit, so all tests ran.' };
      const { files: takesFiles, names: takesNames, namedFiles, unit } = setup.only ?? {};
      if ((takesFiles ?? takesNames) === undefined)
        return { note: 'This test command cannot be told to run some files, so all tests ran.' };
      const found =
        takesFiles === undefined
          ? relatedNames(setup.runner, paths, [])
          : relatedTo(paths, await testFilesIn(viewOf(run, base)), unit);
      if (found.length === 0)
        return { note: `No test file is named after ${paths.slice(0, 3).join(', ')}, so all tests ran.` };
      if (takesFiles === undefined)
        return { focus: { names: found }, note: `Only tests named ${found.join(', ')} ran.` };
      if (name === undefined || namedFiles === undefined)
        return { focus: { files: found }, note: `Only a part ran: ${found.join(', ')}.` };
      const note = `Only tests named "${name}" ran, of ${found.join(', ')}.`;
      return { focus: { files: found, filter: name }, note };
    },
  );
}

async function changedPaths({ ports }: Run, signal: AbortSignal): Promise<readonly string[]> {
  const unsaved = await ports.workspace.unsaved();
  return [...((await ports.history?.changed(signal)) ?? []), ...unsaved.keys()];
}
