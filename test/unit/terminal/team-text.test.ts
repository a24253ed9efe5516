import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentLines, teamText } from '../../../src/terminal/team-text.ts';
import { busy } from '../../support/panel-states/busy.ts';

test('each agent at work has a line: what it does, what it took, how full its window is', () => {
  assert.deepEqual(agentLines(busy), [
    '  task/accents/attempt/2/coder: waiting, 22200 tokens, $0.1200, context 31200 of 128000 tokens',
    '  task/truncate/attempt/1/coder: Run npm test -- truncate, 47800 tokens, $0.3100, context 64000 of 128000 tokens',
    '  task/accents/attempt/2/reviewer: reviewer is thinking, 12900 tokens, cost unknown, context 12400 of 128000 tokens',
    '  task/docs/attempt/1/documenter: waits for you, 143800 tokens, $0.8400, context 110000 of 128000 tokens',
  ]);
  assert.deepEqual(
    teamText(busy).filter((line) => line.includes('waits for task/')),
    [
      '  task/accents/attempt/2/coder waits for task/accents/attempt/2/reviewer: it asked and waits for the answer',
    ],
  );
});

test('of a run that is over only the windows are told', () => {
  const over = { ...busy, finished: { outcome: 'done', message: '', partial: false } as const };
  assert.deepEqual(agentLines(over).at(0), '  task/accents/attempt/2/coder: context 31200 of 128000 tokens');
});
