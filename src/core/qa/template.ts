/**
 * Command templates: `{reports}` is the run's report folder, `{reportsUrl}` the same as a file URL, `{filter}` what to narrow to.
 * Kept unfilled in records, so that they compare.
 */

export interface Places {
  /** Absolute folder. */
  readonly reports: string;
  readonly filter: string;
}

/** Puts the places in. In a shell command they stand between double quotes, and are escaped for them. */
export function fillIn(template: string, places: Places, into: 'shell' | 'plain' = 'shell'): string {
  const reports = places.reports.replaceAll('\\', '/').replace(/\/$/, '');
  const put = (text: string): string => (into === 'shell' ? text.replace(/["$`\\]/g, '\\$&') : text);
  const url = `file://${reports.startsWith('/') ? '' : '/'}${encodeURI(reports).replaceAll('#', '%23').replaceAll('?', '%3F')}`;
  const texts: Readonly<Record<string, string>> = { reports, reportsUrl: url, filter: places.filter };
  return template.replace(/\{(reportsUrl|reports|filter)\}/g, (_whole, place: string) =>
    put(texts[place] ?? ''),
  );
}
