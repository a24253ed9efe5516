// `npm run shots [-- scene...]`: pictures of every state of the panel in a real VS Code with scripted models, in light, dark and both
// high contrasts, narrow and wide. They go to .vscode-test/shots, with a page (index.html) that shows them all. The scene `pages` has the
// states that no short run comes to, `readme` writes the picture of the README (media/screenshots), and `icon` that of lists of extensions.
import { mkdir } from 'node:fs/promises';
import { fail, prepare, root, say } from './setup.mjs';
import { leave } from './processes.mjs';

/** Scenes without an editor. */
const ALONE = {
  pages: async (folder) => {
    // Sources import roles, which are Markdown.
    await import('./register.mjs');
    await (await import('./shots/pages.ts')).shootPages(folder);
  },
  icon: async () => await (await import('./shots/icon.mjs')).shootIcon(),
};

/** Milliseconds that one scene may take. */
const SCENE_MS_MAX = 240_000;

function withLimit(name, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} takes too long.`)), SCENE_MS_MAX);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Plays the scenes of one editor in their order: later ones stand on earlier ones, so what is not wanted is only not pictured. */
async function play(studio, scenes, wanted) {
  const failed = [];
  const names = Object.keys(scenes);
  const last = wanted.length > 0 ? names.findLastIndex((name) => wanted.includes(name)) : names.length - 1;
  for (const [name, scene] of Object.entries(scenes).slice(0, last + 1)) {
    studio.muted = wanted.length > 0 && !wanted.includes(name);
    console.log(`[shots] ${name}`);
    await withLimit(name, scene(studio)).catch(async (error) => {
      failed.push(name);
      console.error(`[shots] ${name}: ${error.message}`);
      await studio.editor.picture(`failed-${name}`, 'shots').catch(() => {});
    });
  }
  return failed;
}

async function main() {
  await prepare();
  say('building');
  const { build } = await import('../../esbuild.js');
  await build();
  const { sessions } = await import('./shots/scenes.mjs');
  const { folder, openStudio, writeIndex } = await import('./shots/studio.mjs');
  const wanted = process.argv.slice(2);
  const known = [...sessions.flatMap(({ scenes }) => Object.keys(scenes)), ...Object.keys(ALONE)];
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no scene "${unknown.join(', ')}". There are: ${known.join(', ')}.`);

  await mkdir(folder, { recursive: true });
  for (const [name, shoot] of Object.entries(ALONE)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    console.log(`[shots] ${name}`);
    await shoot(folder);
  }
  const failed = [];
  for (const { open, scenes } of sessions) {
    if (wanted.length > 0 && !wanted.some((name) => name in scenes)) continue;
    const { options, end } = await open();
    const studio = await openStudio(options);
    failed.push(...(await play(studio, scenes, wanted)));
    await studio.editor.close();
    await end();
  }
  console.log(`\nPictures: ${await writeIndex(root)}`);
  if (failed.length > 0) throw new Error(`Without a picture: ${failed.join(', ')}.`);
  await leave(0);
}

await main().catch(fail);
