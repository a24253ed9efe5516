/** A conversation that has everything in it: words, deeds, a red gate, a review, messages. */
import type { GateReport } from '../../../src/protocol/events.ts';
import type { FeedItem } from '../../../src/protocol/view.ts';
import { feed, report } from './parts.ts';

const planner = { role: 'planner', agent: 'planner-1' };
const coderA = { role: 'coder', agent: 'coder-1', task: 'accents', attempt: 1 };
const coderB = { role: 'coder', agent: 'coder-2', task: 'truncate', attempt: 1 };
const qa = { role: 'qa', agent: 'qa-1', task: 'accents', attempt: 1 };

export const BASELINE: GateReport = report('red', {
  totals: { passed: 11, failed: 1, skipped: 0 },
  stillFailing: [
    {
      id: 'slugify › folds accents',
      file: 'test/slugify.test.js',
      line: 14,
      message: "Expected values to be strictly equal:\n'cr-me-br-l-e' !== 'creme-brulee'",
      expected: 'creme-brulee',
      actual: 'cr-me-br-l-e',
    },
  ],
});

export const RED: GateReport = report('red', {
  reasons: ['Only what belongs to the change ran so far; the whole suite follows once that passes.'],
  totals: { passed: 11, failed: 2, skipped: 0 },
  newlyFailing: [
    {
      id: 'slugify › keeps digits together',
      file: 'test/slugify.test.js',
      line: 27,
      message: 'Expected values to be strictly equal',
      expected: 'release-2-0-1',
      actual: 'release-2--0--1',
    },
  ],
  newlyPassing: ['slugify › folds accents'],
});

export const GREEN: GateReport = report('green', {
  totals: { passed: 16, failed: 0, skipped: 0 },
  newlyPassing: [
    'slugify › folds accents',
    'truncate › cuts at a word',
    'truncate › leaves short slugs alone',
  ],
  added: ['truncate › cuts at a word', 'truncate › leaves short slugs alone'],
});

const PATCH = `--- a/src/slugify.js
+++ b/src/slugify.js
@@ -1,5 +1,8 @@
 export function slugify(text) {
-  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
+  return text
+    .normalize('NFKD')
+    .replace(/\\p{M}/gu, '')
+    .toLowerCase()
 }`;

export const PLANNING: readonly FeedItem[] = feed(
  { kind: 'note', level: 'info', text: 'Looked at the workspace: 14 files.' },
  { kind: 'gate', scope: 'baseline', report: BASELINE },
  {
    kind: 'said',
    who: planner,
    text: 'I look at how slugs are made now and what the tests cover.',
    reasoning: 'The goal names two behaviours. They touch different files, so they can go in parallel.',
  },
  {
    kind: 'tool',
    who: planner,
    tool: 'list_files',
    title: 'List **/*.js',
    args: '{"glob":"**/*.js"}',
    state: 'ok',
    result: 'src/slugify.js\nsrc/index.js\ntest/slugify.test.js',
    durationMs: 12,
  },
  {
    kind: 'tool',
    who: planner,
    tool: 'read_file',
    title: 'Read src/slugify.js',
    args: '{"path":"src/slugify.js"}',
    state: 'ok',
    result: "export function slugify(text) {\n  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');\n}",
    durationMs: 8,
  },
);

export const WORKING: readonly FeedItem[] = [
  ...PLANNING,
  ...feed(
    {
      kind: 'said',
      who: coderA,
      text: 'Accents are lost because the pattern runs before anything is normalised. I fold them first:\n\n```js\ntext.normalize("NFKD").replace(/\\p{M}/gu, "")\n```\n\nThen one dash for every run of other signs, see `src/slugify.js:3`.',
    },
    {
      kind: 'tool',
      who: coderA,
      tool: 'edit_file',
      title: 'Edit src/slugify.js',
      args: PATCH,
      state: 'ok',
      result: 'Edited src/slugify.js: 1 of 1 edits.',
      durationMs: 21,
    },
    {
      kind: 'tool',
      who: coderB,
      tool: 'write_file',
      title: 'Write src/truncate.js',
      args: '{"path":"src/truncate.js"}',
      state: 'ok',
      result: 'Wrote 9 lines.',
      durationMs: 15,
    },
    {
      kind: 'tool',
      who: coderB,
      tool: 'run_command',
      title: 'Run npm install left-pad',
      args: '{"command":"npm install left-pad"}',
      state: 'denied',
      result: 'The person did not allow this: use padEnd.',
      durationMs: 9400,
    },
    { kind: 'gate', scope: 'task', task: 'accents', report: RED },
    {
      kind: 'message',
      from: 'qa',
      to: 'coder',
      task: 'accents',
      text: 'The dots of a version number each become two dashes: the pattern replaces **before** runs are collapsed.',
    },
    {
      kind: 'tool',
      who: coderA,
      tool: 'edit_file',
      title: 'Edit src/slugify.js',
      args: '{"path":"src/slugify.js"}',
      state: 'error',
      result: 'The text to replace was found twice (lines 4 and 9). Give more of it.',
      durationMs: 18,
    },
    {
      kind: 'review',
      task: 'truncate',
      verdict: 'request_changes',
      comments: [
        {
          path: 'src/truncate.js',
          line: 6,
          severity: 'blocking',
          body: '`lastIndexOf` returns -1 for a single long word, and the slug comes out empty.',
        },
        {
          path: 'test/truncate.test.js',
          line: 0,
          severity: 'suggestion',
          body: 'A case for a word longer than `max` would have shown this.',
        },
        { path: 'src/truncate.js', line: 2, severity: 'praise', body: 'Clear name, no option too many.' },
      ],
    },
    {
      kind: 'note',
      level: 'warning',
      text: 'Limit reached: 3 rounds to make the tests pass.',
      task: 'accents',
    },
    {
      kind: 'tool',
      who: qa,
      tool: 'run_tests',
      title: 'Run the tests',
      args: '{}',
      state: 'running',
    },
  ).map((item) => ({ ...item, id: item.id + 100, at: item.at + 60_000 })),
];

/** When the test run at the end of `WORKING` began. */
export const RUNNING_SINCE = WORKING.at(-1)?.at ?? 0;

/** `count` entries of a long run: agents in turn, words and deeds mixed. */
export const longTalk = (count: number): readonly FeedItem[] =>
  feed(
    ...Array.from({ length: count }, (_, index) => {
      const who = index % 14 < 7 ? coderA : coderB;
      if (index % 7 === 0) {
        const text = `Step ${index}: the pattern in \`src/slugify.js:${(index % 40) + 1}\` is *almost* right, so I change one line and run the tests again.`;
        return { kind: 'said' as const, who, text };
      }
      return {
        kind: 'tool' as const,
        who,
        tool: index % 3 === 0 ? 'edit_file' : 'read_file',
        title: index % 3 === 0 ? `Edit src/part-${index}.js` : `Read src/part-${index}.js`,
        args: `{"path":"src/part-${index}.js"}`,
        state: 'ok' as const,
        result: 'done',
        durationMs: (index % 9) * 12,
      };
    }),
  );
