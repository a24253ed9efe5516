/** What a project says of how work is to be done: which files, for what, how much, and never through a link that leads out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readInstructions } from '../../../../src/core/team/instructions.ts';
import { createInMemoryPorts } from '../../../support/in-memory/ports.ts';

const readFrom = (files: Readonly<Record<string, string>>) => {
  const ports = createInMemoryPorts({ files });
  return readInstructions(ports, ports.workspace.root);
};

test('the files that people have already, those that count most first, and one text once', async () => {
  const found = await readFrom({
    'CLAUDE.md': 'Be brief.',
    'AGENTS.md': ' Use tabs.\n',
    '.cursorrules': 'Be brief.',
    '.github/copilot-instructions.md': 'Say please.',
    'GEMINI.md': '  \n',
    'README.md': 'Not for agents.',
  });
  assert.deepEqual(
    found.map(({ path, text, globs }) => [path, text, globs.length]),
    [
      ['AGENTS.md', 'Use tabs.', 0],
      ['CLAUDE.md', 'Be brief.', 0],
      ['.github/copilot-instructions.md', 'Say please.', 0],
    ],
  );
});

test('a nested file is for its folder, a rule for the files that it names or for all', async () => {
  const found = await readFrom({
    'web/AGENTS.md': 'Web things.',
    '.cursor/rules/always.mdc': '---\nalwaysApply: true\n---\nAlways.',
    '.cursor/rules/css.mdc': '---\nglobs: **/*.css, **/*.scss\n---\nCss.',
    '.cursor/rules/asked.mdc': '---\ndescription: only when asked for\n---\nNever told.',
    '.github/instructions/py.instructions.md': "---\napplyTo: '**/*.py'\n---\nPython.",
  });
  assert.deepEqual(
    found.map(({ text, globs }) => [text, ...globs]),
    [['Always.'], ['Css.', '**/*.css', '**/*.scss'], ['Python.', '**/*.py'], ['Web things.', 'web/**']],
  );
});

test('each is bounded, and all of them together', async () => {
  const found = await readFrom({
    'AGENTS.md': 'a'.repeat(50_000),
    'CLAUDE.md': 'c'.repeat(50_000),
    'GEMINI.md': 'g'.repeat(50_000),
    '.cursorrules': 'r',
  });
  assert.deepEqual(
    found.map(({ text, cut }) => [text.length, cut]),
    [
      [12_000, true],
      [12_000, true],
      [8_000, true],
    ],
  );
});

test('what is cut ends with a line, where one ends nearby', async () => {
  const [found] = await readFrom({ 'AGENTS.md': `${'x'.repeat(11_800)}\nkey ${'y'.repeat(1000)}` });
  assert.deepEqual([found?.text.length, found?.cut], [11_800, true]);
});
