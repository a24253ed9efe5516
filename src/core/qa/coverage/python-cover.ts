/** What Python's coverage.py is given: a program that runs another one under it, and settings that are ours alone. */

/**
 * Arguments: the report to write, the settings, then `-m` and a module or a script, and what that is given. It ends as that ends.
 * Without coverage.py it fails before anything runs.
 */
export const PYTHON_COVER = `import os
import runpy
import sys

import coverage

report, settings = sys.argv[1:3]
del sys.argv[:3]
sys.path[0] = os.getcwd()
cover = coverage.Coverage(config_file=settings)
cover.start()
try:
    if sys.argv[0] == "-m":
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    cover.stop()
    try:
        cover.json_report(outfile=report)
    except coverage.CoverageException as error:
        print("coverage: " + str(error), file=sys.stderr)
`;

/** Settings with which the folders of these files are measured, whatever the project's own are. `root`: the absolute place of the paths. */
export function pythonSettings(paths: readonly string[], root: string): string {
  // Dollar signs would begin variables there.
  const plain = (path: string): string => path.replaceAll('\\', '/').replaceAll('$', '$$$$');
  const folders = paths.map((path) => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''));
  const sources = [...new Set(folders)].map((folder) => `    ${plain(root)}/${plain(folder)}`);
  return ['[run]', 'source =', ...sources, ''].join('\n');
}
