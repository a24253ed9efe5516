/** Finds how the tests of a workspace are run, by its own files. A setting overrides what is found. */
import { detectJavaScript } from './detect/javascript.ts';
import { detectPython } from './detect/python.ts';
import { instrument } from './detect/flags.ts';
import { TEST_ENV, noSetup } from './test-setup.ts';
import type { DetectOptions, FilesView, TestSetup } from './test-setup.ts';

/** JavaScript first, then Python; the first that names a way to run tests. Errors: what the view throws. */
export async function detectTests(view: FilesView, options: DetectOptions = {}): Promise<TestSetup> {
  const script = await detectJavaScript(view);
  if (script.found) return script;
  const python = await detectPython(view, options);
  if (python.found) return python;
  return noSetup(
    `${script.why} ${python.why} Set "quartet.testCommand" to the command that runs your tests (at the terminal: --test-command).`,
  );
}

/** The person's own command. The runner is told from its text alone, and asked for a report where that can be done without guessing. */
export function setupFromSetting(command: string): TestSetup {
  const text = command.trim();
  if (text === '') return noSetup('The setting "quartet.testCommand" is empty.');
  return { ...instrument(text), found: true, label: text, why: saying(text), env: TEST_ENV };
}

/** The same, and a command that only names a package script (`npm test`) is followed to what the script runs. */
export async function setupFromCommand(command: string, view: FilesView): Promise<TestSetup> {
  const text = command.trim();
  const [, name] = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:.-]+)$/.exec(text) ?? [];
  if (name === undefined || text === 'bun test') return setupFromSetting(text);
  const setup = await detectJavaScript(view, name === 't' ? 'test' : name);
  return setup.found ? { ...setup, label: text, why: saying(text) } : setupFromSetting(text);
}

function saying(text: string): string {
  return `The setting "quartet.testCommand" says: ${text}`;
}
