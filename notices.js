// What others wrote and the build carries along: their licences ask that their notices ship with it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences under which code may ship in ours. Whatever else a package comes under fails the build. */
const PERMISSIVE = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
  ...['BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Zlib'],
]);

/**
 * Whether an SPDX expression lets us ship: one side of each OR, both of each AND. Nothing else is understood, so nothing else passes.
 * @param {string} expression
 * @returns {boolean}
 */
export function isPermissive(expression) {
  const inner = /^\((.*)\)$/u.exec(expression.trim())?.[1] ?? expression.trim();
  if (/[()]/u.test(inner)) return false;
  return inner
    .split(/\s+OR\s+/u)
    .some((side) => side.split(/\s+AND\s+/u).every((one) => PERMISSIVE.has(one.trim())));
}

/**
 * Folders of the packages of which something stands in what was built.
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @returns {readonly string[]} in order, relative to the checkout
 */
export function packagesIn(outputs) {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(path)?.[1] ?? []);
  return [...new Set(folders)].sort();
}

const NOTICE_FILE = /^(?:licen[cs]e|copying|notice|copyright)(?:[-.](?:md|txt|mit|apache))?$/iu;
const CLAIM = /^[\s*#]*(?:copyright\s*(?:\(c\)|©|\d{4})|(?:\(c\)|©)\s*\d{4})/iu;

/** How to put the licence to work of one's own is no part of it. */
const APPENDIX = /^\s*END OF TERMS AND CONDITIONS[^]*/mu;

/** @typedef {{name: string, license: string, claims: readonly string[], text: string}} Notice */

/**
 * What a package says of itself. Throws where its licence is none under which it may ship.
 * @param {string} folder
 * @returns {Notice}
 */
export function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' || !isPermissive(license))
    throw new Error(
      `${name} ${version} may not be bundled: its licence is ${JSON.stringify(license)}. Use another package, or leave it out of the build.`,
    );
  const files = readdirSync(folder).filter((file) => NOTICE_FILE.test(file));
  const lines = files.flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/\r?\n/u));
  const by = typeof author === 'string' ? author : author?.name;
  return {
    name: `${name} ${version}`,
    license,
    claims: lines.some((line) => CLAIM.test(line))
      ? lines.filter((line) => CLAIM.test(line)).map((line) => line.replace(/^[\s*#]+/u, '').trim())
      : by === undefined
        ? []
        : [`By ${by}`],
    text: lines
      .filter((line) => !CLAIM.test(line))
      .join('\n')
      .replace(APPENDIX, '')
      .trim(),
  };
}

/** The same words are the same text, however they are broken into lines and whatever stands above them. */
const wordsOf = (/** @type {string} */ text) =>
  text
    .toLowerCase()
    .replace(/^\W*(?:the )?(?:mit|isc|bsd)[ \w-]*licen[cs]e(?:\W*\(mit\))?/u, '')
    .replace(/[^a-z0-9]+/gu, ' ')
    .trim();

/**
 * The file: packages under the same text stand together, so that each text is told once. A package without a text of its own stands with
 * others of its licence.
 * @param {readonly Notice[]} notices
 * @returns {string}
 */
export function noticesText(notices) {
  /** @type {Map<string, Notice[]>} */
  const groups = new Map();
  const keyOf = (/** @type {Notice} */ { text }) => createHash('sha256').update(wordsOf(text)).digest('hex');
  for (const notice of notices.filter(({ text }) => text !== ''))
    groups.set(keyOf(notice), [...(groups.get(keyOf(notice)) ?? []), notice]);
  for (const notice of notices.filter(({ text }) => text === '')) {
    const same = [...groups.values()].filter(([one]) => one?.license === notice.license);
    const largest = same.sort((one, other) => other.length - one.length)[0];
    if (largest === undefined) throw new Error(`${notice.name} comes without the text of ${notice.license}.`);
    largest.push(notice);
  }
  const rule = '-'.repeat(72);
  const parts = [...groups.values()].map((group) => {
    const named = group.flatMap(({ name, license, claims }) => [
      `${name} (${license})`,
      ...[...new Set(claims)].map((claim) => `    ${claim}`),
    ]);
    return [rule, ...named, '', group[0]?.text ?? ''].join('\n');
  });
  return `Quartet contains code of others, under the licences that follow.\n\n${parts.join('\n\n')}\n`;
}
