/** A sample run one of whose models is not well: somebody was matched to another. */
import type { RunView } from '../../../src/protocol/view.ts';
import { START } from './parts.ts';
import { working } from './runs.ts';

const WHY = 'Cloud is doubtful: its last call failed: Cloud cannot be reached: nothing listens there';

export const matched: RunView = {
  ...working,
  id: 'run-matched',
  agents: [
    {
      id: 'task/truncate/attempt/1/coder',
      role: 'coder',
      task: 'truncate',
      state: 'thinking',
      endpoint: 'local',
      turns: 2,
      matched: WHY,
    },
  ],
  active: [
    {
      key: 'task/truncate/attempt/1/coder/round/0/turn/3/model',
      kind: 'model',
      title: 'coder is thinking',
      who: { role: 'coder', agent: 'task/truncate/attempt/1/coder', task: 'truncate' },
      since: START + 100_000,
    },
  ],
  team: {
    messages: [],
    facts: [],
    guards: [],
    consensus: [],
    waits: [],
    size: { agents: 2, of: 3, why: 'budget for 1 more task' },
  },
  registry: {
    endpoints: [
      {
        id: 'cloud',
        name: 'Cloud',
        model: 'big-1',
        health: 'doubtful',
        why: 'its last call failed: Cloud cannot be reached: nothing listens there',
        load: 0,
        answered: 4,
        failed: 3,
      },
      {
        id: 'local',
        name: 'Local',
        model: 'small-1',
        health: 'fine',
        load: 1,
        answered: 2,
        failed: 0,
        requestsPerMinute: 30,
      },
    ],
    roles: [
      { name: 'planner', version: '1', digest: '11aa22bb', agents: 1 },
      { name: 'painter', version: '1.2', digest: '33cc44dd', agents: 1, file: '.quartet/agents/painter.md' },
    ],
    tools: [
      { name: 'read_file', version: '1+f1ab2a5c', roles: ['planner', 'painter'] },
      { name: 'edit_file', roles: ['painter'] },
    ],
  },
};
