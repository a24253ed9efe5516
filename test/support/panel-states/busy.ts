/** A sample run in which many are at it: some work, one waits for another, one for the person, and one's conversation is nearly too long. */
import type { AgentView, LedgerRow, RunView } from '../../../src/protocol/view.ts';
import { START } from './parts.ts';
import { working } from './runs.ts';

const CODER = 'task/truncate/attempt/1/coder';
const AUTHOR = 'task/accents/attempt/2/coder';
const REVIEWER = 'task/accents/attempt/2/reviewer';
const WRITER = 'task/docs/attempt/1/documenter';

const agent = (id: string, state: string, context: number, more: Partial<AgentView> = {}): AgentView => {
  const [, task = '', , , role = ''] = id.split('/');
  return {
    ...{ id, role, task, state, endpoint: 'large', turns: 4 },
    context: { tokens: context, window: 128_000 },
    ...more,
  };
};

const spent = (id: string, inputTokens: number, costUsd: number | null): LedgerRow => {
  const [, task = '', , , role = ''] = id.split('/');
  return {
    ...{ role, agent: id, task, endpoint: 'large' },
    ...{ inputTokens, outputTokens: 800, calls: 6, costUsd, cutOff: false },
  };
};

export const busy: RunView = {
  ...working,
  id: 'run-busy',
  agents: [
    { id: 'planner', role: 'planner', state: 'done', endpoint: 'large', turns: 3 },
    agent(AUTHOR, 'waiting', 31_200),
    agent(CODER, 'acting', 64_000),
    agent(REVIEWER, 'thinking', 12_400),
    agent(WRITER, 'blocked', 110_000),
  ],
  ledger: [
    spent('planner', 9000, 0.05),
    spent(AUTHOR, 21_400, 0.12),
    spent(CODER, 47_000, 0.31),
    spent(REVIEWER, 12_100, null),
    spent(WRITER, 143_000, 0.84),
  ],
  active: [
    {
      key: `${CODER}/round/0/turn/4/tool/0`,
      kind: 'tool',
      title: 'Run npm test -- truncate',
      who: { role: 'coder', agent: CODER, task: 'truncate' },
      since: START + 100_000,
    },
    {
      key: `${REVIEWER}/round/0/turn/1/model`,
      kind: 'model',
      title: 'reviewer is thinking',
      who: { role: 'reviewer', agent: REVIEWER, task: 'accents' },
      since: START + 119_000,
    },
    {
      key: 'task/truncate/attempt/1/gate/1',
      kind: 'tests',
      title: 'Run the tests',
      who: { role: 'qa', task: 'truncate' },
      since: START + 60_000,
    },
  ],
  needs: [
    {
      signal: `question/${WRITER}/round/0/turn/2/tool/1`,
      at: START + 86_000,
      ask: {
        kind: 'question',
        title: 'Should the README show both functions in one example?',
        options: ['Yes', 'No'],
        who: { role: 'documenter', agent: WRITER, task: 'docs' },
      },
    },
  ],
  team: {
    ...{ messages: [], facts: [], guards: [], consensus: [] },
    waits: [
      { who: AUTHOR, on: REVIEWER, why: 'it asked and waits for the answer' },
      { who: WRITER, on: 'person', why: 'Should the README show both functions in one example?' },
    ],
  },
};
