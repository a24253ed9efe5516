// `npm start`: a real VS Code with Quartet on a copy of the sample project. `--headless` does the main job by itself;
// `--theme=light|dark|high-contrast` takes its pictures in that theme, twice as sharp, for the documentation.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desktopEditor, launchLine } from './desktop-editor.mjs';
import { isLeaving, leave, onLeave, start } from './processes.mjs';
import { makeSample } from './sample.mjs';
import { fail, prepare, root, say } from './setup.mjs';

async function buildAll() {
  say('building');
  const { build } = await import('../../esbuild.js');
  await build();
}

async function headless() {
  const { openEditor } = await import('./editor.mjs');
  const { mainJob } = await import('./main-job.mjs');
  const { story } = await import('./story.mjs');
  const { themeSettings } = await import('./drive.mjs');
  const theme = process.argv.find((arg) => arg.startsWith('--theme='))?.slice('--theme='.length);
  if (theme !== undefined && !(theme in themeSettings))
    throw new Error(`--theme is one of ${Object.keys(themeSettings).join(', ')}.`);
  const look =
    theme === undefined
      ? {}
      : {
          scale: 2,
          settings: { 'workbench.colorTheme': themeSettings[theme] },
        };
  const group = theme === undefined ? 'start' : join('start', theme);
  const editor = await openEditor(look);
  const { lines, changed } = await mainJob(editor, { group, say: (text) => console.log(`[start] ${text}`) });
  console.log(`\nThe run's story\n${story(lines)}\n\nFiles changed\n${changed}`);
  console.log(`\nThe sample project's tests pass. Screenshots: ${join('.vscode-test', group)}`);
  await editor.close();
  await leave(0);
}

async function freshSample() {
  const scratch = await mkdtemp(join(tmpdir(), 'quartet-sample-'));
  onLeave(() => rm(scratch, { recursive: true, force: true }));
  const folder = join(scratch, 'sample');
  await makeSample(folder);
  return { scratch, folder };
}

async function onDesktop(executable) {
  const { scratch, folder } = await freshSample();
  const profile = [
    '--user-data-dir',
    join(scratch, 'profile'),
    '--extensions-dir',
    join(scratch, 'extensions'),
  ];
  const args = [...profile, '--new-window', '--wait', `--extensionDevelopmentPath=${root}`, folder];
  console.log(`\nOpening ${executable} on ${folder}. Close its window or press Ctrl-C to end.`);
  const { shell, ...line } = launchLine(executable, args);
  const editor = start(line.command, line.args, { stdio: 'inherit', shell });
  const { code, reason } = await editor.ended;
  if (code !== 0 && !isLeaving()) console.error(`VS Code ended with ${reason}.`);
  await leave(code === 0 ? 0 : 1);
}

/** Shows the address in the person's browser where there is a screen; printing it is what counts. */
function showInBrowser(url) {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const screen = process.platform === 'darwin' || DISPLAY !== undefined || WAYLAND_DISPLAY !== undefined;
  if (!screen || process.env.CI) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore' }).on('error', () => {});
}

async function inBrowser() {
  const { ensureServer, startServer } = await import('./vscode-server.mjs');
  const installed = await ensureServer(say);
  const { folder } = await freshSample();
  const server = await startServer({ folder: installed, automated: false, unpacked: [root] });
  const url = server.url({ folder });
  console.log(`\nVS Code with Quartet on ${folder}:\n\n  ${url}\n\nPress Ctrl-C to end.`);
  showInBrowser(url);
  await server.exited;
  throw new Error(`The VS Code server ended by itself:\n${server.output().slice(-2000)}`);
}

async function main() {
  await prepare();
  await buildAll();
  if (process.argv.includes('--headless')) return headless();
  const executable = desktopEditor();
  return executable === undefined ? inBrowser() : onDesktop(executable);
}

await main().catch(fail);
