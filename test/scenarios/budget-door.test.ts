/** Budgets, routes and the ledger at the terminal door: a built command, real servers that play the model. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseScript } from '../../src/core/models/script.ts';
import type { JournalLine } from '../../src/protocol/events.ts';
import type { RunView } from '../../src/protocol/view.ts';
import { startModelServer, type ModelServer } from '../support/model-server/server.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small');
const SCRIPT = parseScript(await fs.readFile(join(FIXTURE, 'script.json'), 'utf8'));
const GOAL = SCRIPT.goal ?? '';

let door: TerminalDoor;
let server: ModelServer;
before(async () => {
  door = await openTerminalDoor();
  server = await startModelServer({ answers: SCRIPT });
});
after(async () => {
  await door.close();
  await server.close();
});

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function quartet(...args: string[]): Promise<Result> {
  const { said, ended } = door.start(...args);
  return { code: await ended, ...said };
}

async function project(name: string): Promise<string> {
  const folder = join(door.room, name);
  await fs.cp(join(FIXTURE, 'project'), folder, { recursive: true });
  return folder;
}

const run = async (name: string, ...args: string[]): Promise<Result> =>
  quartet('run', GOAL, '--workspace', await project(name), '--approve', 'none', ...args);

const idIn = (said: string): string => /^Run (run-\S+)/m.exec(said)?.[1] ?? '';
const viewOf = async (id: string): Promise<RunView> =>
  JSON.parse((await quartet('show', id, '--json')).out) as RunView;

/** Endpoints and routes in a file. */
async function models(name: string, content: unknown): Promise<string> {
  const path = join(door.room, `${name}.json`);
  await fs.writeFile(path, JSON.stringify(content));
  return path;
}

const endpoint = (id: string, more: object = {}) => ({
  id,
  baseUrl: server.url,
  model: 'scripted',
  inputUsdPerMillion: 1,
  outputUsdPerMillion: 2,
  ...more,
});

/** The worst case of the first call: twice of it is held where nothing limits it. */
function worstOfFirst(journal: string): number {
  const lines = journal
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);
  const first = lines.find((line) => line.type === 'step.started' && line.data.kind === 'model');
  assert.ok(first?.type === 'step.started');
  return (first.data.reserved?.costUsd ?? NaN) / 2;
}

