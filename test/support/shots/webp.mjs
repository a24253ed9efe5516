// A picture of a window as a small file: few colours, and no loss beyond that, so that letters stay sharp.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import encode, { init } from '@jsquash/webp/encode.js';

/** Colours that are left. The usual ones stay exactly as they are; what is between them takes the nearest. */
const COLOURS_MAX = 40;

/** Colours that are used most are kept however near they are to one another: what lies behind words differs in little. */
const USUAL = 14;

/** Colours that are nearer to one that is kept are told apart by nobody. */
const APART = 40;

/** As small as the format allows without loss; what a browser writes has a third more. */
const TIGHT = { lossless: 1, quality: 100, method: 6 };

/**
 * @param {import('playwright-core').BrowserContext} context a browser takes colours out
 * @param {Buffer} png
 * @returns {Promise<Buffer>}
 */
export async function toWebp(context, png) {
  const page = await context.newPage();
  const few = await page.evaluate(inBrowser, [png.toString('base64'), COLOURS_MAX, USUAL, APART]);
  await page.close();
  const coder = createRequire(import.meta.url).resolve('@jsquash/webp/codec/enc/webp_enc_simd.wasm');
  await init(await WebAssembly.compile(await readFile(coder)));
  return Buffer.from(await encode(few, TIGHT));
}

async function inBrowser([base64, most, usual, apart]) {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  const drawing = canvas.getContext('2d', { alpha: false });
  drawing.drawImage(image, 0, 0);
  const pixels = drawing.getImageData(0, 0, canvas.width, canvas.height);
  const words = new Uint32Array(pixels.data.buffer);

  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const partsOf = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
  const distance = (a, b) => {
    const [one, other] = [partsOf(a), partsOf(b)];
    return Math.hypot(...one.map((part, index) => part - other[index]));
  };
  const kept = [];
  for (const [word] of [...counts].sort(([, a], [, b]) => b - a)) {
    if (kept.length >= most) break;
    if (kept.every((each) => distance(each, word) >= (kept.length < usual ? 1 : apart))) kept.push(word);
  }
  const nearest = new Map();
  for (const word of counts.keys())
    nearest.set(
      word,
      kept.reduce((best, each) => (distance(each, word) < distance(best, word) ? each : best)),
    );
  words.forEach((word, index) => (words[index] = nearest.get(word)));
  const { data, width, height } = pixels;
  return { data, width, height };
}
