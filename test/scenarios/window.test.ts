/** Models with a tiny window, named wrongly in the settings: the run learns it, forgets nothing that counts, and ends proved. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { createOpenAiModels } from '../../src/node/models/openai-models.ts';
import { nodeClock } from '../../src/node/clock.ts';
import { replayRun } from '../../src/core/run/keeping/replay-run.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import { startModelServer, type Answers } from '../support/model-server/server.ts';
import type { SeenRequest } from '../support/model-server/seen.ts';
import type { Window } from '../support/model-server/window.ts';
import { InMemoryLog } from '../support/in-memory/small.ts';
import { play, type Scenario } from './check.ts';
import { recordRun } from './crash.ts';
import { FILES, PLANNER, REVIEWER, agent, fix, result, script, task } from './parts.ts';

const BIG = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => `notes-${name}.txt`);
const NOTES = Object.fromEntries(BIG.map((path) => [path, `${path} says much\n`.repeat(220)]));
const READ = (path: string) => ({ tool: 'read_file', args: { path } });
const EDIT = (old_text: string, new_text: string) => ({
  tool: 'edit_file',
  args: { path: 'src/greet.txt', edits: [{ old_text, new_text }] },
});
const RESULT = { tool: 'submit_result', args: { summary: 'Spelled it.' } };

/**
 * A coder that knows nothing but what it is sent: it reads each file that the request does not mention yet, is impolite, is sent
 * back by the gate, and mends it. Were anything of that forgotten, it would go round in circles.
 */
const coder: Answers = ({ role, body }: SeenRequest) => {
  if (role === 'planner')
    return { calls: [{ tool: 'submit_plan', args: { summary: 'The plan.', tasks: [task()] } }] };
  if (role === 'reviewer') return { calls: [{ tool: 'submit_review', args: { verdict: 'approve' } }] };
  if (role === 'qa')
    return {
      calls: [
        {
          tool: 'submit_diagnosis',
          args: { summary: 'Rude.', causes: [{ test: 'is polite', cause: 'damn', suggestion: 'without' }] },
        },
      ],
    };
  const told = JSON.stringify(body['messages']);
  if (!told.includes('Make it greet.')) return { content: 'I have forgotten my task.' };
  const unread = BIG.find((path) => !told.includes(path));
  if (unread !== undefined) return { calls: [READ(unread)] };
  if (told.includes('the gate is red')) return { calls: [EDIT('hello damn', 'hello'), RESULT] };
  return { calls: [EDIT('helo', 'hello damn'), RESULT] };
};

interface Behind {
  readonly window: Window;
  readonly contextTokens?: number;
  readonly outputTokens?: number;
}

/** Lets work happen with a model behind that window. `contextTokens` is what the settings believe. */
async function behind<T>(
  { window, contextTokens = 128_000, outputTokens = 512 }: Behind,
  work: (scenario: Scenario) => Promise<T>,
): Promise<T> {
  const server = await startModelServer({ answers: coder, manners: { window } });
  const secrets = { key: async () => undefined };
  const models = createOpenAiModels({ secrets, log: new InMemoryLog(), clock: nodeClock });
  const endpoint = { id: 'script', kind: 'scripted', label: 'The server', model: 'm' } as const;
  try {
    return await work({
      files: { ...FILES, ...NOTES },
      script: script(agent('nobody', ['-'])),
      models: () => models,
      settings: {
        endpoints: [{ ...endpoint, baseUrl: server.url, contextTokens }],
        limits: { outputTokens },
      },
    });
  } finally {
    await server.close();
  }
}

const of = <T extends JournalLine['type']>(lines: readonly JournalLine[], type: T) =>
  lines.filter((line): line is JournalLine & { type: T } => line.type === type);

const WINDOWS: readonly { readonly name: string; readonly window: Window; readonly why: string }[] = [
  { name: 'refuses and says its window', window: { tokens: 5000, over: 'refuse' }, why: 'refused' },
  { name: 'refuses and says nothing more', window: { tokens: 5000, over: 'refuseUnnamed' }, why: 'refused' },
  { name: 'silently leaves out what is too long', window: { tokens: 5000, over: 'cut' }, why: 'cut' },
];

