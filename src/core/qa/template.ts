/**
 * Command templates: `{reports}` is the run's report folder, `{reportsUrl}` the same as a file URL, `{filter}` what to narrow to,
 * `{files}` the files to narrow to, quoted and with spaces between, `{paths:FLAG}` the flag with a pattern for each of them, which fits
 * its name in any folder, `{names:FLAG,AROUND}` the flag with each name to narrow to, between these signs. Kept unfilled in records, so that they compare.
 */

export interface Places {
  /** Absolute folder. */
  readonly reports: string;
  readonly filter: string;
  readonly files?: readonly string[];
  readonly names?: readonly string[];
}

/** Puts the places in. In a shell command they stand between double quotes, and are escaped for them. */
export function fillIn(template: string, places: Places, into: 'shell' | 'plain' = 'shell'): string {
  const reports = places.reports.replaceAll('\\', '/').replace(/\/$/, '');
  const put = (text: string): string => (into === 'shell' ? text.replace(/["$`\\]/g, '\\$&') : text);
  const url = `file://${reports.startsWith('/') ? '' : '/'}${encodeURI(reports).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
  const texts: Readonly<Record<string, string>> = { reports, reportsUrl: url, filter: places.filter };
  // A path that begins like an option is none.
  const paths = (places.files ?? []).map((path) => `"${put(path.startsWith('-') ? `./${path}` : path)}"`);
  const named = patterns(places.files ?? []);
  const place = /\{(?:(reportsUrl|reports|filter|files)|paths:([^}]*)|names:([^},]*),([^}]*))\}/g;
  return template.replace(place, (_whole, ...parts: readonly (string | undefined)[]) => {
    const [name, flag, before = '', around = ''] = parts;
    if (name === 'files') return paths.join(' ');
    if (name !== undefined) return put(texts[name] ?? '');
    if (flag !== undefined) return named.map((pattern) => `${flag}"${put(pattern)}"`).join(' ');
    return (places.names ?? []).map((each) => `${before}"${around}${put(each)}${around}"`).join(' ');
  });
}

/** Where the runner looks from is its own affair, so only names count; what is special in patterns fits any one character. */
function patterns(paths: readonly string[]): readonly string[] {
  const names = paths.map((path) => path.slice(path.lastIndexOf('/') + 1));
  return [...new Set(names.map((name) => `**/${name.replace(/[[\](){}!*?+@|,\\]/g, '?')}`))];
}
