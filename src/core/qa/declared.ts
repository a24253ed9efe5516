/** Where a test is written down, found in the text of its file. */

/** How test functions begin in languages that name them by identifiers. */
const DECLARES = String.raw`(?:def|func|fn|fun|void|it|test|public\s+\w+)\s+`;

/** The one-based line that declares a test or a suite of that name; `undefined` where the text does not say it. */
export function declaredAt(text: string, name: string): number | undefined {
  const plain = name.replace(/\[.*\]$/, '').replace(/\(.*\)$/, '');
  if (plain.trim() === '') return undefined;
  const lines = text.split('\n');
  const quoted = ["'", '"', '`'].map((quote) => `${quote}${escaped(plain, quote)}${quote}`);
  const inQuotes = lines.findIndex((line) => quoted.some((each) => line.includes(each)));
  if (inQuotes >= 0) return inQuotes + 1;
  if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(plain)) return undefined;
  const word = plain.replaceAll('$', String.raw`\$`);
  const declares = new RegExp(String.raw`(?:^|\s)(?:class\s+|${DECLARES})${word}\b`, 'u');
  const declared = lines.findIndex((line) => declares.test(line));
  return declared < 0 ? undefined : declared + 1;
}

const escaped = (name: string, quote: string): string =>
  name.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
