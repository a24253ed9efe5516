/** The second fence behind `toHtml`: what is not on the list does not reach the page. */
import DOMPurify from 'dompurify';
import { isWebLink, parsePlace, placeText } from '../state/places.ts';

const TAGS = [
  ...['p', 'br', 'hr', 'em', 'strong', 'del', 'code', 'pre', 'blockquote', 'a'],
  ...['ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** Lets web links and what may be a place in the project through; the rest never gets as far as the judgement below. */
const LINKS = /^(?:https?:|mailto:|[\w./@+-]+(?::\d+)*$)/i;

/** `html` with everything but plain text structure and harmless links removed. */
export function sanitise(html: string): string {
  const clean = DOMPurify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', 'title', 'start', 'align'],
    ALLOWED_URI_REGEXP: LINKS,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  for (const link of clean.querySelectorAll('a')) judge(link);
  const holder = document.createElement('div');
  holder.append(clean);
  return holder.innerHTML;
}

/** A link leads to the web, or to a place in the project (always written as a relative path), or nowhere. */
function judge(link: HTMLAnchorElement): void {
  const href = link.getAttribute('href') ?? '';
  const place = parsePlace(href);
  if (place !== undefined) link.setAttribute('href', `./${placeText(place.path, place.line)}`);
  else if (!isWebLink(href)) link.removeAttribute('href');
  if (link.hasAttribute('href')) link.title = href;
}
