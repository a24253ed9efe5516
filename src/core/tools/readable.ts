/** What a reader sees of a web page, as plain text with its headings, lists, code and the addresses of its links. */
import { Parser } from 'htmlparser2';
import { withoutReferences } from './references.ts';

/** Never shown, or no part of what the page says. */
const SKIPPED = new Set(
  'script style noscript template svg math canvas iframe object embed head nav footer aside form button select textarea dialog'.split(
    ' ',
  ),
);
const BLOCKS = new Set(
  'p div section article main header ul ol dl dt dd table tr blockquote figure figcaption details summary address hr h1 h2 h3 h4 h5 h6 pre li br'.split(
    ' ',
  ),
);
const LINKS_MAX = 100;

interface Reading {
  readonly out: string[];
  /** How many skipped, preformatted elements and the page's main part are open. */
  skipped: number;
  pre: number;
  main: number;
  /** Where the main part begins and ends in `out`. */
  mainFrom: number | undefined;
  mainTo: number | undefined;
  title: string;
  inTitle: boolean;
  href: string | undefined;
  readonly links: string[];
}

/** The readable text of `html`; links are numbered and listed at its end. `base` is the page's address. */
export function readableText(html: string, base: string): string {
  const reading: Reading = {
    out: [],
    skipped: 0,
    pre: 0,
    main: 0,
    mainFrom: undefined,
    mainTo: undefined,
    title: '',
    inTitle: false,
    href: undefined,
    links: [],
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => open(reading, name, read(attributes)),
      ontext: (text) => say(reading, withoutReferences(text)),
      onclosetag: (name) => close(reading, name, base),
    },
    // It brings a table of every name that there is, which the build leaves out.
    { decodeEntities: false },
  );
  parser.end(html);
  const body = tidy(reading.out.slice(reading.mainFrom ?? 0, reading.mainTo).join(''));
  const title = reading.title.replace(/\s+/gu, ' ').trim();
  const links = reading.links.map((link, index) => `[${String(index + 1)}] ${link}`);
  return [title === '' ? '' : `# ${title}`, body, links.length === 0 ? '' : `Links:\n${links.join('\n')}`]
    .filter((part) => part !== '')
    .join('\n\n');
}

const read = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, withoutReferences(value)]));

/** Text that a page hides from its readers is not for ours either. */
const isHidden = ({
  hidden,
  style = '',
  'aria-hidden': aria,
}: Readonly<Record<string, string | undefined>>): boolean =>
  hidden !== undefined ||
  aria === 'true' ||
  /(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]))/iu.test(style);

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

function open(reading: Reading, name: string, attributes: Readonly<Record<string, string>>): void {
  if (name === 'title' && reading.title === '') reading.inTitle = true;
  if (reading.skipped > 0 || SKIPPED.has(name) || isHidden(attributes)) {
    if (!VOID.has(name)) reading.skipped += 1;
    return;
  }
  if (name === 'main' || name === 'article') {
    reading.main += 1;
    reading.mainFrom ??= reading.out.length;
  }
  if (BLOCKS.has(name)) reading.out.push('\n');
  if (/^h[1-6]$/u.test(name)) reading.out.push(`\n${'#'.repeat(Number(name[1]))} `);
  if (name === 'li') reading.out.push('- ');
  if (name === 'td' || name === 'th') reading.out.push(' | ');
  if (name === 'pre') {
    reading.pre += 1;
    reading.out.push('```\n');
  }
  if (name === 'a') reading.href = attributes['href'];
}

function say(reading: Reading, text: string): void {
  if (reading.inTitle) reading.title += text.slice(0, 300);
  if (reading.skipped > 0) return;
  reading.out.push(reading.pre > 0 ? text : text.replace(/\s+/gu, ' '));
}

function close(reading: Reading, name: string, base: string): void {
  if (name === 'title') reading.inTitle = false;
  if (reading.skipped > 0) {
    if (!VOID.has(name)) reading.skipped -= 1;
    return;
  }
  if (name === 'pre' && reading.pre > 0) {
    reading.pre -= 1;
    reading.out.push('\n```');
  }
  if (name === 'a') link(reading, base);
  if (BLOCKS.has(name) && name !== 'br') reading.out.push('\n');
  if ((name === 'main' || name === 'article') && --reading.main === 0) reading.mainTo ??= reading.out.length;
}

function link(reading: Reading, base: string): void {
  const { href, links } = reading;
  reading.href = undefined;
  if (href === undefined || href.startsWith('#') || links.length >= LINKS_MAX) return;
  const url = URL.parse(href, base);
  if (!url || !/^https?:$/u.test(url.protocol)) return;
  const known = links.indexOf(url.href);
  if (known < 0) links.push(url.href);
  reading.out.push(`[${String(known < 0 ? links.length : known + 1)}]`);
}

const tidy = (text: string): string =>
  text
    .replace(/[ \t]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
