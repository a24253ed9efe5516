/** Whatever comes in, nothing is lost, nothing hangs, and what is said helps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError } from '../../src/core/ports.ts';
import { check, play, worldOf, type Expected, type Scenario } from './check.ts';
import {
  agent,
  call,
  CODER,
  edit,
  FILES,
  fix,
  plan,
  PLANNER,
  result,
  REVIEWER,
  script,
  task,
  TEAM,
} from './parts.ts';

interface Case extends Expected {
  readonly name: string;
  readonly scenario: Partial<Scenario> & Pick<Scenario, 'script'>;
  /** Text that must stand somewhere in the journal. */
  readonly says?: RegExp;
}

const DONE = { end: { kind: 'finished', outcome: 'done' }, files: { 'src/greet.txt': 'hello\n' } } as const;
const UNTOUCHED = { 'src/greet.txt': 'helo\n' };
const failed = (says: RegExp): Pick<Case, 'end' | 'files' | 'says'> => ({
  end: { kind: 'finished', outcome: 'failed' },
  files: UNTOUCHED,
  says,
});

const CASES: readonly Case[] = [
  {
    name: 'a plan with a circle goes back with the reason',
    scenario: {
      script: script(
        agent('planner', [
          [plan(task({ depends_on: ['more'] }), task({ id: 'more', depends_on: ['fix'] }))],
          [plan(task())],
        ]),
        CODER,
        REVIEWER,
      ),
    },
    ...DONE,
    says: /wait for each other in a circle: fix → more → fix/,
  },
  {
    name: 'a plan with an unknown role goes back with the roles there are',
    scenario: {
      script: script(agent('planner', [[plan(task({ role: 'wizard' }))], [plan(task())]]), CODER, REVIEWER),
    },
    ...DONE,
    says: /role \\"wizard\\", which does not exist\. Roles: coder/,
  },
  {
    name: 'a planner that never finds a usable plan ends the run, after its limit',
    scenario: {
      script: script(
        agent(
          'planner',
          Array.from({ length: 3 }, () => [plan(task({ role: 'wizard' }))]),
        ),
      ),
    },
    ...failed(/no usable plan/),
  },
  {
    name: 'words without a tool call get one reminder',
    scenario: { script: script(PLANNER, agent('coder', ['I think it is fine.', [fix, result()]]), REVIEWER) },
    ...DONE,
  },
  {
    name: 'a model that only talks fails its attempt, and a fresh one may succeed',
    scenario: {
      script: script(
        PLANNER,
        agent('coder', ['No.', 'Still no.'], { attempt: 1 }),
        agent('coder', [[fix, result()]], { attempt: 2 }),
        REVIEWER,
      ),
    },
    ...DONE,
    says: /stopped without handing over/,
  },
  {
    name: 'a model that only talks, always, fails its task and nothing is changed',
    scenario: { script: script(PLANNER, agent('coder', ['No.', 'Still no.'])) },
    ...failed(/Nothing was changed/),
  },
  {
    name: 'an unknown tool is answered with the tools there are',
    scenario: { script: script(PLANNER, agent('coder', [[call('fly', {})], [fix, result()]]), REVIEWER) },
    ...DONE,
    says: /There is no tool \\"fly\\" for coder\. Tools: read_file/,
  },
  {
    name: 'a tool of another role is not there',
    scenario: { script: script(agent('planner', [[fix], [plan(task())]]), CODER, REVIEWER) },
    ...DONE,
    says: /There is no tool \\"edit_file\\" for planner/,
  },
  {
    name: 'slightly broken JSON is repaired, prose is answered',
    scenario: {
      script: script(
        PLANNER,
        agent('coder', [
          [call('read_file', 'please read it')],
          [
            call(
              'edit_file',
              '{"path": "src/greet.txt", "edits": [{"old_text": "helo", "new_text": "hello"}]',
            ),
          ],
          [result()],
        ]),
        REVIEWER,
      ),
    },
    ...DONE,
    says: /arguments of read_file are not JSON/,
  },
  {
    name: 'a write outside the task’s scope is refused',
    scenario: {
      script: script(
        agent('planner', [[plan(task({ files: ['src/greet.txt'] }))]]),
        agent('coder', [[edit('src/other.txt', 'other', 'mine')], [fix, result()]]),
        REVIEWER,
      ),
    },
    end: DONE.end,
    files: { ...DONE.files, 'src/other.txt': 'other\n' },
    says: /outside the file scope of this task/,
  },
  {
    name: 'a path that leads out is refused',
    scenario: {
      script: script(
        PLANNER,
        agent('coder', [[call('write_file', { path: '../evil.txt', content: 'x' })], [fix, result()]]),
        REVIEWER,
      ),
    },
    ...DONE,
    says: /leads out of the folder/,
  },
  {
    name: 'a command that does not exist is an observation',
    scenario: {
      script: script(
        PLANNER,
        agent('coder', [[call('run_command', { command: 'ls nowhere' })], [fix, result()]]),
        REVIEWER,
      ),
    },
    ...DONE,
    says: /not found/,
  },
  {
    name: 'no tests: done, but never called proved',
    scenario: { script: TEAM, files: { 'src/greet.txt': 'helo\n' }, settings: { testCommand: '' } },
    end: { kind: 'finished', outcome: 'notProved' },
    files: DONE.files,
    says: /quartet\.testCommand/,
  },
  {
    name: 'a test command that does not exist proves nothing',
    scenario: { script: TEAM, settings: { testCommand: 'no-such-runner' } },
    end: { kind: 'finished', outcome: 'notProved' },
    files: DONE.files,
  },
  {
    name: 'a change that stays red is not handed over',
    scenario: {
      script: script(
        PLANNER,
        agent(
          'coder',
          Array.from({ length: 4 }, (_, index) => [
            edit('src/greet.txt', index === 0 ? 'helo' : 'damn', 'damn'),
            result(),
          ]),
        ),
        agent(
          'qa',
          Array.from({ length: 3 }, () => [call('submit_diagnosis', { summary: 'Rude.' })]),
        ),
      ),
      settings: { limits: { attempts: 1 } },
    },
    ...failed(/Limit|gateRounds/),
  },
  {
    name: 'a change to how tests are run proves nothing and goes back',
    scenario: {
      files: { ...FILES, 'package.json': '{"scripts":{"test":"play-tests"}}' },
      script: script(
        PLANNER,
        agent('coder', [
          [edit('package.json', 'play-tests', 'play-tests --kindly'), fix, result()],
          [edit('package.json', 'play-tests --kindly', 'play-tests'), result()],
        ]),
        agent('qa', [[call('submit_diagnosis', { summary: 'The test script was changed.' })]]),
        REVIEWER,
      ),
    },
    ...DONE,
    says: /edits how tests are run \(package\.json\)/,
  },
  {
    name: 'a change to how tests are run that the task asks for is judged like any other',
    scenario: {
      files: { ...FILES, 'package.json': '{"scripts":{"test":"play-tests"}}' },
      script: script(
        agent('planner', [
          [plan(task({ description: 'Make it greet, and add a lint script to package.json.' }))],
        ]),
        agent('coder', [[edit('package.json', '"test"', '"lint":"true","test"'), fix, result()]]),
        REVIEWER,
      ),
    },
    ...DONE,
  },
  {
    name: 'a reviewer who cannot be pleased stops the task at the limit',
    scenario: {
      script: script(
        PLANNER,
        agent('coder', [[fix, result()], [result()], [result()]]),
        agent(
          'reviewer',
          Array.from({ length: 3 }, () => [
            call('submit_review', {
              verdict: 'request_changes',
              comments: [{ path: 'src/greet.txt', line: 1, severity: 'blocking', body: 'No.' }],
            }),
          ]),
        ),
      ),
      settings: { limits: { attempts: 1 } },
    },
    ...failed(/reviewRounds/),
  },
  {
    name: 'an agent that goes in circles stops at its turns',
    scenario: {
      script: script(
        PLANNER,
        agent(
          'coder',
          Array.from({ length: 3 }, () => [call('list_files', {})]),
        ),
      ),
      settings: { limits: { attempts: 1, turns: 3 } },
    },
    ...failed(/used all 3 turns/),
  },
];

