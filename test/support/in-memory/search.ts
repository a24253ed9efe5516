/** Search over the disk in memory, by the same rules as on a real one. */
import type { Search, TextHit, TextQuery } from '../../../src/core/ports.ts';
import { createIgnoreRules, ignoresBelow } from '../../../src/node/ignore-rules.ts';
import {
  comparePaths,
  folderPrefix,
  globMatcher,
  lineMatcher,
  matchingLines,
  UNSEARCHED,
} from '../../../src/node/lines.ts';
import { LINK_MODE, type InMemoryDisk } from './disk.ts';

export class InMemorySearch implements Search {
  readonly #disk: InMemoryDisk;
  constructor(disk: InMemoryDisk) {
    this.#disk = disk;
  }

  async files(
    root: string,
    query: { readonly path?: string; readonly glob?: string; readonly max: number },
  ): Promise<{ readonly paths: readonly string[]; readonly more: boolean }> {
    const below = folderPrefix(query.path);
    const matches = globMatcher(query.glob);
    const paths = this.#listed(root).filter((path) => path.startsWith(below) && matches(path));
    return { paths: paths.slice(0, query.max), more: paths.length > query.max };
  }

  async text(
    root: string,
    query: TextQuery,
  ): Promise<{ readonly hits: readonly TextHit[]; readonly more: boolean }> {
    const matches = lineMatcher(query);
    const wanted = globMatcher(query.glob);
    const hits = this.#listed(root)
      .filter(wanted)
      .flatMap((path) =>
        matchingLines(this.#disk.text(root, path) ?? '', matches).map((hit) => ({ path, ...hit })),
      );
    return { hits: hits.slice(0, query.max), more: hits.length > query.max };
  }

  #listed(root: string): string[] {
    const files = this.#disk.existing(root, 'search.failed');
    const rules = createIgnoreRules();
    for (const path of files.keys()) {
      if (!/(^|\/)\.gitignore$/u.test(path)) continue;
      rules.add(path.slice(0, Math.max(0, path.lastIndexOf('/'))), this.#disk.text(root, path) ?? '');
    }
    return [...files]
      .filter(
        ([path, file]) => file.mode !== LINK_MODE && !path.split('/').some((name) => UNSEARCHED.has(name)),
      )
      .map(([path]) => path)
      .filter((path) => !ignoresBelow(rules, path))
      .sort(comparePaths);
  }
}
