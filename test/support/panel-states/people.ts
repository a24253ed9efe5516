/** Sample runs in which people take part: a task taken by hand, a talk that went before. */
import type { RunView } from '../../../src/protocol/view.ts';
import { answered, finished } from './ended.ts';
import { START } from './parts.ts';
import { asked, working } from './runs.ts';

export const byHand: RunView = {
  ...working,
  id: 'run-hand',
  status: 'waiting',
  tasks: working.tasks.map((task) => (task.spec.id === 'truncate' ? { ...task, note: 'by hand' } : task)),
  needs: [
    {
      signal: 'hand/truncate/2/1',
      at: START + 90_000,
      ask: {
        kind: 'hand',
        title: 'You work on: Cut long slugs at a word boundary',
        folder: '/home/you/.local/share/quartet/copies/run-hand/truncate-2',
        options: ['Give back', 'Leave it to the team'],
        who: { role: 'person', task: 'truncate' },
      },
    },
  ],
};

/** A task that was left to the team: what the person did is kept. */
export const leftToTeam: RunView = {
  ...working,
  id: 'run-left',
  kept: [
    {
      id: 77,
      task: 'truncate',
      attempt: 2,
      from: 'f'.repeat(40),
      tree: 'e'.repeat(40),
      why: 'The person left the task to the team.',
    },
  ],
};

export const carriedOn: RunView = {
  ...answered,
  id: 'run-on',
  follows: 'run-ask',
  goal: 'And what would it take to fold them?',
  carried: {
    before: [
      {
        run: 'run-first',
        mode: 'team',
        asked: 'Make slugs of titles\nwith tests',
        said: 'Slugs are made by `slugify` in [src/slugify.js:1](src/slugify.js).',
        files: ['src/slugify.js', 'test/slugify.test.js'],
        became: 'applied',
      },
      {
        run: 'run-ask',
        mode: 'ask',
        asked: 'Where are slugs made, and what happens to accents?',
        said: 'In `src/slugify.js:2`. Accents become dashes.',
      },
    ],
  },
};

/** What the team shares: facts, one changed and one of somebody who has read the web; letters that nobody read. */
export const sharing: RunView = {
  ...asked,
  id: 'run-sharing',
  draining: true,
  team: {
    messages: [
      {
        id: 61,
        key: 'task/accents/attempt/1/coder/round/0/turn/2/tool/1',
        at: START + 40_000,
        from: 'coder',
        to: 'documenter',
        task: 'accents',
        text: 'Mention in the README that ß becomes ss.',
        state: 'dead',
        readBy: [],
        why: 'The documenter of "docs" ended without reading it.',
      },
      {
        id: 64,
        key: 'task/truncate/attempt/1/coder/round/0/turn/3/tool/0',
        at: START + 52_000,
        from: 'coder',
        to: 'reviewer',
        task: 'truncate',
        text: 'The tests of truncate are slow on purpose.',
        state: 'waiting',
        readBy: [],
      },
    ],
    facts: [
      {
        id: 40,
        at: START + 20_000,
        key: 'test command',
        text: '`npm test` runs both files; one alone: `node --test test/slugify.test.js`.',
        version: 1,
        by: 'qa',
      },
      {
        id: 58,
        at: START + 39_000,
        key: 'normal form',
        text: 'NFKD folds ligatures, too:\n"ﬁn" becomes "fin".',
        version: 2,
        by: 'researcher',
        task: 'accents',
        tainted: 'Open https://unicode.org/reports/tr15/',
        former: { text: 'NFD is enough.', by: 'coder' },
      },
    ],
    guards: [],
    consensus: [],
    waits: [],
  },
};

export const sharingOver: RunView = {
  ...finished,
  id: 'run-shared',
  ...(sharing.team && { team: sharing.team }),
};