for (const { name, scenario, says, ...expected } of CASES) {
  test(name, async () => {
    const played = await check({ files: FILES, goal: 'Fix the greeting', ...scenario }, expected);
    if (says) assert.match(JSON.stringify(played.lines), says);
    const left = [...played.ports.disk.roots.keys()].filter((root) => root.startsWith('/copies/'));
    assert.deepEqual(left, [], 'a working copy was left over');
  });
}

test('an endpoint that is down pauses the run, which goes on when it is back', async () => {
  let down = true;
  const scenario: Scenario = {
    files: FILES,
    script: TEAM,
    models: (scripted) => ({
      complete: (request, context) => {
        if (down && request.role === 'coder')
          throw new PortError('endpoint.unreachable', 'Nobody answers at http://127.0.0.1:9.', {
            retryable: true,
            advice: 'Start the server.',
          });
        return scripted.complete(request, context);
      },
    }),
  };
  const world = worldOf(scenario);
  const paused = await play(scenario, world);
  assert.deepEqual([paused.end.kind, 'reason' in paused.end && paused.end.reason], ['paused', 'endpoint']);
  assert.match(paused.end.message, /Start the server/);
  down = false;
  const finished = await play(scenario, world, paused.id);
  assert.equal(finished.end.kind, 'finished');
  assert.equal(finished.file('src/greet.txt'), 'hello\n');
  assert.equal(world.requests.filter((request) => request.startsWith('planner')).length, 1);
});

