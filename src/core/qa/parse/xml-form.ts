/** Whether a text is one well-formed XML element, as far as a test report needs to know: nothing cut off, every tag closed. */

const PIECE =
  /<\?[^?]*(?:\?(?!>)[^?]*)*\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w:.-]+)((?:[^"'<>]|"[^"<]*"|'[^'<]*')*)>|[^<]+/y;

/** Declarations of a document type are not well-formed here. */
export function isWholeXml(xml: string): boolean {
  const open: string[] = [];
  let roots = 0;
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < xml.length) {
    const [piece, closing, name, rest] = PIECE.exec(xml) ?? [];
    if (piece === undefined) return false;
    if (name === undefined) {
      if (open.length === 0 && !/^\s*$|^<[?!]/.test(piece)) return false;
    } else if (closing === '/') {
      if (open.pop() !== name) return false;
    } else {
      if (open.length === 0) roots += 1;
      if (rest?.endsWith('/') !== true) open.push(name);
    }
  }
  return open.length === 0 && roots === 1;
}
