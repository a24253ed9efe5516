/** Packages for working copies of a workspace that has none installed. */
import type { TestSetup } from '../core/qa/test-setup.ts';
import type { Desk } from './run-commands.ts';

/** Longest time of one set-up command, in milliseconds. */
const COMMAND_MS_MAX = 30 * 60_000;
const OUTPUT_CHARS = 100_000;
/** The end of what a failed command printed, in characters. */
const END_CHARS = 2000;

/** Runs the project's own set-up commands, held as an agent's are but for the internet. Exit code 1 where one fails. */
export async function installPackages(desk: Desk, { setupCommands = [] }: TestSetup): Promise<number> {
  const { house, console, options } = desk;
  const { copies, workspace, shell } = house.ports;
  if (setupCommands.length === 0) {
    console.say('Nothing says how packages are installed here: no lock file of a package manager was found.');
    return 1;
  }
  const stop = new AbortController();
  const onStop = (): void => {
    stop.abort(new Error('Stopped.'));
  };
  process.on('SIGINT', onStop).on('SIGTERM', onStop);
  const { mode, readable } = options.sandbox;
  const install = async (root: string): Promise<boolean> => {
    const confined = { mode, network: 'all', writable: [root], readable } as const;
    for (const command of setupCommands) {
      console.say(`  ${command}`);
      const limits = { timeoutMs: COMMAND_MS_MAX, outputChars: OUTPUT_CHARS, label: 'packages' };
      const ran = await shell.run({ command, cwd: root, confined, ...limits }, stop.signal);
      if (ran.exitCode === 0) continue;
      console.say(`${ran.stdout}\n${ran.stderr}`.trim().slice(-END_CHARS));
      return false;
    }
    return true;
  };
  try {
    const { tree } = await copies.takeBase(await workspace.unsaved());
    const end = await house.prepare(tree, install);
    console.say(TOLD[end]);
    return end === 'failed' ? 1 : 0;
  } finally {
    process.off('SIGINT', onStop).off('SIGTERM', onStop);
  }
}

const TOLD = {
  made: 'Installed for these lock files. Working copies use it; your folder is as it was.',
  there: 'Already installed for these lock files.',
  failed: 'The packages could not be installed; nothing is kept of it.',
};
