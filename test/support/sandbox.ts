/** Whether commands are held here, for tests that try to get out. */
import { createNodeShell } from '../../src/node/shell.ts';

const { by } = await createNodeShell().enforced({ mode: 'auto', network: 'local' });

/** For the options of a test: skips where nothing holds a command. */
export const WHERE_HELD = { skip: by === 'none' ? 'no sandbox' : false } as const;
