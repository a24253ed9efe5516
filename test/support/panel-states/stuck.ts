/** A run that does not get on: what guards say and ask, settings that are changed, changes that do not go together, looser rules. */
import type { JournalLine, RunEvent } from '../../../src/protocol/events.ts';
import type { RunView } from '../../../src/protocol/view.ts';
import { feedOf } from '../../../src/core/run/views/state-feed.ts';
import { report, run, START } from './parts.ts';
import { working } from './runs.ts';

const who = { role: 'coder', agent: 'coder-2', task: 'truncate' };
const why = 'made the same call 3 times and got the same each time: run_tests truncate';

const EVENTS: readonly RunEvent[] = [
  { type: 'guard.fired', data: { guard: 'identical', rung: 'told', why, ...who } },
  { type: 'guard.fired', data: { guard: 'identical', rung: 'asked', why, ...who } },
  {
    type: 'settings.changed',
    data: { autonomy: 'guided', budget: { costUsdMax: 2 }, concurrency: 2 },
  },
  {
    type: 'blame.found',
    data: {
      ...{ task: 'truncate', with: ['accents'], kind: 'red', tests: ['slugs > cuts at a dash'] },
      ...{ shared: [], files: ['src/truncate.js'], otherFiles: ['src/slugify.js', 'src/index.js'] },
    },
  },
];

const lineOf = (event: RunEvent, at: number): JournalLine => ({
  ...event,
  ...{ v: 1, seq: 900 + at, at: START + 100_000 + at, prev: '', sum: '' },
});

const NOTES = EVENTS.flatMap((event, at) => feedOf(lineOf(event, at), undefined, undefined)?.item ?? []);

const LOOSER = report('red', {
  loosened: [
    {
      ...{ kind: 'rule', path: 'tsconfig.json', line: 3, rule: 'strict', blocks: true },
      reason: '"strict" is turned off.',
    },
    {
      ...{ kind: 'suppression', path: 'src/slugify.py', line: 2, rule: 'noqa', blocks: true },
      reason: 'It keeps the linter silent: noqa. It gives no reason.',
    },
    {
      ...{ kind: 'script', path: 'package.json', line: 7, rule: 'test', blocks: true },
      reason: 'The script "test" no longer runs the linter.',
    },
  ],
  reasons: ['tsconfig.json:3: "strict" is turned off.'],
});

export const stuck: RunView = run({
  ...working,
  id: 'run-stuck',
  status: 'waiting',
  feed: [...working.feed, ...NOTES],
  evidence: { ...working.evidence, integrated: LOOSER },
  needs: [
    {
      signal: 'question/task/truncate/attempt/1/coder/round/0/turn/9/loop',
      at: START + 110_000,
      ask: {
        kind: 'question',
        title: `coder goes round in circles: it ${why}. How shall it go on?`,
        detail:
          'Say what it should do, or let it go on, or stop this attempt; another agent then tries the task anew.',
        options: ['Go on', 'Stop this attempt'],
        who,
      },
    },
  ],
});
