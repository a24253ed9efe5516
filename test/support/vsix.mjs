// Packs the extension, installs the package into a VS Code without development flags, and does the main job in it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command, part, speak, until } from './drive.mjs';
import { openEditor } from './editor.mjs';
import { mainJob } from './main-job.mjs';
import { packVsix } from './package.mjs';
import { leave, onLeave } from './processes.mjs';
import { fail, prepare } from './setup.mjs';

async function main() {
  await prepare();
  const scratch = await mkdtemp(join(tmpdir(), 'quartet-vsix-'));
  onLeave(() => rm(scratch, { recursive: true, force: true }));
  const vsix = await packVsix(join(scratch, 'quartet.vsix'));
  const editor = await openEditor({ vsix });
  await mainJob(editor, { group: 'vsix', say: (text) => console.log(`[vsix] ${text}`) });
  // Words of the pages, and of what is loaded late, are packed otherwise than a checkout has them.
  await speak(editor.page, 'de');
  await command(editor.page, 'Quartet: Neues Ziel');
  const goal = await part(editor.page, 'goal-input');
  await until('the panel speaks German', async () =>
    /^Beschreibe die gewünschte Änderung/u.test((await goal.getAttribute('placeholder')) ?? ''),
  );
  await command(editor.page, 'Quartet: Lauf starten');
  await editor.page.getByPlaceholder('Was soll das Team erreichen?').waitFor({ timeout: 10_000 });
  await editor.close();
  await leave(0);
}

await main().catch(fail);
