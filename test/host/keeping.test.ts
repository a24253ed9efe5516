/** Runs go by command, by settings when the window opens, and never from under somebody who needs them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Collected, CollectHow, RetentionRules, Survey } from '../../src/core/run/keeping/retention.ts';
import { cleanUpItems } from '../../src/editor/commands/keeping.ts';
import type { Desk } from '../../src/editor/desk.ts';
import { applyRetention } from '../../src/editor/retention.ts';
import type { RunEntry } from '../../src/protocol/view.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { api, asks, execute, reach, RUN_MS } from './driving.ts';

const KB = 1024;
const kept = (id: string, state: Survey['runs'][number]['state']): Survey['runs'][number] => ({
  id,
  state,
  bytes: 300 * KB,
  updatedAt: 0,
});
const SURVEY: Survey = {
  runs: [kept('live', 'owned'), kept('open', 'unfinished'), kept('new', 'finished'), kept('old', 'finished')],
  bytes: { runs: 1200 * KB, copies: 0, trees: 0, caches: 0 },
};
const GIVEN: readonly Collected[] = [
  { what: 'run', name: 'old', bytes: 300 * KB, why: '40 days old, older than 30' },
  { what: 'copy', name: 'gone-fix', bytes: 100 * KB, why: 'its run has finished or is gone' },
  { what: 'scratch', name: 'gone-1', bytes: 100 * KB, why: 'its run has finished or is gone' },
];
const entry = (id: string): RunEntry => ({
  ...{ id, goal: `goal of ${id}\nmore`, mode: 'team', demo: false, status: 'finished' },
  ...{ startedAt: 0, updatedAt: 0, origin: 'editor' },
});

suite('what is kept', () => {
  test('a list says what may go, how large it is and why; ticked is what nobody asked to keep', () => {
    const items = cleanUpItems(SURVEY, GIVEN, ['open', 'new', 'old'].map(entry)).filter(
      ({ kind }) => kind !== vscode.QuickPickItemKind.Separator,
    );
    assert.deepEqual(
      items.map(({ choice, picked }) => [choice.runs[0] ?? choice.kinds.join(), picked]),
      [
        ['open', false],
        ['new', false],
        ['old', true],
        ['copy,scratch', true],
        ['trees', true],
      ],
    );
    const [open, , old, copies] = items;
    assert.equal(open?.label, 'goal of open');
    assert.match(String(open.detail), /cannot go on/);
    assert.match(String(old?.description), /^0\.3 MB · finished/);
    assert.equal(old?.detail, '40 days old, older than 30');
    assert.match(`${String(copies?.description)} ${String(copies?.detail)}`, /^0\.2 MB its run has finished/);
  });

  /** What the start-up asks a backend to remove. */
  async function startUp(rules: Pick<RetentionRules, 'daysMax' | 'bytesMax'> | undefined, openId?: string) {
    const asked: { rules: Partial<RetentionRules>; how: CollectHow | undefined }[] = [];
    const collect = async (given: Partial<RetentionRules>, how?: CollectHow) => {
      asked.push({ rules: given, how });
      return how?.kinds?.includes('run') === true ? GIVEN.slice(0, 1) : [];
    };
    const desk = { openId, connect: async () => ({ collect }) } as unknown as Desk;
    const log = new InMemoryLog();
    await applyRetention({ desk, log, retention: async () => rules });
    return { asked, log };
  }

  test('without settings nothing goes at start-up', async () => {
    assert.deepEqual((await startUp(undefined)).asked, []);
  });

  test('at start-up go finished runs by the settings, but the open one; the log says which and why', async () => {
    const { asked, log } = await startUp({ daysMax: 30, bytesMax: undefined }, 'shown');
    const [first] = asked;
    assert.deepEqual(first?.rules, { daysMax: 30, bytesMax: undefined, kept: ['shown'] });
    assert.deepEqual(
      asked.map(({ how }) => how?.kinds),
      [['run', 'copy', 'scratch'], ['trees']],
    );
    assert.match(JSON.stringify(log), /Removed run old \(0\.3 MB\): 40 days old/);
  });

  test('a run is deleted for good once nobody works on it; one that works stays', async function () {
    this.timeout(2 * RUN_MS);
    const { runs } = await api();
    const has = async (run: string) => (await runs()).some(({ id }) => id === run);
    const run = await execute<string>('runDemo');
    await reach(run, 'a plan is offered', asks('plan'));
    assert.equal(await execute('deleteRun', run, true), false);
    assert.equal(await has(run), true);
    await execute('stop', run);
    assert.equal(await execute('deleteRun', run, true), true);
    assert.equal(await has(run), false);
    assert.equal(await execute('deleteRun', run, true), false);
  });

  test('clean up removes what was ticked and nothing else', async function () {
    this.timeout(2 * RUN_MS);
    const { runs } = await api();
    const made: string[] = [];
    for (let n = 0; n < 2; n++) {
      const run = await execute<string>('runDemo');
      await reach(run, 'a plan is offered', asks('plan'));
      await execute('stop', run);
      made.push(run);
    }
    const [goes = '', stays = ''] = made;
    const gone = await execute<readonly string[]>('cleanUp', { runs: [goes], kinds: ['run', 'trees'] });
    assert.ok(gone.includes(`run ${goes}`), gone.join());
    assert.ok(!gone.some((name) => name.includes(stays)));
    const ids = (await runs()).map(({ id }) => id);
    assert.deepEqual([ids.includes(goes), ids.includes(stays)], [false, true]);
    assert.equal(await execute('deleteRun', stays, true), true);
  });
});
