/** Code in colours: found when there is time, long after it is read as plain text, and never in the way of what is still being written. */
import DOMPurify from 'dompurify';

/** Longer code stays as it is. */
const CHARS_MAX = 30_000;

/** Blocks whose colours are kept, so that what is scrolled back to is not plain first. */
const KEPT_MAX = 200;

/** How long code has to stay the same before it is coloured, in milliseconds. */
const STILL_MS = 150;

const kept = new Map<string, string>();
const nameOf = (text: string, language: string): string => `${language}\n${text}`;

/** The colours that were found before. */
export const knownColours = (text: string, language: string): string | undefined =>
  kept.get(nameOf(text, language));

/** Nothing but classed spans, around the very text. */
function checked(html: string, text: string): string | undefined {
  const clean = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: ['span'],
    ALLOWED_ATTR: ['class'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  if (clean.textContent !== text) return undefined;
  const holder = document.createElement('div');
  holder.append(clean);
  return holder.innerHTML;
}

async function colour(text: string, language: string): Promise<string | undefined> {
  const { colouredHtml } = await import('./languages.ts');
  const html = colouredHtml(text, language);
  const fine = html === undefined ? undefined : checked(html, text);
  if (fine === undefined) return undefined;
  if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? '');
  kept.set(nameOf(text, language), fine);
  return fine;
}

/** Finds the colours of code once it stays the same, and tells them as HTML that may be shown. What is returned takes the wish back. */
export function whenStill(text: string, language: string, found: (html: string) => void): () => void {
  if (language === '' || text.length > CHARS_MAX) return () => undefined;
  let wanted = true;
  const timer = setTimeout(() => {
    // Without colours code is as readable: a chunk that does not load is no error.
    colour(text, language).then(
      (html) => {
        if (wanted && html !== undefined) found(html);
      },
      () => undefined,
    );
  }, STILL_MS);
  return () => {
    wanted = false;
    clearTimeout(timer);
  };
}
