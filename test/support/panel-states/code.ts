/** A sample run that shows code of every kind, what calls changed in it, and what tests say. */
import type { FeedItem, RunView } from '../../../src/protocol/view.ts';
import { START } from './parts.ts';
import { working } from './runs.ts';

const who = { role: 'coder', agent: 'coder-2', task: 'truncate' };

/** By language: together they have every class of word that is coloured. */
const SAMPLES: Readonly<Record<string, string>> = {
  js: `// Cuts at a word.\nexport class Slug {\n  constructor(text) { this.text = /\\s+/u.test(text) ? null : text; }\n  cut(max = 0x20) { return console.log(\`\${this.text.slice(0, max)}…\`); }\n}`,
  json: '{ "name": "quartet", "private": true, "version": 1.5, "bugs": null }',
  css: '@media (width > 20em) { .card::before { color: #fff; margin: 2px; } }',
  python: '"""Doc."""\n@cached\ndef area(r: float) -> float:\n    return 3.14 * r ** 2 if r else None',
  xml: '<!-- A page --><p class="x">&amp;</p>',
  bash: 'set -e; for f in *.js; do echo "$f" > /dev/null; done',
  yaml: '# what is built\nbuild: true\nsteps: [one, 2]',
  sql: "SELECT name, count(*) FROM runs WHERE state = 'done' GROUP BY 1;",
  rust: "#[test]\nfn it<'a>(x: &'a str) -> Option<u8> { Some(0b1) }",
  ini: '[core]\nname = value ; said',
};

const PATCH = `--- a/src/truncate.js\n+++ b/src/truncate.js\n@@ -1,2 +1,2 @@\n export const truncate = (slug, max) =>\n-  slug.slice(0, max);\n+  slug.slice(0, slug.lastIndexOf('-', max));`;

const call = (id: number, tool: string, args: object): FeedItem => ({
  kind: 'tool',
  id,
  at: START + 120_000,
  who,
  tool,
  args: JSON.stringify(args),
  title: tool === 'write_file' ? 'Write src/truncate.js' : 'Edit src/truncate.js',
  state: 'ok',
  result: 'Done.',
});

export const code: RunView = {
  ...working,
  id: 'run-code',
  active: [],
  feed: [
    ...working.feed,
    {
      kind: 'said',
      id: 900,
      at: START + 119_000,
      who,
      text: Object.entries(SAMPLES)
        .map(([language, text]) => `\`\`\`${language}\n${text}\n\`\`\``)
        .join('\n\n'),
    },
    call(901, 'edit_file', {
      path: 'src/truncate.js',
      edits: [{ old_text: 'a\nslug.slice(0, max)\n', new_text: 'a\nslug.slice(0, at)\n' }],
    }),
    call(902, 'apply_patch', { patch: PATCH }),
    call(903, 'write_file', { path: 'src/truncate.js', content: SAMPLES['js'] }),
  ],
};
