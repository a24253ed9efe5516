// `npm run test:crash`: kills a run on real files and git at every line of its journal.
import { join } from 'node:path';
import { leave, run } from './processes.mjs';
import { prepare, root } from './setup.mjs';

await prepare();
const file = join('test', 'scenarios', 'trust', 'kill.test.ts');
const { code } = await run(process.execPath, ['--import', './test/support/register.mjs', '--test', file], {
  cwd: root,
  show: true,
  env: { ...process.env, QUARTET_CRASH: 'all' },
});
await leave(code);
