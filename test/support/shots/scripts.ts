/** What the models say in each scene: the demo's script for the whole job, and a few lines for what goes another way. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findReply, parseScript, type ScriptReply } from '../../../src/core/models/script.ts';
import type { Fault } from '../model-server/faults.ts';
import { askerOfSeen, type SeenRequest } from '../model-server/seen.ts';
import { startModelServer, type ModelServer } from '../model-server/server.ts';

const demo = parseScript(
  readFileSync(join(import.meta.dirname, '..', '..', 'fixtures', 'demo', 'script.json'), 'utf8'),
);

/** What is typed into the goal box; by these words the server knows whose turn it is. */
export const GOALS = {
  whole: demo.goal ?? '',
  working: 'Vouchers must not make a total negative, and instalments must add up. Fix both, with tests.',
  permission: 'Look up how other shops round their instalments, and round like them.',
  question: 'Show amounts in the currency of the customer.',
  conflict: 'Say in src/money.js who wrote it.',
  failed: 'Port the invoice to the new tax rules.',
  unavailable: 'Say in the README who maintains this.',
  budget: 'Write a changelog from the history.',
  answered: 'In which order do discounts come off, and where is that decided?',
} as const;
type Scene = keyof typeof GOALS;

type Reply = Partial<ScriptReply>;

const call = (tool: string, args: Record<string, unknown>) => ({ tool, args });

/** By turn; the last one is said again. */
const LINES: Readonly<Partial<Record<Scene, readonly Reply[]>>> = {
  permission: [
    {
      content: 'First I see how amounts are split here.',
      calls: [call('read_file', { path: 'src/money.js' })],
    },
    {
      content: 'The shop next door publishes its rules. I read them before I change anything.',
      calls: [call('run_command', { command: 'curl --silent https://shop.example/rounding.txt' })],
    },
  ],
  question: [
    { content: 'Where are amounts shown?', calls: [call('search_text', { query: 'format(' })] },
    {
      content: 'An invoice has one currency, a customer may have another. Only you can say which one counts.',
      calls: [
        call('ask_user', {
          question: 'An invoice in EUR for a customer who pays in USD: which currency does it show?',
          options: ['The invoice’s', 'The customer’s', 'Both'],
        }),
      ],
    },
  ],
  conflict: [
    {
      content: 'One line at the top.',
      calls: [
        call('edit_file', {
          path: 'src/money.js',
          edits: [
            {
              old_text: '/** Amounts are whole cents. */',
              new_text: '/** Amounts are whole cents. By the shop. */',
            },
          ],
        }),
        call('submit_result', { summary: 'src/money.js says who wrote it.' }),
      ],
    },
  ],
  failed: [{ content: 'The new tax rules are not in this project, and I may not look them up.' }],
  budget: [
    { content: 'The history is short. I read it as a whole.', calls: [call('list_files', {})] },
    { content: 'Now the texts.', calls: [call('read_file', { path: 'README.md' })] },
  ],
  answered: [
    {
      content: 'That is decided where discounts are taken off.',
      calls: [call('read_file', { path: 'src/discounts.js' })],
    },
    {
      content: '',
      calls: [
        call('submit_findings', {
          summary:
            'Percentages come off first, then vouchers, **whatever the order of the codes**.\n\n`applyDiscounts` goes through the codes twice:\n\n```js\nfor (const { percent } of discounts) {\n  if (percent) left -= percentOf(left, percent);\n}\nfor (const { voucher } of discounts) {\n  if (voucher) left -= voucher;\n}\n```\n\nNothing stops the second loop at zero, so a large voucher makes the result negative.',
          sources: ['src/discounts.js:12', 'test/discounts.test.js:9'],
        }),
      ],
    },
  ],
};

function sceneOf({ body }: SeenRequest): Scene | undefined {
  const text = JSON.stringify(body);
  return (Object.keys(GOALS) as Scene[]).find((scene) =>
    text.includes(JSON.stringify(GOALS[scene]).slice(1, -1)),
  );
}

function answer(request: SeenRequest): Reply {
  const lines = LINES[sceneOf(request) ?? 'whole'];
  if (lines !== undefined) return lines[Math.min(request.turn, lines.length) - 1] ?? {};
  return findReply(demo, askerOfSeen(request));
}

/** The scene `working` stays as it is while it is pictured: both coders are in the middle of a sentence. */
function fault(request: SeenRequest): Fault | undefined {
  const scene = sceneOf(request);
  if (scene === 'unavailable') return { kind: 'status', status: 401 };
  if (scene !== 'working' || request.role === 'planner') return undefined;
  const stalls = request.task === 'vouchers' ? request.turn === 3 : request.turn === 3;
  return stalls ? { kind: 'stall' } : undefined;
}

/** A server that plays all of them. */
export const startScenes = (): Promise<ModelServer> =>
  startModelServer({ answers: answer, faults: fault, models: ['house-large'] });
