/**
 * Real projects with real runners at the terminal: a coder that fails, then removes the test, then makes it weaker or skips it, then
 * mends the code. Only the mended code turns green, and only it is written.
 */
import assert from 'node:assert/strict';
import * as fs from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { EventData, JournalLine } from '../../src/protocol/events.ts';
import {
  coderOf,
  goalOf,
  isThere,
  lay,
  mendedFiles,
  PROVED_PROJECTS,
  PROVED_VERDICTS,
} from '../support/proved.ts';
import { pathWithPytest } from '../support/pytest.ts';
import { openTerminalDoor, type TerminalDoor } from './terminal-door.ts';

const PATH = pathWithPytest() ?? process.env['PATH'] ?? '';

let door: TerminalDoor;
before(async () => {
  // The door has a home of its own; where Rust is, its programs look for in the person's.
  const rust = process.env['RUSTUP_HOME'] ?? join(userInfo().homedir, '.rustup');
  door = await openTerminalDoor(async () => ({ RUSTUP_HOME: rust, PATH }));
});
after(() => door.close());

for (const [index, project] of PROVED_PROJECTS.entries()) {
  const absent = !isThere(project, PATH) && `${project.needs.join(' ')} does not work here`;
  test(`${project.runner}: only the mended code turns green`, { skip: absent }, async () => {
    const folder = join(door.room, `project-${index}`);
    const coder = join(door.room, `project-${index}.json`);
    await lay(project, folder);
    await fs.writeFile(coder, JSON.stringify(coderOf(project)));
    const { testCommand, readable } = project;
    const run = door.start(
      ...['run', goalOf(project), '--workspace', folder, '--script', coder],
      ...['--quick', '--approve', 'none', '--apply', '--json'],
      ...(testCommand === undefined ? [] : ['--test-command', testCommand]),
      ...(readable === undefined ? [] : ['--readable', readable]),
    );
    const code = await run.ended;
    const lines = run.said.out
      .split('\n')
      .filter((text) => text !== '')
      .map((text) => JSON.parse(text) as JournalLine);
    const gates = gatesOf(lines);
    const told = `${run.said.err}\n${JSON.stringify(gates, undefined, 1)}`;
    assert.deepEqual(
      gates.filter(({ scope }) => scope === 'task').map(({ report }) => report.verdict),
      PROVED_VERDICTS,
      told,
    );
    assert.equal(gates.findLast(({ scope }) => scope === 'integrated')?.report.verdict, 'green', told);
    assert.equal(code, 0, told);
    for (const [path, text] of Object.entries(mendedFiles(project)))
      assert.equal(await fs.readFile(join(folder, path), 'utf8'), text, path);
  });
}

const gatesOf = (lines: readonly JournalLine[]): readonly EventData<'gate.finished'>[] =>
  lines.flatMap((line) => (line.type === 'gate.finished' ? [line.data] : []));
