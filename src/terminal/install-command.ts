/** Packages for working copies of a workspace that has none installed. */
import type { TestSetup } from '../core/qa/test-setup.ts';
import { installPackages } from '../core/run/gate/install.ts';
import type { Desk } from './run-commands.ts';

/** Runs the project's own set-up commands. Exit code 1 where one fails. */
export async function install({ house, console, options }: Desk, setup: TestSetup): Promise<number> {
  const stop = new AbortController();
  const onStop = (): void => {
    stop.abort(new Error('Stopped.'));
  };
  process.on('SIGINT', onStop).on('SIGTERM', onStop);
  try {
    const end = await installPackages(setup, {
      ...{ ports: house.ports, sandbox: options.sandbox, prepare: house.prepare, signal: stop.signal },
      began: (command) => {
        console.say(`  ${command}`);
      },
      failed: (output) => {
        console.say(output);
      },
    });
    console.say(TOLD[end]);
    return end === 'made' || end === 'there' ? 0 : 1;
  } finally {
    process.off('SIGINT', onStop).off('SIGTERM', onStop);
  }
}

const TOLD = {
  made: 'Installed for these lock files. Working copies use it; your folder is as it was.',
  there: 'Already installed for these lock files.',
  failed: 'The packages could not be installed; nothing is kept of it.',
  none: 'Nothing says how packages are installed here: no lock file of a package manager was found.',
};
