/** What a goal at the terminal mentions: files, folders, and what the person has changed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { JournalLine } from '../../src/protocol/events.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const SCRIPT = {
  title: 'An answer',
  agents: [
    { role: 'researcher', replies: [{ calls: [{ tool: 'submit_findings', args: { summary: 'So.' } }] }] },
  ],
};

let door: TerminalDoor;
let workspace = '';
let script = '';
before(async () => {
  door = await openTerminalDoor();
  workspace = join(door.room, 'work');
  script = join(door.room, 'script.json');
  await fs.writeFile(script, JSON.stringify(SCRIPT));
  await fs.mkdir(join(workspace, 'src'), { recursive: true });
  await fs.writeFile(join(workspace, 'src/größe.js'), 'one\n');
});
after(() => door.close());

/** The goal as it is recorded. */
async function recorded(goal: string): Promise<string> {
  const { ended, said } = door.start('ask', goal, '--json', '--workspace', workspace, '--script', script);
  assert.equal(await ended, 0, said.err + said.out);
  const started = said.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine)
    .find((line) => line.type === 'run.started');
  return started?.type === 'run.started' ? started.data.goal : '';
}

test('places are told as what they are; a selection is a word here', { timeout: 90_000 }, async () => {
  const goal = 'Why #file:src/größe.js, #folder:src, #file:gone.js, #file:../door and #selection?';
  assert.equal(
    await recorded(goal),
    `${goal}\n\nWhat is mentioned above:\n\n#file:src/größe.js: the file src/größe.js\n\n#folder:src: the folder src\n\n#file:gone.js: gone.js, which is not there\n\n#file:../door: ../door, which is not there`,
  );
});

test(
  'what the person has changed is told by name; without a repository that is said',
  { timeout: 90_000 },
  async () => {
    assert.match(
      await recorded('Explain #diff'),
      /#diff: what is changed cannot be told\. The project is not a git/u,
    );
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.invalid', ...args], {
        cwd: workspace,
      });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'first');
    assert.match(await recorded('Explain #diff'), /#diff: nothing is changed since the last commit\./u);
    await fs.writeFile(join(workspace, 'src/größe.js'), 'two\n');
    assert.match(
      await recorded('Explain #diff'),
      /#diff: files that the person has changed since the last commit:\n\[data \w+ from diff\]\nsrc\/größe\.js\n\[end/u,
    );
  },
);
