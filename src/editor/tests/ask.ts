/** What a person wants of their tests, in the words of a run. */
import type { ToldTest } from '../../core/run/views/told-tests.ts';
import type { TestSetup } from '../../core/qa/test-setup.ts';
import type { QaSettings } from '../../protocol/qa-settings.ts';

/** All tests; those that belong to files; those that belong to what changed; or some by themselves. */
export type Asked =
  | { readonly kind: 'all' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'tests'; readonly tests: readonly ToldTest[] };

/** What only a run takes; `undefined` is all. A runner that cannot run single tests runs their files. */
export function onlyOf(asked: Asked, setup: Pick<TestSetup, 'only'>): QaSettings['only'] {
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

function onlyTests(tests: readonly ToldTest[], setup: Pick<TestSetup, 'only'>): QaSettings['only'] {
  const files = [...new Set(tests.flatMap(({ file }) => file ?? []))];
  if (setup.only?.files !== undefined && files.length > 0 && tests.every(({ file }) => file !== undefined))
    return { files };
  const [first, ...others] = tests;
  return first !== undefined && others.length === 0 && setup.only?.name !== undefined
    ? { name: leafOf(first.name) }
    : undefined;
}

const leafOf = (name: string): string => name.split(' > ').at(-1) ?? name;
