/** Whether packages are missing is told by the folder that the set-up command fills; where that is not known, nothing is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lacksPackages } from '../../../../src/core/qa/packages.ts';

const CASES: readonly (readonly [commands: readonly string[], there: readonly string[], lacks: boolean])[] = [
  [['npm ci'], [], true],
  [['npm ci'], ['node_modules'], false],
  [['pnpm install --frozen-lockfile'], [], true],
  [['uv sync --frozen'], ['node_modules'], true],
  [['uv sync --frozen'], ['.venv'], false],
  [['npm ci', 'composer install --no-interaction'], ['node_modules'], true],
  [['poetry install'], [], false],
  [[], [], false],
];
for (const [setupCommands, there, lacks] of CASES) {
  test(`${setupCommands.join(' and ') || 'no command'} with ${there.join() || 'nothing'}`, async () => {
    const view = { exists: (path: string) => there.includes(path), read: () => Promise.resolve(undefined) };
    assert.equal(await lacksPackages({ setupCommands: [...setupCommands] }, view), lacks);
  });
}