test('a cost budget: exit 4, the ledger adds up, and a raised limit goes on to the end', async () => {
  const named = ['--base-url', server.url, '--model', 'scripted', '--price', '5,1'];
  const limit = worstOfFirst((await run('free', ...named, '--json')).out) * 1.01;
  const stopped = await run('cost', ...named, '--max-cost', String(limit));
  assert.equal(stopped.code, 4, stopped.out + stopped.err);
  assert.match(stopped.out, /The run's cost budget of \$0\.\d+ would be passed: \$0\.0\d+ are spent or held/);
  const id = idIn(stopped.out);
  assert.match(stopped.out, new RegExp(`Go on with a higher limit: quartet resume ${id} .*--max-cost N`));

  const still = await quartet('resume', id);
  assert.equal(still.code, 4, 'the limit still holds');
  const raised = await quartet('resume', id, '--max-cost', '1');
  assert.equal(raised.code, 0, raised.out + raised.err);

  const view = await viewOf(id);
  assert.deepEqual(view.budget, { costUsdMax: 1 });
  const ledger = await quartet('show', id, '--ledger');
  assert.match(ledger.out, /by role +calls +tokens in +out +cost/);
  assert.match(ledger.out, /planner +\d+ +\d+ +\d+ +\$0\.\d{4}/);
  const read = JSON.parse((await quartet('show', id, '--ledger', '--json')).out) as {
    readonly total: { readonly costUsd: number; readonly calls: number };
    readonly by: Readonly<Record<string, readonly { readonly name: string; readonly costUsd: number }[]>>;
  };
  assert.equal(read.total.calls, view.spent.calls);
  for (const word of ['role', 'agent', 'endpoint']) {
    const sum = (read.by[word] ?? []).reduce((so, row) => so + row.costUsd, 0);
    assert.ok(Math.abs(sum - read.total.costUsd) < 1e-9, word);
  }
  assert.ok(Math.abs(read.total.costUsd - (view.spent.costUsd ?? NaN)) < 1e-9);
  assert.equal((await quartet('replay', id)).code, 0);
});

test('without a price a cost limit refuses the model before anything is sent, and says what to do', async () => {
  const asked = server.requests.length;
  const { code, out } = await run(
    'priceless',
    '--base-url',
    server.url,
    '--model',
    'scripted',
    '--max-cost',
    '1',
  );
  assert.equal(code, 4);
  assert.match(out, /the price of command-line is not known\. Give the price/);
  assert.equal(server.requests.length, asked);
});

test('a budget of one role stops the run when that role has used it; the others had theirs', async () => {
  const file = await models('roles', { endpoints: [endpoint('one')] });
  const stopped = await run('roles', '--models', file, '--max-role', 'planner.turns=1');
  assert.equal(stopped.code, 4);
  assert.match(stopped.out, /The role planner has used all 1 turns of its budget/);
  const raised = await quartet('resume', idIn(stopped.out), '--max-role', 'planner.turns=9');
  assert.equal(raised.code, 0, raised.out);
});

test('a model that is down, one without a price behind it, then one that answers: the ledger knows each', async () => {
  const broken = await startModelServer({
    answers: SCRIPT,
    faults: [{ from: 1, fault: { kind: 'cut', at: 'chunk', reset: true } }],
  });
  try {
    const file = await models('fallback', {
      endpoints: [
        endpoint('down', { baseUrl: broken.url }),
        endpoint('priceless', { inputUsdPerMillion: undefined }),
        endpoint('good'),
      ],
      routes: { default: ['down', 'priceless', 'good'] },
    });
    const { code, out } = await run('fallback', '--models', file, '--max-cost', '5');
    assert.equal(code, 0, out);
    assert.match(out, /priceless is not asked while there is a cost limit: its price is not known/);
    const view = await viewOf(idIn(out));
    const at = (id: string) => view.ledger.filter((row) => row.endpoint === id);
    assert.ok(
      at('down').some((row) => row.inputTokens > 0 && (row.costUsd ?? 0) > 0),
      'broken tries are owed',
    );
    assert.equal(at('priceless').length, 0);
    assert.ok(at('good').length > 0);
    assert.equal((await quartet('replay', idIn(out))).code, 0);
  } finally {
    await broken.close();
  }
});

test('--model picks one of several for every role: it is recorded, told, and nobody else is asked', async () => {
  const file = await models('pick', {
    endpoints: [endpoint('one'), endpoint('two', { label: 'The second' }), endpoint('three')],
    routes: { default: ['one'], coder: ['three'] },
  });
  const { code, out } = await run('pick', '--models', file, '--model', 'two');
  assert.equal(code, 0, out);
  const id = idIn(out);
  const view = await viewOf(id);
  assert.equal(view.picked, 'The second');
  assert.deepEqual([...new Set(view.ledger.map((row) => row.endpoint))], ['two']);
  assert.match((await quartet('show', id)).out, /Model: The second, picked for every role/);
  assert.equal((await quartet('replay', id)).code, 0);

  // Another way without a pick goes by the roles again.
  const forked = await quartet('fork', id, '--task', 'greet', '--models', file);
  const other = JSON.parse(
    (await quartet('show', /Forked as (\S+)\./.exec(forked.out)?.[1] ?? '', '--json')).out,
  ) as RunView;
  assert.equal(other.picked, undefined);
  assert.ok(
    other.ledger.some((row) => row.endpoint === 'three'),
    'the coder asks its own',
  );

  const wrong = await run('pick2', '--models', file, '--model', 'nobody');
  assert.equal(wrong.code, 2);
  assert.match(
    wrong.err,
    /"nobody", which --models does not\. There are: one \(scripted\), two \(scripted\)/,
  );
});

test('degradation: from the given percentage on the cheaper endpoint is asked; it is told, and replays', async () => {
  const file = await models('degrade', {
    endpoints: [endpoint('dear'), endpoint('cheap', { inputUsdPerMillion: 0.01, outputUsdPerMillion: 0.01 })],
    routes: { default: ['dear'] },
  });
  const { code, out } = await run(
    'degrade',
    '--models',
    file,
    '--max-cost',
    '2',
    '--degrade-to',
    'cheap',
    '--degrade-at',
    '0.05',
  );
  assert.equal(code, 0, out);
  assert.match(out, /% of the budget are used: the \w+ now asks cheap\./);
  const view = await viewOf(idIn(out));
  const used = new Set(view.ledger.map((row) => row.endpoint));
  assert.deepEqual([...used].sort(), ['cheap', 'dear']);
  assert.equal((await quartet('replay', idIn(out))).code, 0);
});

test('an endpoint that does not keep to its output limit stops the run, is recorded, and a person may go on with it', async () => {
  const liar = await startModelServer({ answers: SCRIPT, manners: { outputTokens: 9000 } });
  try {
    const { code, out } = await run('breach', '--base-url', liar.url, '--model', 'scripted');
    assert.equal(code, 1, out);
    assert.match(out, /wrote 9000 tokens although its output limit was 8192/);
    const id = idIn(out);
    const view = await viewOf(id);
    assert.equal(view.paused?.reason, 'endpoint');
    assert.ok(view.feed.some((item) => item.kind === 'note' && /output limit was 8192/.test(item.text)));
    const again = await quartet('resume', id);
    assert.equal(again.code, 1, 'the next reply is another breach');
    assert.ok((await viewOf(id)).spent.calls > view.spent.calls, 'but the first was forgiven');
  } finally {
    await liar.close();
  }
});

test('the plan is offered with what each task and all of it will likely cost', async () => {
  const folder = await project('estimate');
  const asked = await quartet(
    'run',
    GOAL,
    '--workspace',
    folder,
    '--base-url',
    server.url,
    '--model',
    'scripted',
    '--price',
    '1,2',
  );
  assert.equal(asked.code, 3);
  assert.match(
    asked.out,
    /greet \[coder\] .*, about \d+ tokens, \$0\.\d{4}\nEstimated in all: about \d+ tokens, \$0\.\d{4}/,
  );
  const unknown = await quartet(
    'run',
    GOAL,
    '--workspace',
    folder,
    '--base-url',
    server.url,
    '--model',
    'scripted',
  );
  assert.match(
    unknown.out,
    /greet \[coder\] .*, about \d+ tokens, cost unknown\nEstimated in all: about \d+ tokens, cost unknown/,
  );
});

test('wrong words about models: exit 2, and nothing is started', async () => {
  const file = await models('wrong', { endpoints: [] });
  assert.match((await run('wrong', '--models', file)).err, /does not name models/);
  const { code, err } = await run(
    'wrong2',
    '--base-url',
    server.url,
    '--model',
    'm',
    '--degrade-to',
    'nobody',
  );
  assert.deepEqual([code, /names "nobody", which is no endpoint/.test(err)], [2, true]);
});