test('a budget that is used up pauses the run; a higher one lets it go on', async () => {
  const scenario: Scenario = { files: FILES, script: TEAM, settings: { budget: { tokensMax: 15_000 } } };
  const world = worldOf(scenario);
  const paused = await play(scenario, world);
  assert.deepEqual([paused.end.kind, 'reason' in paused.end && paused.end.reason], ['paused', 'budget']);
  const spent = paused.view.spent.inputTokens + paused.view.spent.outputTokens;
  assert.ok(spent <= 15_000, `${spent} tokens`);
  const finished = await play({ ...scenario, budget: { tokensMax: 1_000_000 } }, world, paused.id);
  assert.equal(finished.end.kind, 'finished');
});

test('with nobody there, a run pauses at its question and takes the answer given meanwhile', async () => {
  const scenario: Scenario = { files: FILES, script: TEAM, settings: { interactive: true } };
  const world = worldOf(scenario);
  const paused = await play(scenario, world);
  assert.deepEqual([paused.end.kind, 'reason' in paused.end && paused.end.reason], ['paused', 'waiting']);
  assert.deepEqual(
    paused.view.needs.map((need) => need.signal),
    ['plan/1'],
  );
  await world.ports.store.putSignal(paused.id, {
    name: 'plan/1',
    value: { decision: 'approve' },
    from: 'person',
  });
  const next = await play(scenario, world, paused.id);
  assert.deepEqual(
    next.view.needs.map((need) => need.signal),
    ['review/1'],
  );
  await world.ports.store.putSignal(paused.id, {
    name: 'review/1',
    value: { decision: 'apply', accepted: ['src/greet.txt'], rejected: [], edited: {} },
    from: 'person',
  });
  const finished = await play(scenario, world, paused.id);
  assert.equal(finished.end.kind === 'finished' && finished.end.outcome, 'done');
  assert.equal(world.requests.length, 3);
});

test('a time budget counts active minutes only; a higher one lets the run go on', async () => {
  const slow: Scenario = {
    files: FILES,
    script: TEAM,
    settings: { budget: { minutesMax: 5 } },
    models: (scripted) => ({
      complete: async (request, context) => {
        await world.ports.clock.sleep(4 * 60_000, context.signal);
        return scripted.complete(request, context);
      },
    }),
  };
  const world = worldOf(slow);
  const paused = await play(slow, world);
  assert.deepEqual([paused.end.kind, 'reason' in paused.end && paused.end.reason], ['paused', 'budget']);
  assert.match(paused.end.message, /active for 8\.0 of 5 minutes/);
  assert.equal(world.requests.length, 2);
  world.ports.clock.set(world.ports.clock.now() + 24 * 3_600_000);
  const finished = await play({ ...slow, budget: { minutesMax: 60 } }, world, paused.id);
  assert.equal(finished.end.kind, 'finished');
});
