/** What a person is told of a plan while they type is what the run says when it is taken. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Change } from '../../src/protocol/people.ts';
import { createDraftCheck } from '../../src/core/run/plan/draft-check.ts';
import { roleFileText } from '../../src/core/team/new-role.ts';
import { createRunViews } from '../../src/core/run/views/views.ts';
import type { PlanCheck } from '../../src/protocol/panel.ts';
import { PlanSpec } from '../../src/protocol/plan.ts';
import { play, worldOf, type Scenario, type World } from './check.ts';
import { agent, approve, call, FILES, plan, result, script, task } from './parts.ts';

const one = (id: string, more: object = {}) =>
  task({ id, title: `Write ${id}`, files: [`src/${id}.txt`], ...more });
const write = (id: string) => [call('write_file', { path: `src/${id}.txt`, content: `${id}\n` }), result(id)];

const SCENARIO: Scenario = {
  files: FILES,
  settings: { ownRoles: true, limits: { concurrency: 1, tasks: 4, depth: 1 } },
  script: script(
    agent('planner', [[plan(one('a', { priority: 5 }), one('b'))]]),
    agent('coder', [write('a')], { task: 'a' }),
    agent('coder', [write('b')], { task: 'b' }),
    agent('auditor', [[call('submit_findings', { summary: 'As it should be.', sources: [] })]]),
    agent('reviewer', [[approve], [approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'All', body: 'Done.' })]]),
  ),
};

type Tasks = readonly Record<string, unknown>[];
const A = one('a', { priority: 5 });

/** Plans that a person makes of it once `a` is done, and what is wrong with them. */
const PLANS: readonly (readonly [what: string, tasks: Tasks, problem: RegExp | undefined])[] = [
  ['as it was', [A, one('b')], undefined],
  [
    'what nothing provides',
    [A, one('b', { requires: ['vision'] })],
    /endpoint script: it provides no vision/u,
  ],
  ['a model that is not there', [A, one('b', { model: 'big' })], /model "big", which is no endpoint/u],
  ['a role that is not there', [A, one('b', { role: 'wizard' })], /"wizard", which does not exist/u],
  [
    'a task by the name of everybody',
    [A, one('team', { files: ['src/b.txt'] })],
    /cannot have the id "team"/u,
  ],
  [
    'a task by the name of a role',
    [A, one('coder', { files: ['src/b.txt'] })],
    /cannot have the id "coder"/u,
  ],
  [
    'a part for a role of the person’s own that only reads',
    [A, one('b'), { ...one('b.look', { role: 'auditor' }), files: undefined }],
    undefined,
  ],
  [
    'a part for a role of the person’s own that writes everywhere',
    [A, one('b'), { ...one('b.more', { role: 'painter' }), files: undefined }],
    /Task "b\.more" may write everything/u,
  ],
  ['too many', [A, ...['b', 'c', 'd', 'e'].map((id) => one(id))], /5 tasks; at most 4/u],
  ['what is done is changed', [{ ...A, title: 'Another' }, one('b')], /Task "a" is done and stays as it is/u],
  ['what is done is left out', [one('b')], /Task "a" is done: its change is part of the result/u],
];

/** What is told of the plan, which is then taken; resolves once the run has heard of it. */
async function edit({ ports }: World, plan: PlanSpec): Promise<PlanCheck> {
  const { store, hasher } = ports;
  const views = createRunViews(store, hasher);
  const [run = ''] = await store.list();
  const told = await createDraftCheck(ports)(await views.view(run), plan);
  const value: Change = { do: 'plan', plan };
  await store.putSignal(run, { name: 'change', value, from: 'person' });
  while (((await views.view(run)).changed?.count ?? 0) === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  return told;
}

for (const [what, tasks, problem] of PLANS)
  test(`a plan that is edited while the run works: ${what}`, async () => {
    const edited = PlanSpec.parse({ summary: 'x', tasks });
    let told: PlanCheck | undefined;
    const typing: Scenario['models'] = (scripted) => ({
      async complete(request, context) {
        if (request.task === 'b' && request.role === 'coder' && !told) told = await edit(world, edited);
        return scripted.complete(request, context);
      },
    });
    const scenario = { ...SCENARIO, models: typing };
    const world = worldOf(scenario);
    for (const [name, tools] of Object.entries({ auditor: 'read_file', painter: 'edit_file' }))
      world.ports.roles.put('person', name, roleFileText({ name, description: name, tools: [tools] }));
    const played = await play(scenario, world);
    const refused = played.lines.flatMap((line) =>
      line.type === 'change.refused' ? line.data.problems : [],
    );
    assert.deepEqual(told?.problems, refused, 'the run says the same');
    if (problem) assert.match(refused.join(' '), problem);
    else assert.deepEqual(refused, []);
  });
