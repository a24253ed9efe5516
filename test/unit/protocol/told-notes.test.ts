/** Notes that a run composes for people are told part by part: no word of ours stays English, whatever stands between. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { feedOf } from '../../../src/core/run/views/state-feed.ts';
import type { Blame } from '../../../src/protocol/blame.ts';
import type { EventData, RunEvent } from '../../../src/protocol/events.ts';
import { journalOf } from '../core/run/journals.ts';
import { leftInEnglish } from './pseudo-told.ts';

/** Of steps that only models hear of. */
const NOT_SHOWN = new Set(['src/core/team/digest.ts']);

test('titles of steps are told', () => {
  const files = readdirSync('src/core', { recursive: true, encoding: 'utf8' })
    .map((path) => `src/core/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts') && !NOT_SHOWN.has(path));
  const titles = files.flatMap((path) =>
    [...readFileSync(path, 'utf8').matchAll(/\btitle(?:: | = )(?:'([^']+)'|`([^`]+)`)/giu)].map(
      ([, plain, made = '']) => plain ?? made,
    ),
  );
  assert.ok(titles.length > 50);
  // Of nested templates only the ends are read.
  const whole = titles
    .filter((title) => !title.includes("'"))
    .map((title) => title.replace(/^\$\{[^}]*\}(?=\p{Lu})/u, '').replace(/\$\{[^}]*\}/gu, '0'));
  const left = whole.filter(
    (title) => !title.endsWith(' is thinking') && leftInEnglish(title, '').length > 0,
  );
  assert.deepEqual(left, []);
});

/** `data`: what in the note is not ours. */
function checkNote(event: RunEvent, data = ''): void {
  const [line] = journalOf([event]).lines;
  assert.ok(line);
  const item = feedOf(line, undefined, undefined)?.item;
  assert.ok(item?.kind === 'note', event.type);
  assert.deepEqual(leftInEnglish(item.text, data), [], item.text);
}

type Fired = EventData<'guard.fired'>;

const WHO = { role: 'coder', agent: 'coder.1', task: 'menu' };

const checkGuard = (guard: string, rung: Fired['rung'], why: string, data = ''): void => {
  checkNote({ type: 'guard.fired', data: { guard, rung, why, ...WHO } }, `coder (menu) ${data}`);
};

test('notes: what guards against loops saw and did', () => {
  const call = 'run_command cd a; npm test: It fails. Look';
  for (const rung of ['told', 'changed', 'model', 'replan', 'asked', 'stopped'] as const)
    checkGuard('identical', rung, `made the same call 3 times and got the same each time: ${call}`, call);
  const [one, other] = ['read_file a', 'list_files b'];
  checkGuard('alternating', 'told', `goes back and forth between ${one} and ${other}`, `${one} ${other}`);
  const failure = 'run_tests Error: It is wrong. So.';
  checkGuard('failing', 'told', `met the same failure 3 times: ${failure}`, failure);
  checkGuard('idle', 'told', 'neither changed a file nor learned anything new in 8 turns');
});

test('notes: what the other guards saw and did', () => {
  const circle = [
    'qa.1 waits for coder.1: it asked and waits for the answer',
    'coder.1 waits for red: it comes after that task',
    'red waits for blue: that task may write the same files',
    'blue waits for green: the merge queue is serial',
  ].join('; ');
  checkGuard('deadlock', 'answered', circle, 'qa.1 coder.1 red blue green');
  const asked = 'coder of "menu" and planner asked each other 4 times and no file changed in between';
  checkGuard('exchange', 'refused', asked, 'planner');
  checkGuard('held', 'elsewhere', 'qa.1 waits for the person', 'qa.1');
  checkGuard('silence', 'restarted', 'Local (http://x/v1) gave no sign of life', 'Local (http://x/v1)');
  checkGuard('silence', 'restarted', 'qa.1 took 6 turns without answering', 'qa.1');
  checkGuard('silence', 'restarted', 'qa.1 ended without answering', 'qa.1');
  checkGuard('starvation', 'reserved', 'its call waited for the budget while 4 others were made');
  const why = 'it was ready while 4 others took files that it may write';
  checkNote(
    { type: 'guard.fired', data: { guard: 'starvation', rung: 'reserved', why, task: 'menu' } },
    'menu',
  );
});

test('notes: several settings that are changed at once', () => {
  const budget = { costUsdMax: 2 };
  checkNote({ type: 'settings.changed', data: { autonomy: 'guided', budget, concurrency: 3 } });
  checkNote({ type: 'settings.changed', data: { budget } });
  checkNote({ type: 'settings.changed', data: { concurrency: 3 } });
});

test('notes: changes that do not go together, line by line', () => {
  const blame: Blame = {
    ...{ task: 'red', with: ['blue'], kind: 'red', tests: ['a > b', 'c', 'd', 'e', 'f', 'g'] },
    ...{ shared: [], files: ['a.js'], otherFiles: ['b.js', 'c.js', 'd.js', 'e.js', 'f.js', 'g.js'] },
  };
  const data = 'red blue a > b c d e f g a.js b.js c.js d.js e.js f.js g.js';
  checkNote({ type: 'blame.found', data: blame }, data);
  const shared = [{ path: 'a.js', lines: '1-2, 5', otherLines: '3' }];
  checkNote({ type: 'blame.found', data: { ...blame, kind: 'conflict', tests: [], shared } }, data);
});

test('notes: a context that was compacted, and a workspace that was looked at', () => {
  const tokens = { endpoint: 's', before: 90_000, after: 40_000, window: 100_000 };
  for (const why of ['near', 'refused', 'cut'] as const)
    for (const turns of [0, 1, 2])
      checkNote(
        { type: 'context.compacted', data: { who: WHO, why, ...tokens, turns } },
        'coder 90k 40k 100k',
      );
  const notes = ['Unsaved text of 2 editors is part of the base.', 'Left out: a b: EACCES'];
  checkNote({ type: 'base.taken', data: { tree: 't', files: 3, notes } }, 'a b: EACCES');
});