for (const { name, window, why } of WINDOWS)
  test(`a run ends proved at a model that ${name}, and replays`, async () => {
    const run = await behind({ window }, play);
    assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
    assert.equal(run.file('src/greet.txt'), 'hello\n');
    const compacted = of(run.lines, 'context.compacted');
    assert.equal(compacted[0]?.data.why, why);
    for (const { data } of compacted) assert.ok(data.after < data.before, JSON.stringify(data));
    assert.equal(
      of(run.lines, 'alert.raised').some(({ data }) => data.code === 'endpoint.cut'),
      why === 'cut',
    );
    const report = await replayRun(run.ports, run.id);
    assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
    const coderView = run.view.agents.find(({ role }) => role === 'coder');
    assert.ok((coderView?.context?.window ?? 0) <= 5000, JSON.stringify(coderView?.context));
    assert.ok(run.view.feed.some((item) => item.kind === 'note' && /context compacted/.test(item.text)));
  });

test('a window that the settings name is never overrun: nothing is refused', async () => {
  const run = await behind({ window: { tokens: 5000, over: 'refuse' }, contextTokens: 5000 }, play);
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  assert.ok(of(run.lines, 'context.compacted').length > 0);
  assert.deepEqual(
    of(run.lines, 'context.compacted').filter(({ data }) => data.why !== 'near'),
    [],
  );
  assert.deepEqual(of(run.lines, 'step.failed'), []);
});

test('a run that was cut off around a compaction goes on, and asks no finished call again', async () => {
  await behind({ window: { tokens: 5000, over: 'refuse' } }, async (scenario) => {
    const { whole, crashAt } = await recordRun(scenario);
    const compactions = of(whole.lines, 'context.compacted').map(({ seq }) => seq);
    for (const line of compactions.flatMap((seq) => [seq - 1, seq, seq + 1, seq + 5])) {
      const crashed = crashAt(line, 'after');
      assert.ok(crashed);
      const played = await play(scenario, crashed.world, crashed.run);
      assert.deepEqual(played.end, whole.end, `cut off after line ${line}`);
      assert.equal(
        played.lines.some(({ type }) => type === 'run.upgraded'),
        false,
        'the record did not fit',
      );
      const done = new Set(of(crashed.lines, 'step.finished').map(({ key }) => key));
      const later = of(played.lines.slice(crashed.lines.length), 'step.started');
      assert.deepEqual(
        later.filter(({ key }) => done.has(key)),
        [],
      );
      assert.equal(of(played.lines, 'context.compacted').length, compactions.length);
    }
  });
});

test('a window smaller than the longest answer that the settings allow is learnt as well', async () => {
  const run = await behind({ window: { tokens: 5000, over: 'refuseUnnamed' }, outputTokens: 8192 }, play);
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  assert.equal(run.file('src/greet.txt'), 'hello\n');
});

test('a window too small for role, tools and task pauses the run and says so', async () => {
  const run = await behind({ window: { tokens: 700, over: 'refuse' } }, play);
  assert.equal(run.end.kind === 'paused' && run.end.reason, 'endpoint', JSON.stringify(run.end));
  assert.match(run.end.message, /does not fit in less/);
});

test('a long observation is kept whole and read on, also after the run was cut off in between', async () => {
  const notes = Array.from({ length: 4000 }, (_, n) => `src/notes.txt has note ${n}`).join('\n');
  const search = { tool: 'search_text', args: { query: 'note', max: 500 } };
  const more = { tool: 'read_more', args: { handle: 't1c0', from: 6000 } };
  const scenario: Scenario = {
    files: { ...FILES, 'src/notes.txt': notes },
    script: script(PLANNER, agent('coder', [[search], [more], [fix, result()]]), REVIEWER),
    settings: { limits: { observationChars: 2000 } },
  };
  const { whole, crashAt } = await recordRun(scenario);
  const observed = (lines: readonly JournalLine[], call: string) =>
    of(lines, 'step.finished').find(({ key }) => key?.endsWith(`coder/round/0/turn/${call}`));
  const long = observed(whole.lines, '1/tool/0');
  const crashed = crashAt((long?.seq ?? 0) + 1, 'after');
  assert.ok(crashed);
  const played = await play(scenario, crashed.world, crashed.run);
  assert.deepEqual(played.end, whole.end);
  const page = z
    .object({ state: z.string(), text: z.string() })
    .parse(observed(played.lines, '2/tool/0')?.data.output);
  assert.match(page.text, /^t1c0, characters 6000 to 8000 of \d+\n/);
  assert.deepEqual(page, observed(whole.lines, '2/tool/0')?.data.output);
});
