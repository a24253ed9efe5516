/** The review by the terminal door as it ships: hunks with where they come from, and decisions on them. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { RunView } from '../../src/protocol/view.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';
import { agent, approve, call, plan, result, task } from './parts.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/small/project');
const GREET = 'greet.js';
const edits = call('edit_file', {
  path: GREET,
  edits: [
    { old_text: '/** A greeting', new_text: '/** A kind greeting' },
    { old_text: '${name}!', new_text: "${name || 'everybody'}!" },
  ],
});
const SCRIPT = {
  title: 'Two hunks',
  agents: [
    agent('planner', [[plan(task({ id: 'greet', title: 'Greet everybody' }))]]),
    {
      role: 'coder',
      task: 'greet',
      replies: [
        { content: 'A fallback for a missing name.', calls: [edits, result('Greets everybody now.')] },
      ],
    },
    agent('coder', [[call('write_file', { path: 'NOTES.md', content: 'kind\n' }), result()]], {
      task: 'revision-1',
    }),
    agent('reviewer', [[approve]]),
  ],
};

const comment = (line: number, body: string) => ({ path: GREET, line, severity: 'suggestion', body });
const review = (...comments: readonly object[]) => call('submit_review', { verdict: 'approve', comments });
/** The second task writes lines above those that the reviewer of the first has named, and one of them anew. */
const MOVED = {
  title: 'Lines that move',
  agents: [
    agent('planner', [
      [plan(task({ id: 'greet', title: 'Greet everybody' }), task({ id: 'head', depends_on: ['greet'] }))],
    ]),
    agent('coder', [[edits, result('Greets everybody now.')]], { task: 'greet' }),
    agent(
      'coder',
      [
        [
          call('edit_file', {
            path: GREET,
            edits: [{ old_text: '/** A kind greeting', new_text: '// Greetings.\n\n/** A warm greeting' }],
          }),
          result('A head.'),
        ],
      ],
      { task: 'head' },
    ),
    agent('reviewer', [[review(comment(1, 'Kind?'), comment(3, 'Everybody?'))]], { task: 'greet' }),
    agent('reviewer', [[approve]]),
    agent('synthesizer', [[call('submit_summary', { title: 'Both', body: 'Done.' })]]),
  ],
};

let door: TerminalDoor;
before(async () => {
  door = await openTerminalDoor();
  await fs.writeFile(join(door.room, 'script.json'), JSON.stringify(SCRIPT));
  await fs.writeFile(join(door.room, 'moved.json'), JSON.stringify(MOVED));
});
after(() => door.close());

async function say(code: number, ...args: string[]): Promise<string> {
  const { ended, said } = door.start(...args);
  assert.equal(await ended, code, said.err + said.out);
  return said.out + said.err;
}

/** A run that waits for its review, on a workspace of its own. */
async function waiting(
  name: string,
  script = 'script.json',
): Promise<{
  run: string;
  file: (path: string) => Promise<string>;
  put: (path: string, text: string) => Promise<void>;
}> {
  const workspace = join(door.room, name);
  await fs.cp(FIXTURE, workspace, { recursive: true });
  const said = await say(
    3,
    ...['run', 'Greet everybody', '--workspace', workspace, '--approve', 'changes'],
    ...['--script', join(door.room, script)],
  );
  const run = /^Run (\S+)/mu.exec(said)?.[1] ?? '';
  return {
    run,
    file: (path) => fs.readFile(join(workspace, path), 'utf8'),
    put: (path, text) => fs.writeFile(join(workspace, path), text),
  };
}

test(
  'each hunk is told with its task, its agent, its words and its tests; one is left out, the other applied',
  { timeout: 120_000 },
  async () => {
    const { run, file } = await waiting('one');
    const listed = await say(0, 'review', run, '--why');
    assert.match(listed, /greet\.js: modified \(\+2 -2\)/u);
    assert.match(listed, /1\. line 1: Greet everybody \(coder\) · tests green\n\s+- \/\*\* A greeting/u);
    assert.match(listed, /2\. line 3: Greet everybody \(coder\)/u);
    for (const words of [
      'coder, writing it: A fallback for a missing name.',
      'coder, handing over: Greets everybody now.',
      'Passing since: test/greet.test.js > it greets everybody where there is no name',
      'Review: approved',
    ])
      assert.ok(listed.includes(words), words);
    const data = JSON.parse((await say(0, 'review', run, '--json')).trim()) as {
      files: { hunks: { number: number; units: string[] }[] }[];
    };
    assert.deepEqual(
      data.files[0]?.hunks.map(({ units }) => units),
      [['greet'], ['greet']],
    );
    await say(0, 'review', run, '--accept', 'greet.js:1');
    assert.match(await say(0, 'review', run), /1\. line 1: .* \[accepted\]/u);
    assert.doesNotMatch(await say(0, 'review', run, '--forget'), /\[accepted\]/u);
    const kept = await say(0, 'review', run, '--reject', 'greet.js:1', '--reason', 'plain words');
    assert.match(kept, /1\. line 1: .* \[rejected: plain words\][^]*Decided so far is kept/u);
    await say(0, 'review', run, '--apply');
    assert.equal(
      await file(GREET),
      (await fs.readFile(join(FIXTURE, GREET), 'utf8')).replace('${name}!', "${name || 'everybody'}!"),
    );
    const view = JSON.parse(await say(0, 'show', run, '--json')) as RunView;
    assert.equal(view.evidence.accepted?.verdict, 'green', 'what remained was tested again');
    assert.match(await say(2, 'review', run, '--apply'), /do not wait for a review/u);
  },
);

