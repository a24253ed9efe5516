/** What the watch task tells VS Code: F5 starts the debugger when it reads that the build has finished. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { reporters } from '../../../esbuild.js';

interface Build {
  start(): void;
  end(errors?: readonly unknown[]): void;
}

/** Two bundles that are watched together, and what was said of them. */
function watched(): { readonly builds: readonly [Build, Build]; readonly said: string[] } {
  const said: string[] = [];
  const builds = reporters(2, (line: string) => said.push(line)).map((plugin): Build => {
    const on: { start?: () => void; end?: (result: unknown) => void } = {};
    plugin.setup({
      onStart: (call: () => void) => (on.start = call),
      onEnd: (call: (result: unknown) => void) => (on.end = call),
    });
    return { start: () => on.start?.(), end: (errors = []) => on.end?.({ errors, warnings: [] }) };
  });
  return { builds: builds as unknown as readonly [Build, Build], said };
}

const STARTED = '[watch] build started';
const FINISHED = '[watch] build finished';

test('it has finished when the last bundle has, also where one ends before the other begins', () => {
  const { builds, said } = watched();
  const [host, panel] = builds;
  panel.start();
  panel.end();
  assert.deepEqual(said, [STARTED]);
  host.start();
  host.end();
  assert.deepEqual(said, [STARTED, FINISHED]);
});

test('a change that concerns both is one build, one that concerns the panel another', () => {
  const { builds, said } = watched();
  const [host, panel] = builds;
  for (const each of builds) each.start();
  for (const each of builds) each.end();
  said.length = 0;
  host.start();
  panel.start();
  panel.end();
  host.end();
  panel.start();
  panel.end();
  assert.deepEqual(said, [STARTED, FINISHED, STARTED, FINISHED]);
});

test('the task reads the same words, and where an error is', () => {
  const tasks = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../.vscode/tasks.json'), 'utf8'),
  ) as {
    tasks: readonly {
      label: string;
      problemMatcher: {
        pattern: { regexp: string };
        background: { beginsPattern: string; endsPattern: string };
      };
    }[];
  };
  const matcher = tasks.tasks.find(({ label }) => label === 'watch')?.problemMatcher;
  assert.ok(matcher);
  assert.match(STARTED, new RegExp(matcher.background.beginsPattern));
  assert.match(FINISHED, new RegExp(matcher.background.endsPattern));
  const { builds, said } = watched();
  builds[0].start();
  builds[0].end([{ text: 'Expected ";"', location: { file: 'src/cli.ts', line: 3, column: 7 } }]);
  const [, file, line, column] = new RegExp(matcher.pattern.regexp).exec(said[1] ?? '') ?? [];
  assert.deepEqual([file, line, column], ['src/cli.ts', '3', '7']);
});
