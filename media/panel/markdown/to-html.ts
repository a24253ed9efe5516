/** Markdown to HTML. Raw HTML shows as text, images as their description; links are judged when pressed. */
import { Marked, type Token, type Tokens } from 'marked';
import { parsePlace } from '../state/places.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML that shows it. */
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign);

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escapeHtml(text),
    image: ({ text, href }) => `<em>${escapeHtml(text || href)}</em>`,
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    codespan({ text }) {
      const code = `<code>${escapeHtml(text)}</code>`;
      return parsePlace(text) === undefined ? code : `<a href="${escapeHtml(text)}">${code}</a>`;
    },
  },
});

/** One top-level piece of a Markdown text. Pieces before the last do not change while a text grows. */
export type Block = Token;

/** The top-level pieces of `text`, blank ones left out. */
export const blocksOf = (text: string): readonly Block[] =>
  marked.lexer(text).filter(({ type }) => type !== 'space');

/** A fenced or indented block of code, which is shown with a copy button instead of as HTML. */
export const isCode = (block: Block): block is Tokens.Code => block.type === 'code';

/** The HTML of one piece, to be sanitised before it is shown. */
export const blockHtml = (block: Block): string => marked.parser([block]);
