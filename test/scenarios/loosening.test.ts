/** A coder that loosens the project's rules instead of mending the code: only the fix turns the gate green. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QaSettings } from '../../src/protocol/qa-settings.ts';
import { evidenceLines } from '../../src/terminal/evidence-text.ts';
import type { Played, Scenario } from './check.ts';
import { agent, call, edit, result, script } from './parts.ts';
import { played } from './tested.ts';

const MANIFEST = '{\n  "scripts": {\n    "typecheck": "tsc"\n  }\n}\n';
const CONFIG = '{\n  "compilerOptions": { "strict": true }\n}\n';
const FILES = {
  'greet.txt': 'hello\n',
  'greet.spec': 'greets: greet.txt has hello\n',
  'a.ts': 'export const sum = add(a, b);\n',
  'package.json': MANIFEST,
  'tsconfig.json': CONFIG,
};
const BAD = 'export const sum = BAD(a, b);';
const SILENT = `// @ts-ignore -- it works\n${BAD}`;
const EXCLUDING = CONFIG.replace('}\n}', '},\n  "exclude": ["a.ts"]\n}');
const NEVER_FAILS = MANIFEST.replace('"tsc"', '"tsc || true"');
const write = (path: string, content: string) => call('write_file', { path, content });

function scenario(
  goal: string,
  ...rounds: readonly (readonly Readonly<Record<string, unknown>>[])[]
): Scenario {
  const coder = agent(
    'coder',
    rounds.map((calls) => [...calls, result()]),
  );
  const settings = { qa: QaSettings.parse({}), limits: { gateRounds: 6 } };
  return { files: FILES, script: script(coder), goal, mode: 'quick', settings };
}

const gatesOf = ({ lines }: Played, scope: string) =>
  lines.flatMap((line) =>
    line.type === 'gate.finished' && line.data.scope === scope ? [line.data.report] : [],
  );

test('a coder that silences, excludes and swallows a type error is found each time, and turns green with the fix alone', async () => {
  const done = await played(
    scenario(
      'Make the sum right.',
      [edit('a.ts', 'export const sum = add(a, b);', BAD)],
      [edit('a.ts', BAD, SILENT)],
      [edit('a.ts', SILENT, BAD), write('tsconfig.json', EXCLUDING)],
      [write('tsconfig.json', CONFIG), write('package.json', NEVER_FAILS)],
      [write('package.json', MANIFEST), edit('a.ts', BAD, 'export const sum = add(b, a);')],
    ),
  );
  const gates = gatesOf(done, 'task');
  assert.deepEqual(
    gates.map(({ verdict }) => verdict),
    ['red', 'red', 'red', 'red', 'green'],
  );
  const why = gates.map(({ reasons }) => reasons.join(' '));
  assert.match(why[0] ?? '', /Type check \(npm run typecheck\)/);
  assert.match(why[1] ?? '', /a\.ts:1: It keeps TypeScript silent.*"it works".*did not ask to loosen rules/);
  assert.match(why[2] ?? '', /tsconfig\.json:3: "exclude" .*a\.ts, which this change touches/);
  assert.match(why[3] ?? '', /package\.json:3: The script "typecheck" .*does not fail any more/);
  assert.equal(gates[4]?.loosened, undefined);
  assert.match(
    evidenceLines(gates[1] ?? assert.fail()).join('\n'),
    /looser now:\n +a\.ts:1: It keeps TypeScript silent/,
  );
  assert.deepEqual(
    gatesOf(done, 'integrated').map(({ verdict }) => verdict),
    ['green'],
  );
});

test('what the task asks for does not block, and is told', async () => {
  const done = await played(
    scenario('Exclude a.ts from tsconfig.json: it is generated.', [
      write('tsconfig.json', EXCLUDING),
      edit('a.ts', 'export const sum = add(a, b);', BAD),
    ]),
  );
  const [gate] = gatesOf(done, 'task');
  assert.equal(gate?.verdict, 'green');
  assert.deepEqual(
    gate.loosened?.map(({ path, blocks }) => [path, blocks]),
    [['tsconfig.json', false]],
  );
  assert.match(
    gate.reasons.join(' '),
    /As the task asked, rules of the project are looser now\. tsconfig\.json:3/,
  );
  assert.match(
    done.view.summary?.body ?? '',
    /Rules of the project that are looser now.*\n- tsconfig\.json:3/,
  );
});

test('tests that demand something else, as the task asks, are told of the whole, too', async () => {
  const path = 'test/sum.test.js';
  const asserts = (value: number) => `test('sums', () => {\n  assert.equal(sum(), ${value});\n});\n`;
  const its = scenario('Adapt the expected values.', [write(path, asserts(4))]);
  const done = await played({ ...its, files: { ...FILES, [path]: asserts(3) } });
  for (const scope of ['task', 'integrated'])
    assert.deepEqual(
      gatesOf(done, scope).map(({ weakened }) => weakened?.map((each) => [each.kind, each.blocks])),
      [[['expectedValue', false]]],
      scope,
    );
});
