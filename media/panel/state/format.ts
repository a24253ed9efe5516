/** Times, amounts and names as people read them. */
import { t } from '../texts.ts';

/** A duration such as `0.4s`, `42s`, `2m 05s`, `1h 12m`. */
export function duration(ms: number): string {
  if (ms < 1000) return t('{0}s', (Math.max(0, ms) / 1000).toFixed(1));
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return t('{0}s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0}m {1}s', minutes, String(seconds % 60).padStart(2, '0'));
  return t('{0}h {1}m', Math.floor(minutes / 60), String(minutes % 60).padStart(2, '0'));
}

/** A number of tokens such as `940`, `4.2k`, `1.3M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_500) return `${short(count / 1000)}k`;
  return `${short(count / 1_000_000)}M`;
}

const short = (value: number): string =>
  value < 10 ? value.toFixed(1).replace(/\.0$/, '') : value.toFixed(0);

/** US dollars. An unknown cost says so: it is never taken for zero. */
export function cost(usd: number | null): string {
  if (usd === null) return t('unknown');
  if (usd > 0 && usd < 0.01) return '<$0.01';
  return `$${usd.toFixed(2)}`;
}

/** The size of a text or file such as `640 B`, `3.2 KB`. */
export const bytes = (count: number): string =>
  count < 1000 ? t('{0} B', count) : t('{0} KB', short(count / 1000));

const UNITS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const;

/** The editor's display language, which the page says; the browser's own may be another. */
export const pageLanguage = (): string | undefined =>
  typeof document === 'undefined' ? undefined : document.documentElement.lang || undefined;

/** How long ago `at` was, seen from `now` (both milliseconds since 1970). */
export function ago(at: number, now: number, locale = pageLanguage()): string {
  const passedMs = Math.max(0, now - at);
  const fit = UNITS.find(({ ms }) => passedMs >= ms);
  if (fit === undefined) return t('just now');
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  return format.format(-Math.floor(passedMs / fit.ms), fit.unit);
}

/** A share of 1 such as `85%`, as the language writes it. */
export const percent = (share: number, locale = pageLanguage()): string =>
  new Intl.NumberFormat(locale, { style: 'percent' }).format(share);
