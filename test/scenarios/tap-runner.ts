/**
 * A test runner in memory: each line of a `*.spec` file is a test, `<name>: <path> has <text>` or `<name>: <path> lacks <text>`,
 * and the result is TAP.
 */
import type { InMemoryDisk } from '../support/in-memory/disk.ts';
import type { Play } from '../support/in-memory/shell.ts';

const LINE = /^(?<name>[^:]+): (?<path>\S+) (?<verb>has|lacks) (?<text>.+)$/;

export function playTests(disk: InMemoryDisk): Play {
  return (command) => {
    if (!command.command.includes('play-tests'))
      return { exitCode: 127, stderr: `${command.command}: not found` };
    const specs = [...disk.existing(command.cwd, 'shell.failed').keys()]
      .filter((path) => path.endsWith('.spec'))
      .sort();
    const results = specs.flatMap((spec) => {
      const lines = (disk.text(command.cwd, spec) ?? '').split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => runOne(disk, command.cwd, line));
    });
    const tap = results.map(
      (result, index) => `${result.ok ? 'ok' : 'not ok'} ${index + 1} - ${result.name}`,
    );
    const failed = results.some((result) => !result.ok);
    return {
      exitCode: failed ? 1 : 0,
      stdout: ['TAP version 13', ...tap, `1..${results.length}`, ''].join('\n'),
    };
  };
}

function runOne(disk: InMemoryDisk, root: string, line: string): { name: string; ok: boolean } {
  const { name = line, path = '', verb, text = '' } = LINE.exec(line)?.groups ?? {};
  const found = disk.text(root, path)?.includes(text) ?? false;
  return { name, ok: verb === 'lacks' ? !found : found };
}
