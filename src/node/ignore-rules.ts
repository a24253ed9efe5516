/** The project's `.gitignore` files as one question, without git. */
import ignore, { type Ignore } from 'ignore';

export interface IgnoreRules {
  /** Adds the text of the `.gitignore` of a folder ("" is the root). */
  add(folder: string, text: string): void;
  /** True where the path itself is ignored; a path below an ignored folder must not be asked about. Folders end with "/". */
  ignores(path: string): boolean;
}

/** As git on the file systems that these systems usually have. */
const FOLDS_CASE = process.platform === 'win32' || process.platform === 'darwin';

export function createIgnoreRules(): IgnoreRules {
  const byFolder = new Map<string, Ignore>();
  return {
    add: (folder, text) => {
      byFolder.set(folder, ignore({ allowRelativePaths: true, ignorecase: FOLDS_CASE }).add(text));
    },
    ignores: (path) => {
      let ignored = false;
      for (const folder of foldersAbove(path)) {
        const rules = byFolder.get(folder);
        if (!rules) continue;
        const verdict = rules.test(folder === '' ? path : path.slice(folder.length + 1));
        ignored = verdict.ignored || (ignored && !verdict.unignored);
      }
      return ignored;
    },
  };
}

/** "" first, the parent last. */
function foldersAbove(path: string): string[] {
  const names = path.replace(/\/$/u, '').split('/');
  return names.map((_, depth) => names.slice(0, depth).join('/'));
}

/** True where the path or a folder above it is ignored. */
export function ignoresBelow(rules: IgnoreRules, path: string): boolean {
  return (
    foldersAbove(path).some((folder) => folder !== '' && rules.ignores(`${folder}/`)) || rules.ignores(path)
  );
}
