/** Sample runs in which people take part: a task taken by hand, a talk that went before. */
import type { RunView } from '../../../src/protocol/view.ts';
import { answered } from './ended.ts';
import { START } from './parts.ts';
import { working } from './runs.ts';

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
        title: 'You work on "Cut long slugs at a word". Give it back when it is done.',
        folder: '/home/you/.local/share/quartet/copies/run-hand/truncate-2',
        options: ['Give back', 'Leave it to the team'],
        who: { role: 'person', task: 'truncate' },
      },
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
