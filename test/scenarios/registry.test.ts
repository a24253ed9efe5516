/** Who is matched to what: an endpoint that gets ill while a run works, tools that are others when it goes on, and what is said of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEndpoints } from '../../src/core/models/endpoints.ts';
import { createRouter } from '../../src/core/models/routing.ts';
import { createScriptedModel } from '../../src/core/models/scripted.ts';
import { PortError } from '../../src/core/ports.ts';
import { createEngine } from '../../src/core/run/engine.ts';
import { TOOLS } from '../../src/core/tools/catalogue.ts';
import { matchLines, registryText } from '../../src/terminal/registry-text.ts';
import { play, worldOf, type Played, type Scenario, type World } from './check.ts';
import { agent, approve, call, edit, FILES, fix, plan, result, script, task } from './parts.ts';

const other = edit('src/other.txt', 'other', 'others');

const TWO_TASKS: Scenario = {
  files: FILES,
  settings: {
    endpoints: ['a', 'b'].map((id) => ({ id, kind: 'scripted' as const, model: id })),
    routes: { default: ['a', 'b'] },
  },
  script: script(
    agent('planner', [[plan(task(), task({ id: 'then', title: 'Then', depends_on: ['fix'] }))]]),
    agent('coder', [[fix], [result()]], { task: 'fix' }),
    agent('coder', [[other], [result()]], { task: 'then' }),
    agent('reviewer', [[approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Both are done.' })]]),
  ),
};

/** A world whose endpoints are known as they are in a door, and where `isIll` says who does not answer. */
function world(
  isIll: (
    endpoint: string,
    call: { readonly role: string; readonly task?: string; readonly turn: number },
  ) => boolean,
): World {
  const made = worldOf(TWO_TASKS);
  const { clock } = made.ports;
  const scripted = createScriptedModel(TWO_TASKS.script, { clock });
  const models = createRouter(
    {
      scripted: {
        complete(request, context) {
          const id = request.endpoints[0]?.id ?? '';
          if (isIll(id, request))
            throw new PortError('endpoint.unreachable', `${id} does not answer.`, { retryable: true });
          return scripted.complete(request, context);
        },
      },
    },
    createEndpoints(clock),
  );
  return { ...made, enginePorts: { ...made.enginePorts, models } };
}

async function replays({ enginePorts, id }: Played): Promise<void> {
  const report = await createEngine(enginePorts, { whenWaiting: 'pause' }).replay(id);
  assert.equal(report.divergence, undefined, JSON.stringify(report.divergence));
}

const created = ({ lines }: Played) =>
  lines.flatMap((line) => (line.type === 'agent.created' ? [line.data] : []));

test('an endpoint that gets ill while the run works: whoever is made later asks another, and it is said why', async () => {
  const run = await play(
    TWO_TASKS,
    world((id, { role, turn }) => id === 'a' && role !== 'planner' && turn > 1),
  );
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  const made = created(run);
  const first = made.find(({ agent: id }) => id.startsWith('task/fix/attempt/1/coder'));
  assert.deepEqual([first?.endpoint, first?.matched, first?.passed], ['a', undefined, undefined]);
  const later = made.filter(({ agent: id }) => id.startsWith('task/then/'));
  assert.ok(later.length > 0);
  for (const { endpoint, matched, passed } of later) {
    assert.equal(endpoint, 'b');
    assert.equal(matched, 'a is doubtful: its last call failed: a does not answer');
    assert.deepEqual(
      passed?.map((each) => each.endpoint),
      ['a'],
    );
  }
  const told = run.view.feed.flatMap((item) => (item.kind === 'note' ? [item.text] : []));
  assert.ok(
    told.includes('coder is matched to b: a is doubtful: its last call failed: a does not answer.'),
    told.join('\n'),
  );
  const a = run.view.registry?.endpoints.find(({ id }) => id === 'a');
  assert.equal(a?.health, 'doubtful');
  assert.ok(a.failed >= 1 && a.answered >= 2, JSON.stringify(a));
  assert.match(
    registryText(run.view),
    /a: doubtful: its last call failed: a does not answer; 0 calls under way/u,
  );
  assert.ok(matchLines(run.view).some((line) => line.startsWith('  endpoint b: fine')));
  await replays(run);
});