test(
  'the team is asked about a part, with the part and what the record says',
  { timeout: 120_000 },
  async () => {
    const { run, file } = await waiting('asked');
    const before = await file(GREET);
    const script = join(door.room, 'answer.json');
    const reply = call('submit_findings', {
      summary: 'Because a name may be missing.',
      sources: ['greet.js:3'],
    });
    await fs.writeFile(script, JSON.stringify({ title: 'Answer', agents: [agent('researcher', [[reply]])] }));
    const ask = (question: string, code = 0) =>
      say(code, 'review', run, '--ask', question, '--script', script);
    const said = await ask(`${GREET}:2=Why everybody?`);
    assert.match(said, /Because a name may be missing\./u);
    const asked = /^Run (\S+)/mu.exec(said)?.[1] ?? '';
    const { goal } = JSON.parse(await say(0, 'show', asked, '--json')) as RunView;
    for (const words of [
      'Why everybody?',
      'greet.js at line',
      '+   return `Hello',
      'A fallback for a missing name.',
    ])
      assert.ok(goal.includes(words), `${words} in ${goal}`);
    assert.equal(await file(GREET), before);
    assert.match(await ask(`${GREET}=Why?`, 2), /Say which part of greet\.js/u);
    assert.match(await ask(`${GREET}:9=Why?`, 2), /has the parts 1 to 2, not 9/u);
    assert.match(await ask('Why?', 2), /--ask takes PATH:N=QUESTION/u);
  },
);

test('what is sent back comes again without it, and is reviewed again', { timeout: 120_000 }, async () => {
  const { run, file } = await waiting('two');
  await say(
    3,
    'review',
    run,
    '--reject',
    'greet.js:1',
    '--reason',
    'plain words',
    '--send-back',
    '--say',
    'Keep notes.',
  );
  const again = await say(0, 'review', run);
  assert.match(again, /NOTES\.md: added/u);
  assert.doesNotMatch(again, /kind greeting/u);
  assert.match(await say(0, 'replay', run), /replays as recorded/u);
  const own = join(door.room, 'own.md');
  await fs.writeFile(own, 'mine\n');
  await say(0, 'review', run, '--edit', `NOTES.md=${own}`, '--apply');
  assert.equal(await file('NOTES.md'), 'mine\n');
  assert.doesNotMatch(await file(GREET), /kind greeting/u);
  assert.match(await file(GREET), /everybody'\}/u);
});

test('what does not go together is said, and nothing is decided by it', { timeout: 120_000 }, async () => {
  const { run } = await waiting('three');
  for (const [args, words] of [
    [['--reject', 'greet.js:3', '--apply'], /parts 1 to 2, not 3/u],
    [['--reject', 'nowhere.js', '--apply'], /no file "nowhere\.js"/u],
    [['--reason', 'no', '--accept', 'greet.js:1'], /give --reject, too/u],
    [['--apply', '--discard'], /one of --apply, --send-back and --discard/u],
    [['--reject', 'greet.js', '--reason', 'a', '--reason', 'b', '--apply'], /--reason is given once/u],
    [['--edit', 'greet.js', '--apply'], /--edit takes PATH=FILE/u],
  ] as const)
    assert.match(await say(2, 'review', run, ...args), words);
  await say(6, 'review', run, '--discard');
});

test(
  'a conflict with what changed meanwhile is shown marked, and taken as it was resolved',
  { timeout: 120_000 },
  async () => {
    const { run, file, put } = await waiting('four');
    const original = await file(GREET);
    await put(GREET, original.replace('A greeting', 'My greeting'));
    await say(3, 'review', run, '--apply');
    const shown = await say(0, 'review', run);
    assert.match(shown, /<{7} ours\n.*My greeting[^]*kind greeting[^]*>{7} theirs/u);
    const marked = join(door.room, 'marked.js');
    await fs.writeFile(marked, shown.slice(shown.indexOf('<<<<<<<')));
    assert.match(
      await say(2, 'review', run, '--edit', `${GREET}=${marked}`, '--apply'),
      /still holds marks/u,
    );
    const own = (await fs.readFile(join(FIXTURE, GREET), 'utf8'))
      .replace('A greeting', 'My kind greeting')
      .replace('${name}!', "${name || 'everybody'}!");
    await fs.writeFile(join(door.room, 'resolved.js'), own);
    await say(0, 'review', run, '--edit', `${GREET}=${join(door.room, 'resolved.js')}`, '--apply');
    assert.equal(await file(GREET), own);
  },
);

test(
  'a remark stands where its line went, or at the file where that is gone',
  { timeout: 120_000 },
  async () => {
    const { run } = await waiting('moved', 'moved.json');
    const listed = await say(0, 'review', run);
    assert.match(listed, /Reviewer, line 5 \[suggestion\]: Everybody\?/u);
    assert.match(listed, /Reviewer, the whole file \[suggestion\]: Kind\?/u);
  },
);
