/** The strings that the sources hand to `t`: what there is to translate, and what was written past it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { spokenIn } from './spoken.mjs';

const TOLD = ['patterns', 'failures', 'findings', 'gates', 'models', 'plans', 'records'].map(
  (what) => `src/protocol/told-${what}.ts`,
);
/** Rooms whose words are the editor's, and what other rooms say to whoever asks in their own language. The terminal speaks English. */
const ROOMS = [
  'src/editor',
  'src/extension.ts',
  ...TOLD,
  'src/protocol/told-permissions.ts',
  'src/protocol/told-whys.ts',
  'src/protocol/role-names.ts',
  'src/protocol/unreadable-text.ts',
  'src/core/run/handover/provenance.ts',
  'src/core/doctor',
  'media',
];
/** Whose `t` a source calls by its name alone: the editor's, or that of learnt words (src/editor/told.ts). Else it is handed in. */
const EDITORS = /\bconst \{ t \} = vscode\.l10n;$/mu;
const LEARNT = /^import \{ t\b.*told\.ts';$/mu;
/** Attributes that a person reads or hears. */
const SPOKEN = new Set(['title', 'placeholder', 'alt', 'label', 'aria-label', 'aria-description']);
const SPOKEN_TEXT = /\p{L}{2}/u;

const files = (root, room) =>
  /\.tsx?$/.test(room)
    ? [room]
    : readdirSync(join(root, room), { recursive: true })
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => `${room}/${name.replaceAll('\\', '/')}`)
        .sort();

function isTranslation(callee) {
  if (ts.isIdentifier(callee)) return callee.text === 't';
  return (
    ts.isPropertyAccessExpression(callee) &&
    callee.name.text === 't' &&
    callee.expression.getText().endsWith('l10n')
  );
}

/** A spoken attribute whose words are in the source. */
const fixedAttribute = (node) =>
  ts.isJsxAttribute(node) &&
  SPOKEN.has(node.name.getText()) &&
  node.initializer !== undefined &&
  ts.isStringLiteral(node.initializer) &&
  SPOKEN_TEXT.test(node.initializer.text);

const fixedText = (node) => ts.isJsxText(node) && SPOKEN_TEXT.test(node.text);

/**
 * Reads one source.
 * @param {string} file its name, for what is told of it
 * @param {string} text
 * @param {(text: string) => boolean} [isTold] whether a pattern of what is told fits
 * @returns {{ strings: string[], own: string[], faults: string[] }} `own`: those that the editor is asked for; `faults`: calls of `t`
 *   whose words are not in the source, and words of a page or of the editor's room that do not go through `t`
 */
export function stringsIn(file, text, isTold = () => false) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const strings = [];
  const faults = [];
  const own = [];
  const [isEditors, isLearnt] = [EDITORS.test(text), LEARNT.test(text)];
  const fault = (node, what) => {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    faults.push(`${file}:${line + 1}: ${what}: ${node.getText().trim().slice(0, 80)}`);
  };
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) {
      const [words] = node.arguments;
      if (words && ts.isStringLiteralLike(words)) {
        strings.push(words.text);
        if (isEditors || ts.isPropertyAccessExpression(node.expression)) own.push(words.text);
      } else fault(node, 'the first argument of t must be a literal');
      if (isLearnt && ts.isIdentifier(node.expression) && !ts.findAncestor(node, ts.isFunctionLike))
        fault(node, 'is said before it is learnt');
    }
    if (fixedText(node) || fixedAttribute(node)) fault(node, 'does not go through t');
    ts.forEachChild(node, visit);
  };
  visit(source);
  if (isLearnt && isEditors) fault(source, 'calls both the editor’s words and learnt ones t');
  if (/^src\/e/u.test(file))
    for (const node of spokenIn(source, isTranslation, isTold)) fault(node, 'does not go through l10n.t');
  return { strings, own, faults };
}

/** Whether a text, a part of it, or each of its sentences is one of the patterns, whatever is put in. */
function fitsAnyOf(patterns) {
  const plain = (text) => text.replace(/(?:\{\d?\})+/gu, '{}').replace(/^ | ?\{\}$/gu, '');
  const known = patterns.map(plain);
  const fits = (text) => known.some((pattern) => pattern.includes(plain(text)) && plain(text).length > 2);
  return (text) =>
    fits(text.trim()) || text.split(/(?<=[.!?]) (?=\p{Lu})/u).every((each) => fits(each.trim()));
}

/**
 * What `vscode.l10n.t` is asked for: words that are needed before others are learnt. Words of pages and records are not.
 * @param {string} root the checkout
 * @returns {Set<string>}
 */
export function editorStrings(root) {
  const own = ROOMS.filter((room) => room !== 'media').flatMap((room) => files(root, room));
  return new Set(own.flatMap((file) => stringsIn(file, readFileSync(join(root, file), 'utf8')).own));
}

/**
 * Reads the sources of the editor and of its pages.
 * @param {string} root the checkout
 * @returns {{ strings: string[], faults: string[] }} each string once, sorted
 */
export function collectStrings(root) {
  const isTold = fitsAnyOf(
    TOLD.flatMap((file) => stringsIn(file, readFileSync(join(root, file), 'utf8')).strings),
  );
  const read = ROOMS.flatMap((room) => files(root, room)).map((file) =>
    stringsIn(file, readFileSync(join(root, file), 'utf8'), isTold),
  );
  return {
    strings: [...new Set(read.flatMap(({ strings }) => strings))].sort(),
    faults: read.flatMap(({ faults }) => faults),
  };
}