test('whoever was asked in vain is told with the reply that came of it, and its agent stays where it was answered', async () => {
  const run = await play(
    TWO_TASKS,
    world((id, { role, turn }) => id === 'a' && role === 'coder' && turn > 1),
  );
  const turned = run.lines.find(
    (line) => line.type === 'step.finished' && line.data.facts?.match?.why !== undefined,
  );
  assert.ok(turned?.type === 'step.finished');
  assert.deepEqual(
    [turned.data.facts?.match?.endpoint, turned.data.facts?.match?.why],
    ['b', 'a did not answer: a does not answer'],
  );
  const coder = run.view.agents.find(({ id }) => id.startsWith('task/fix/attempt/1/coder'));
  assert.deepEqual([coder?.endpoint, coder?.matched], ['b', 'a did not answer: a does not answer']);
  await replays(run);
});

test('one that is well again is asked first again', async () => {
  const seen: string[] = [];
  const made = world((id, { role, task: of, turn }) => {
    if (role === 'coder' && turn === 1 && of === 'then') seen.push(id);
    return id === 'a' && role === 'coder' && of === 'fix' && turn > 1;
  });
  const { clock } = made.ports;
  const { models } = made.enginePorts;
  const slow = {
    ...made.enginePorts,
    models: {
      async complete(...call: Parameters<typeof models.complete>) {
        // By the time the review has ended a minute has passed, after which nobody doubts it any more.
        if (call[0].role === 'reviewer') await clock.sleep(60_000, call[1].signal);
        return models.complete(...call);
      },
    },
  };
  const run = await play(TWO_TASKS, { ...made, enginePorts: slow });
  assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
  assert.deepEqual(seen, ['a']);
  await replays(run);
});

test('agents are recorded with the versions of their tools, and roles and tools are counted', async () => {
  const run = await play(
    TWO_TASKS,
    world(() => false),
  );
  for (const { tools, contracts = {} } of created(run)) {
    assert.deepEqual(Object.keys(contracts).sort(), [...tools].sort());
    for (const version of Object.values(contracts)) assert.match(version, /^\d+\+[0-9a-f]{8}$/u);
  }
  const { tools = [], roles = [] } = run.view.registry ?? {};
  assert.deepEqual(tools.find(({ name }) => name === 'submit_plan')?.roles, ['planner']);
  assert.equal(roles.find(({ name }) => name === 'coder')?.agents, 2);
});

test('a run whose tools are others now is refused as it was: what is unfinished begins anew, and it is said why', async () => {
  let calls = 0;
  const made = world((_id, { role, task: of }) => role === 'coder' && of === 'then' && ++calls <= 2);
  const paused = await play(TWO_TASKS, made);
  assert.equal(paused.end.kind, 'paused');
  const tool = TOOLS.get('edit_file');
  assert.ok(tool);
  const changed = tool as { version?: string };
  try {
    changed.version = '2';
    const run = await play(TWO_TASKS, made, paused.id);
    assert.equal(run.end.kind === 'finished' && run.end.outcome, 'done', JSON.stringify(run.end));
    const upgraded = run.lines.find((line) => line.type === 'run.upgraded');
    assert.ok(upgraded?.type === 'run.upgraded');
    assert.match(upgraded.data.why, /the tool edit_file is version 2, and its agents know version 1/u);
    assert.deepEqual(upgraded.data.done, ['fix'], 'what is done stays');
    assert.ok(
      run.view.feed.some((item) => item.kind === 'note' && item.text.includes('edit_file is version 2')),
    );
  } finally {
    delete changed.version;
  }
});
