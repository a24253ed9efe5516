// The picture of the product where extensions are listed: its mark on a quiet ground that stands out from light pages and dark ones.
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import optimise, { init } from '@jsquash/oxipng/optimise.js';
import { ensureBrowser, launch } from '../browser.mjs';
import { root } from '../setup.mjs';

const ICONS = join(root, 'media', 'icons');

/** Pixels of a side: lists show half as many, twice as dense on good screens. */
const SIZE = 256;

/** Steps between the colours that are left, of which those below are. */
const STEP = 0x11;

const STYLE = `
  body { margin: 0; }
  svg { display: block; width: 100vw; height: 100vh; }
  svg { box-sizing: border-box; padding: 7%; background: #235; border-radius: 22%; }
  svg * { stroke: #eef; }
  /* One of the four, the last, is filled: what is proved. */
  svg > :last-child { stroke: #6d9; fill: #6d9; }
`;

/** Draws the mark as `media/icons/quartet.png`. */
export async function shootIcon() {
  const mark = await readFile(join(ICONS, 'quartet.svg'), 'utf8');
  const browser = await launch(await ensureBrowser(() => undefined));
  const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
  await page.setContent(`<!doctype html><style>${STYLE}</style>${mark}`);
  // What joins the four lies behind them.
  await page.locator('svg').evaluate((svg) => svg.prepend(svg.lastElementChild));
  const drawn = await page.screenshot({ omitBackground: true });
  const few = await page.evaluate(inBrowser, [drawn.toString('base64'), STEP]);
  await browser.close();
  const coder = createRequire(import.meta.url).resolve('@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm');
  await init(await WebAssembly.compile(await readFile(coder)));
  const png = await optimise(Buffer.from(few, 'base64'), { level: 6, optimiseAlpha: true });
  await writeFile(join(ICONS, 'quartet.png'), Buffer.from(png));
}

/** Leaves few colours where shapes meet: nobody sees the difference. */
async function inBrowser([base64, step]) {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawing = canvas.getContext('2d');
  drawing.drawImage(image, 0, 0);
  const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height);
  pixels.data.forEach((part, index) => (pixels.data[index] = Math.round(part / step) * step));
  drawing.putImageData(pixels, 0, 0);
  return canvas.toDataURL('image/png').split(',')[1];
}
