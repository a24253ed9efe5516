// How large what ships may be: whoever breaks a limit fails to pack.
import { statSync } from 'node:fs';

/** Bytes that a door or a page loads before it can be used: its own file and what that imports, but for what comes later. */
export const LOADED_MAX = {
  'dist/extension.cjs': 125_000,
  'dist/panel.js': 300_000,
  'dist/run-view.js': 100_000,
};

/** Bytes of the whole package: one megabyte, as the editor and its packer count them. */
export const VSIX_MAX = 1024 * 1024;

/**
 * Bytes of script that `output` loads at once.
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @param {string} output
 * @returns {number}
 */
export function loadedBytes(outputs, output) {
  /** @type {Set<string>} */
  const seen = new Set();
  const visit = (/** @type {string} */ path) => {
    if (seen.has(path) || outputs[path] === undefined) return;
    seen.add(path);
    for (const { path: next, kind } of outputs[path].imports) if (kind === 'import-statement') visit(next);
  };
  visit(output);
  return [...seen].reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
}

const kB = (bytes) => `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`;

/**
 * Throws where a door or a page loads more than it may.
 * @param {import('esbuild').Metafile['outputs']} outputs of a build for production
 */
export function checkLoaded(outputs) {
  const broken = Object.entries(LOADED_MAX).flatMap(([output, most]) => {
    const bytes = loadedBytes(outputs, output);
    if (bytes === 0) throw new Error(`${output} was not built.`);
    return bytes > most ? [`${output} loads ${kB(bytes)} at once, more than ${kB(most)}`] : [];
  });
  if (broken.length > 0) throw new Error(`${broken.join('; ')}: load later what is not needed at once.`);
}

/**
 * Throws where the package is larger than it may be.
 * @param {string} path of the package
 */
export function checkPackage(path) {
  const { size } = statSync(path);
  if (size > VSIX_MAX) throw new Error(`The package has ${kB(size)}, more than ${kB(VSIX_MAX)}.`);
}
