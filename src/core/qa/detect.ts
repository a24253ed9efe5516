/** Finds how the tests of a workspace are run, by its own files. A setting overrides what is found. */
import { detectJavaScript } from './detect/javascript.ts';
import { detectPython } from './detect/python.ts';
import { instrument, setupOf } from './detect/flags.ts';
import { OTHER_KINDS, detectOthers } from './detect/others.ts';
import { detectTasks } from './detect/tasks.ts';
import { noSetup } from './test-setup.ts';
import type { DetectOptions, FilesView, TestSetup } from './test-setup.ts';

/**
 * JavaScript first, then Python, then other languages, then tasks that the project names for people. The first decides; what else
 * is there is told, as a project may speak several languages. Errors: what the view throws.
 */
export async function detectTests(view: FilesView, options: DetectOptions = {}): Promise<TestSetup> {
  const script = await detectJavaScript(view);
  const python = await detectPython(view, options);
  const [first, ...others] = [script, python, ...(await detectOthers(view))].filter((its) => its.found);
  if (first !== undefined) return { ...first, why: [first.why, ...alsoThere(others)].join(' ') };
  const task = await detectTasks(view);
  if (task !== undefined) return task;
  return noSetup(
    `${script.why} ${python.why} Nor is this a project of ${OTHER_KINDS} with tests, nor does it name a test task. Set "quartet.testCommand" to the command that runs your tests (at the terminal: --test-command).`,
  );
}

function alsoThere(others: readonly TestSetup[]): readonly string[] {
  if (others.length === 0) return [];
  const commands = others.map((its) => `"${its.label}"`).join(', ');
  return [
    `There are other tests too, which are not run (${commands}): set "quartet.testCommand" to run them all.`,
  ];
}

/** The person's own command. The runner is told from its text alone, and asked for a report where that can be done without guessing. */
export function setupFromSetting(command: string): TestSetup {
  const text = command.trim();
  if (text === '') return noSetup('The setting "quartet.testCommand" is empty.');
  return setupOf(instrument(text), { label: text, why: saying(text) });
}

/** The same, and a command that only names a package script (`npm test`) is followed to what the script runs. */
export async function setupFromCommand(command: string, view: FilesView, why?: string): Promise<TestSetup> {
  const text = command.trim();
  const own = why === undefined ? setupFromSetting(text) : { ...setupFromSetting(text), why };
  const [, name] = /^(?:npm|pnpm|yarn|bun)(?: run)? ([\w:.-]+)$/.exec(text) ?? [];
  if (name === undefined || text === 'bun test') return own;
  const setup = await detectJavaScript(view, name === 't' ? 'test' : name);
  return setup.found ? { ...setup, label: text, why: own.why } : own;
}

function saying(text: string): string {
  return `The setting "quartet.testCommand" says: ${text}`;
}
