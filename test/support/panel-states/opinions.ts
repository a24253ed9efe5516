/** A sample run in which several were asked the same: a question they differ on, a review they agree in. */
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { START } from './parts.ts';
import { working } from './runs.ts';

const question: FeedItem = {
  kind: 'consensus',
  id: 9001,
  at: START + 101_000,
  about: 'question',
  task: 'truncate',
  role: 'researcher',
  asker: 'coder',
  question: 'Keep the old limit?\n- Keep it\n- Drop it',
  because: 'the change that it is about is risky: it deletes src/truncate.js',
  how: 'weighted',
  split: true,
  decided: 'Keep it',
  votes: [
    { endpoint: 'local', weight: 2, choice: 'Keep it', text: 'Tests need it.' },
    { endpoint: 'cloud', weight: 1, choice: 'Drop it', text: 'Nobody reads it.' },
    { endpoint: 'other', weight: 1, text: 'It used all 8 turns without handing over.', silent: true },
  ],
  text: 'coder asks 3 of the role researcher',
};

const review: FeedItem = {
  kind: 'consensus',
  id: 9002,
  at: START + 102_000,
  about: 'review',
  task: 'truncate',
  role: 'reviewer',
  because: 'no test proves it',
  how: 'judged',
  split: false,
  said: 'All of them looked at the empty word.',
  votes: [
    { endpoint: 'local', weight: 1, choice: 'request_changes', text: 'src/truncate.js:6 Empty.' },
    { endpoint: 'cloud', weight: 1, choice: 'request_changes', text: 'src/truncate.js:6 Empty.' },
  ],
  text: 'truncate: 2 reviewers were asked',
};

export const opinions: RunView = {
  ...working,
  id: 'run-opinions',
  lastSeq: 9002,
  feed: [...working.feed, question, { ...review, decided: 'request_changes' }],
};
