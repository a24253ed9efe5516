/** What a person wants of their tests, in the words of a run. */
import type { ToldTest } from '../../core/run/views/told-tests.ts';
import { nameFor } from '../../core/qa/filter-text.ts';
import type { TestSetup } from '../../core/qa/test-setup.ts';
import type { QaSettings } from '../../protocol/qa-settings.ts';

/** All tests; those that belong to files, or to files in folders; those that belong to what changed; or some by themselves. */
export type Asked =
  | { readonly kind: 'all' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'tests'; readonly tests: readonly ToldTest[] };

/** What only a run takes; `undefined` is all. One test is told by file and name where the runner takes both; where it takes no names, its file runs. */
export function onlyOf(asked: Asked, setup: Asks): QaSettings['only'] {
  switch (asked.kind) {
    case 'all':
      return undefined;
    case 'changed':
      return { changed: true };
    case 'files':
      return { files: [...asked.files] };
    case 'tests':
      return onlyTests(asked.tests, setup);
  }
}

type Asks = Pick<TestSetup, 'only' | 'runner'>;

function onlyTests(tests: readonly ToldTest[], { only, runner }: Asks): QaSettings['only'] {
  const files = [...new Set(tests.flatMap(({ file }) => file ?? []))];
  const [first, ...others] = tests;
  const name = first !== undefined && others.length === 0 ? nameFor(runner, first.name) : undefined;
  if (only?.files !== undefined && files.length > 0 && tests.every(({ file }) => file !== undefined))
    return { files, ...(name !== undefined && only.namedFiles !== undefined && { name }) };
  return name !== undefined && only?.name !== undefined ? { name } : undefined;
}
