/** Small files of the build are joined to larger ones, but for what would load where it must not. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Metafile } from 'esbuild';
import { joined } from '../../../together.js';

const LARGE = 1_000_000;
const SMALL = 100;

interface Module {
  readonly bytes: number;
  readonly imports?: readonly string[];
}

const path = (name: string): string => (name === 'vscode' ? name : `src/${name}.ts`);

/** A build of these modules; the entries are named. */
function metafileOf(modules: Readonly<Record<string, Module>>, entries: readonly string[]): Metafile {
  const importOf = (name: string) => ({ path: path(name), kind: 'import-statement' as const });
  return {
    inputs: Object.fromEntries(
      Object.entries(modules).map(([name, { bytes, imports = [] }]) => [
        path(name),
        { bytes, imports: imports.map(importOf) },
      ]),
    ),
    outputs: Object.fromEntries(
      Object.entries(modules).map(([name, { bytes }]) => [
        `dist/${name}.js`,
        {
          ...(entries.includes(name) && { entryPoint: path(name) }),
          bytes,
          imports: [],
          exports: [],
          inputs: { [path(name)]: { bytesInOutput: bytes } },
        },
      ]),
    ),
  };
}

const ENTRIES = ['door', 'cli', 'late', 'seldom'];

/** `expected`: by entry, the modules that it comes to ask for. */
const check = (
  name: string,
  modules: Readonly<Record<string, Module>>,
  expected: Readonly<Record<string, readonly string[]>>,
): void => {
  test(name, () => {
    const more = [...joined(metafileOf(modules, ENTRIES), path('door'))];
    const asked = more.filter(([, paths]) => paths.size > 0).map(([entry, paths]) => [entry, [...paths]]);
    assert.deepEqual(
      Object.fromEntries(asked),
      Object.fromEntries(
        Object.entries(expected).map(([entry, names]) => [path(entry), names.map((each) => path(each))]),
      ),
    );
  });
};

const entry = (...imports: string[]): Module => ({ bytes: SMALL, imports });
const bytes = (bytes: number, ...imports: string[]): Module => ({ bytes, imports });

check(
  'a small file is joined to a larger one that more entries load',
  {
    door: entry(),
    cli: entry('large', 'small'),
    late: entry('large', 'small'),
    seldom: entry('large'),
    large: bytes(LARGE),
    small: bytes(SMALL),
  },
  { seldom: ['small'] },
);

check(
  'a file that is not small stays apart',
  {
    door: entry(),
    cli: entry('large', 'other'),
    late: entry('large', 'other'),
    seldom: entry('large'),
    large: bytes(LARGE),
    other: bytes(LARGE),
  },
  {},
);

check(
  'the door does not come to load more',
  {
    door: entry('large'),
    cli: entry('large', 'small'),
    late: entry('large', 'small'),
    seldom: entry(),
    large: bytes(LARGE),
    small: bytes(SMALL),
  },
  {},
);

check(
  'what has no editor does not come to need one',
  {
    door: entry(),
    cli: entry('large'),
    late: entry('large', 'small'),
    seldom: entry('large', 'small'),
    large: bytes(LARGE),
    small: bytes(SMALL, 'vscode'),
  },
  {},
);
