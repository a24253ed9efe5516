// A picture of a window as a small file: few colours, and no loss beyond that, so that letters stay sharp.

/** Colours that are left. The usual ones stay exactly as they are; what is between them takes the nearest. */
const COLOURS_MAX = 40;

/** Colours that are used most are kept however near they are to one another: what lies behind words differs in little. */
const USUAL = 14;

/** Colours that are nearer to one that is kept are told apart by nobody. */
const APART = 40;

/**
 * @param {import('playwright-core').BrowserContext} context a browser does the work
 * @param {Buffer} png
 * @returns {Promise<Buffer>}
 */
export async function toWebp(context, png) {
  const page = await context.newPage();
  const base64 = await page.evaluate(inBrowser, [png.toString('base64'), COLOURS_MAX, USUAL, APART]);
  await page.close();
  return pixelsOnly(Buffer.from(base64, 'base64'));
}

/** Without the colour profile that browsers put in: sRGB is what is taken where there is none. */
function pixelsOnly(webp) {
  const FIRST = 12;
  const HEAD = 8;
  for (let at = FIRST; at < webp.length;) {
    const size = webp.readUInt32LE(at + 4);
    const end = at + HEAD + size + (size % 2);
    if (webp.toString('latin1', at, at + 4) === 'VP8L') {
      const riff = Buffer.from('RIFF____WEBP', 'latin1');
      riff.writeUInt32LE(end - at + 4, 4);
      return Buffer.concat([riff, webp.subarray(at, end)]);
    }
    at = end;
  }
  throw new Error('This browser writes no WebP without loss.');
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
  drawing.putImageData(pixels, 0, 0);
  return canvas.toDataURL('image/webp', 1).split(',')[1];
}
