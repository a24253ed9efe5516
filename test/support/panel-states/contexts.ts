/** Sample worlds around the panel. */
import type { PanelContext } from '../../../src/protocol/panel.ts';
import type { RunEntry } from '../../../src/protocol/view.ts';
import { START } from './parts.ts';

const RUNS: readonly RunEntry[] = [
  {
    id: 'run-7f3a',
    goal: 'Make slugify handle accents and repeated dashes',
    mode: 'team',
    demo: false,
    status: 'working',
    startedAt: START,
    updatedAt: START,
    origin: 'editor',
  },
  {
    id: 'run-2',
    goal: 'Fix the date parser for leap seconds and say why it broke on the first of the month',
    mode: 'team',
    demo: false,
    status: 'finished',
    startedAt: START - 4_000_000,
    updatedAt: START - 3_600_000,
    origin: 'terminal',
  },
  {
    id: 'run-3',
    goal: 'Show me what the team does',
    mode: 'team',
    demo: true,
    status: 'reviewing',
    startedAt: START - 90_000_000,
    updatedAt: START - 90_000_000,
    origin: 'editor',
  },
  {
    id: 'run-4',
    goal: 'Port the CLI to ESM',
    mode: 'quick',
    demo: false,
    status: 'paused',
    startedAt: START - 400_000_000,
    updatedAt: START - 400_000_000,
    origin: 'editor',
  },
  {
    id: 'run-5',
    goal: 'Why is start-up slow?',
    mode: 'ask',
    demo: false,
    status: 'failed',
    startedAt: START - 900_000_000,
    updatedAt: START - 900_000_000,
    origin: 'editor',
  },
];

export const ready: PanelContext = {
  workspace: 'quartet-sample',
  trusted: true,
  model: 'gpt-4.1 · api.openai.com',
  demoOnly: false,
  runs: RUNS,
};

export const noModel: PanelContext = { workspace: 'quartet-sample', trusted: true, demoOnly: true, runs: [] };

export const untrusted: PanelContext = {
  ...noModel,
  trusted: false,
  obstacle: {
    text: 'This folder is not trusted. Until you trust it, nothing runs in it and nothing of it is sent to a model.',
    action: { label: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  },
};
