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
  facts: 'Say in the README how amounts are rounded.',
  opinions: 'How should instalments be rounded? Ask more than one.',
  answered: 'In which order do discounts come off, and where is that decided?',
} as const;
/** The model that says something else than the first. */
export const SECOND = 'house-small';
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
  facts: [
    {
      content: 'The others round, too: what I found out is theirs.',
      calls: [call('facts', { key: 'money/rounding', text: 'Amounts are whole cents, halves go up.' })],
    },
    {
      content: 'Not quite: what is owed goes up, what is paid back goes down.',
      calls: [
        call('facts', {
          key: 'money/rounding',
          text: 'Amounts are whole cents. Halves go up where they are owed, and down where they are paid back.',
          version: 1,
        }),
        call('facts', { key: 'money/tests', text: 'test/money.test.js holds every rule of rounding.' }),
      ],
    },
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

/** Two models that do not agree, and whoever judges between them. */
function opinion({ role, model, body }: SeenRequest): Reply {
  if (role === 'planner') {
    const summary = 'Whoever rounds differently is asked before anything is changed.';
    const task = {
      ...{ id: 'rounding', title: 'How are instalments rounded?', role: 'researcher', candidates: 2 },
      ...{ description: 'Look at src/money.js and say how.', depends_on: [], acceptance: ['It says how.'] },
    };
    return { content: '', calls: [call('submit_plan', { summary, tasks: [task] })] };
  }
  if (JSON.stringify(body).includes('Several before you worked on')) {
    const text = 'The first instalment takes what is left over: it is paid while the customer still looks.';
    return { content: '', calls: [call('submit_answer', { answer: text, choice: 'they differ' })] };
  }
  const summary =
    model === SECOND
      ? 'Round every instalment alone, and let the **last** one take what is left over.'
      : 'Let the **first** instalment take what is left over, as `splitEvenly` does for shares.';
  return { content: '', calls: [call('submit_findings', { summary, sources: ['src/money.js:12'] })] };
}

function answer(request: SeenRequest): Reply {
  // The doctor's test.
  if (request.role === 'nobody')
    return JSON.stringify(request.body).includes('report_ready')
      ? { content: '', calls: [call('report_ready', { word: 'ready' })] }
      : { content: 'ready' };
  if (sceneOf(request) === 'opinions') return opinion(request);
  const lines = LINES[sceneOf(request) ?? 'whole'];
  if (lines !== undefined) return lines[Math.min(request.turn, lines.length) - 1] ?? {};
  return findReply(demo, askerOfSeen(request));
}

/** The scenes `working` and `facts` stay as they are while they are pictured: whoever works is in the middle of a sentence. */
function fault(request: SeenRequest): Fault | undefined {
  const scene = sceneOf(request);
  if (scene === 'unavailable') return { kind: 'status', status: 401 };
  if (scene === 'facts' && request.turn === 3) return { kind: 'stall' };
  if (scene !== 'working' || request.role === 'planner') return undefined;
  const stalls = request.task === 'vouchers' ? request.turn === 3 : request.turn === 3;
  return stalls ? { kind: 'stall' } : undefined;
}

/** A server that plays all of them. */
export const startScenes = (): Promise<ModelServer> =>
  startModelServer({ answers: answer, faults: fault, models: ['house-large', SECOND] });
