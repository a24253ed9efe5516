/** A review by hunks: what is left out stays out, what is sent back is worked on again, and what remains is tested before it is applied. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunksOf } from '../../src/core/changes/hunks.ts';
import { play, type Played, type Scenario } from './check.ts';
import { agent, approve, call, edit, FILES, plan, result, script, task } from './parts.ts';

const OLD = 'helo\ntwo\nthree\nfour\nfive\n';
const NEW = 'hello\ntwo\nthree\nfour\nFIVE\n';
const [, LAST = ''] = hunksOf(OLD, NEW).map(({ id }) => id);
const PATH = 'src/greet.txt';
const ASKING = { interactive: true, approvals: { plan: false, commands: true, changes: true } };
const both = call('edit_file', {
  path: PATH,
  edits: [
    { old_text: 'helo', new_text: 'hello' },
    { old_text: 'five', new_text: 'FIVE' },
  ],
});
const FIRST = agent('coder', [[both, result('Greets, and shouts.')]], { task: 'fix' });

function scenario(answers: Scenario['answers'], ...rework: ReturnType<typeof agent>[]): Scenario {
  return {
    files: { ...FILES, [PATH]: OLD },
    script: script(agent('planner', [[plan(task())]]), ...rework, FIRST, agent('reviewer', [[approve]])),
    settings: ASKING,
    ...(answers && { answers }),
  };
}

const outcome = ({ end }: Played): string => (end.kind === 'finished' ? end.outcome : end.reason);

for (const { name, rejected, edited = {}, text, outcome: expected } of [
  {
    name: 'a hunk that is rejected is left out, and the rest is tested again',
    rejected: [{ path: PATH, hunk: LAST, reason: 'no shouting' }],
    text: 'hello\ntwo\nthree\nfour\nfive\n',
    outcome: 'done',
  },
  {
    name: 'where a rejected hunk is not to be found, nothing of its file is taken',
    rejected: [{ path: PATH, hunk: 'nowhere' }],
    text: OLD,
    outcome: 'rejected',
  },
  {
    name: 'a text left by hand is taken as it is, whatever else is said of its hunks',
    rejected: [{ path: PATH, hunk: LAST }],
    edited: { [PATH]: 'hello, dear\ntwo\nthree\nfour\nfive\n' },
    text: 'hello, dear\ntwo\nthree\nfour\nfive\n',
    outcome: 'done',
  },
]) {
  test(name, async () => {
    const played = await play(
      scenario({
        'review/1': { decision: 'apply', accepted: [PATH], rejected, edited },
        'apply/1': { apply: false },
      }),
    );
    assert.equal(played.file(PATH), text);
    assert.equal(outcome(played), expected, played.end.message);
    if (expected === 'done') assert.equal(played.view.evidence.accepted?.verdict, 'green');
  });
}

const SEND_BACK = {
  decision: 'revise',
  accepted: [],
  rejected: [{ path: PATH, hunk: LAST, reason: 'no shouting' }],
  remarks: [{ path: PATH, line: 1, body: 'friendlier' }],
};

test('sent back: the coder gets the reasons and works without what was rejected; the rest stays', async () => {
  const told: string[] = [];
  const played = await play({
    ...scenario(
      { 'review/1': SEND_BACK, 'review/2': { decision: 'apply', accepted: [PATH], rejected: [] } },
      agent('coder', [[edit(PATH, 'hello\ntwo', 'hello there\ntwo'), result()]], { task: 'revision-1' }),
    ),
    models: (scripted) => ({
      complete: (request, context) => {
        if (request.task === 'revision-1' && request.role === 'coder') told.push(JSON.stringify(request));
        return scripted.complete(request, context);
      },
    }),
  });
  assert.equal(outcome(played), 'done', played.end.message);
  assert.equal(played.file(PATH), 'hello there\ntwo\nthree\nfour\nfive\n');
  for (const words of ['no shouting', '+ FIVE', 'src/greet.txt:1: friendlier'])
    assert.ok(told[0]?.includes(words), words);
  assert.equal(played.view.changes?.revision, 2);
});

test('the rework fails: what remains is tested before it is applied, and the person is told', async () => {
  const played = await play(
    scenario(
      { 'review/1': SEND_BACK, 'review/2': { decision: 'apply', accepted: [PATH], rejected: [] } },
      agent('coder', ['I cannot.', 'No.', 'Still not.'], { task: 'revision-1' }),
    ),
  );
  assert.equal(outcome(played), 'done', played.end.message);
  assert.equal(played.file(PATH), 'hello\ntwo\nthree\nfour\nfive\n');
  assert.equal(played.view.evidence.accepted?.verdict, 'green');
  const asked = played.lines.find((line) => line.type === 'signal.opened' && line.key === 'review/2');
  assert.match(JSON.stringify(asked?.data), /rework of what you sent back failed/u);
});

test('a change goes back a bounded number of times', async () => {
  const played = await play({
    ...scenario(
      {
        'review/1': SEND_BACK,
        'review/2': { decision: 'apply', accepted: [PATH], rejected: [] },
      },
      agent('coder', ['never asked'], { task: 'revision-1' }),
    ),
    settings: { ...ASKING, limits: { revisions: 0 } },
  });
  assert.ok(!played.requests.some((request) => request.includes('revision-1')));
  assert.ok(played.lines.some((line) => line.type === 'limit.reached' && line.data.limit === 'revisions'));
  assert.equal(played.file(PATH), NEW);
});

test('everything rejected and not done in another way: the run ends with nothing changed', async () => {
  const played = await play(
    scenario(
      { 'review/1': { decision: 'revise', accepted: [], rejected: [{ path: PATH, reason: 'no' }] } },
      agent('coder', ['I cannot.', 'No.', 'Still not.'], { task: 'revision-1' }),
    ),
  );
  assert.equal(outcome(played), 'rejected', played.end.message);
  assert.equal(played.file(PATH), OLD);
});
